use application::{LastFailure, LastRun};
use std::time::Duration;

use domain::catalogue::IndexState;
use maud::{Markup, html};

use super::{SECTION, heading};
use crate::host::{Setting, SettingValue};
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{grouped, time};
use crate::request::Staff;

/// What the server says of itself. The configuration decides it, and nothing of it is changed here.
pub(crate) async fn show(staff: &Staff) -> Answer {
    let about = &staff.office.about;
    let host = &staff.office.host;
    let (unready, database, index) = (host.unready().await, host.database().await, staff.office.counts.state().await);
    // The page says that the database does not answer, if it does not.
    let runs = staff.office.queries.task_runs.last().await.unwrap_or_default();
    let body = html! {
        (heading(staff, "System", &html! {}))
        dl.figures {
            div.card { dt { "Version" } dd { (about.version) } }
            div.card { dt { "Currency" } dd { (staff.office.shop.currency.code()) } }
            div.card { dt { "Time zone" } dd { (staff.office.calendar.zone()) } }
        }
        section.card {
            h2 { "Health" }
            div.in {
                dl.facts {
                    dt { "Server" } dd { @match unready { None => "Ready", Some(why) => strong { "Not ready. " (why) } } }
                    dt { "Database" } dd { (database.as_deref().unwrap_or("Unknown")) }
                    dt { "Index of products" } dd { (described(index)) }
                    dt { "Backups" }
                    dd {
                        @if about.has_database_server { "Those of the database server. This server does not know of them." }
                        @else { "Those that " code { "storekeeper backup" } " makes. This server does not know of them." }
                    }
                }
            }
        }
        (housekeeping(staff, &runs))
        h2 { "Configuration" }
        p.faint {
            "The file and the environment of the server decide these, and nothing of them is changed here. "
            code { "storekeeper check-config" } " prints the same. It is " (time(staff, staff.office.clock.now())) " here."
        }
        @for section in about.settings.chunk_by(|one, next| section(one) == section(next)) { (configured(section)) }
    };
    Ok(page(staff, SECTION, "System", &body))
}

/// What the index of products is doing, in words.
fn described(index: IndexState) -> String {
    match index {
        IndexState::Off => "Switched off: long lists are not counted".to_owned(),
        IndexState::NotMade => "Made as soon as somebody asks how many products a list has".to_owned(),
        IndexState::InTheMaking => "Is being made".to_owned(),
        IndexState::TooLarge => "Needs more memory than catalog.index_megabytes: long lists are not counted".to_owned(),
        IndexState::Ready { products, bytes } => {
            let kilobytes = grouped(&bytes.div_ceil(1024).to_string());
            format!("Ready: {} products in {kilobytes} KB", grouped(&products.to_string()))
        }
    }
}

/// How the tasks ran last that the servers do by themselves.
fn housekeeping(staff: &Staff, runs: &[LastRun]) -> Markup {
    html! {
        section.card {
            h2 { "Housekeeping" }
            @if runs.is_empty() {
                p.empty { "No task has run yet." }
            } @else {
                table {
                    thead { tr { th { "Task" } th { "Last run" } th.number { "Took" } th.number { "Done" } th { "Last failure" } } }
                    tbody {
                        @for LastRun { task, ended_at, took, done, failure } in runs {
                            tr {
                                td data-label="Task" { code { (task) } }
                                td data-label="Last run" { (time(staff, *ended_at)) }
                                td.number data-label="Took" { (seconds(*took)) }
                                td.number data-label="Done" { (grouped(&done.to_string())) }
                                td data-label="Last failure" {
                                    @match failure {
                                        Some(LastFailure { at, reason }) => { (time(staff, *at)) br; span.faint { (reason) } }
                                        None => { span.faint { "none" } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A time in seconds, with two digits.
fn seconds(time: Duration) -> String {
    let hundredths = time.as_millis().div_ceil(10);
    format!("{}.{:02} s", grouped(&(hundredths / 100).to_string()), hundredths % 100)
}

/// The section of a key, such as `shop` of `shop.name`.
fn section(setting: &Setting) -> &str {
    setting.key.split_once('.').map_or(setting.key, |(section, _)| section)
}

/// The keys of one section.
fn configured(settings: &[Setting]) -> Markup {
    html! {
        section.card {
            h3 { code { (settings.first().map_or("", section)) } }
            table {
                thead { tr { th { "Key" } th { "Value" } th { "Source" } } }
                tbody {
                    @for Setting { key, value, source, meaning } in settings {
                        tr {
                            td data-label="Key" { code { (key) } br; span.faint { (with_code(meaning)) } }
                            td data-label="Value" {
                                @match value {
                                    SettingValue::Text(value) => (value),
                                    SettingValue::Secret => span.faint { "set, and a secret" },
                                    SettingValue::Missing => span.faint { "not set" },
                                }
                            }
                            td data-label="Source" { span.faint { (source) } }
                        }
                    }
                }
            }
        }
    }
}

/// A text with code between backticks.
fn with_code(text: &str) -> Markup {
    html! {
        @for (place, part) in text.split('`').enumerate() {
            @if place % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_in_seconds_r245() {
        let shown = [0, 4, 1_500, 3_600_000].map(|time| seconds(Duration::from_millis(time)));
        assert_eq!(shown, ["0.00 s", "0.01 s", "1.50 s", "3,600.00 s"]);
    }

    #[test]
    fn what_a_key_means_is_shown_with_its_code_r245() {
        let shown = with_code("`none`; `smtp` to a <server>").into_string();
        assert_eq!(shown, "<code>none</code>; <code>smtp</code> to a &lt;server&gt;");
    }

    #[test]
    fn the_index_says_how_large_it_is_r245() {
        let ready = IndexState::Ready { products: 12_345, bytes: 2_000_000 };
        assert_eq!(described(ready), "Ready: 12,345 products in 1,954 KB");
        assert!(described(IndexState::TooLarge).contains("catalog.index_megabytes"));
    }
}
