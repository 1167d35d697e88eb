//! The office can do nothing that the API cannot do.

use std::collections::{BTreeMap, BTreeSet};

use super::sources::{rust_files, top};

/// The sources of a folder without tests and blanks.
fn dense(folder: &str) -> Vec<String> {
    rust_files(folder).into_iter().map(|source| without_blanks(&source.production())).collect()
}

fn without_blanks(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// What stands after `mark` in the sources of a folder, as long as it is a word.
fn words(folder: &str, mark: &str) -> BTreeSet<String> {
    let is_of_word = |c: &char| c.is_alphanumeric() || matches!(c, '_' | '.' | ':' | '{' | ',' | '}');
    let of_text = |text: &String| {
        text.split(mark).skip(1).map(|rest| rest.chars().take_while(is_of_word).collect()).collect::<Vec<String>>()
    };
    dense(folder).iter().flat_map(of_text).collect()
}

/// The commands of the application that the sources of a folder name, by noun.
fn commands(folder: &str) -> BTreeSet<String> {
    let paths = words(folder, "useapplication::");
    let each = paths.iter().filter_map(|path| path.split_once("::")).flat_map(|(noun, names)| {
        let names = names.trim_matches(['{', '}']).split(',').map(str::to_owned).collect::<Vec<_>>();
        names.into_iter().map(move |name| format!("{noun}::{name}"))
    });
    each.collect()
}

/// The ports and their methods, such as `orders.list`, that are asked: by the field of `Queries`, by a variable that holds
/// the port, or by a parameter that is one.
fn queries(folder: &str) -> BTreeSet<String> {
    let fields = words(folder, "queries.").into_iter().filter(|word| word.matches('.').count() == 1);
    let ports = ports();
    fields.chain(dense(folder).iter().flat_map(|text| by_other_names(text, &ports))).collect()
}

/// The fields of `Queries`, by the names of their traits.
fn ports() -> BTreeMap<String, String> {
    let list = std::fs::read_to_string(top().join("crates/application/src/ports.rs")).unwrap();
    let port = |line: &str| {
        let (field, path) = line.trim().trim_end_matches(',').split_once(": ")?;
        let name = path.rsplit("::").next().filter(|name| name.ends_with("Queries"))?;
        Some((name.to_owned(), field.to_owned()))
    };
    let ports: BTreeMap<_, _> = list.lines().filter_map(port).collect();
    assert!(ports.len() > 30, "{ports:?}");
    ports
}

/// What a text without blanks asks of ports that have other names in it.
fn by_other_names(text: &str, ports: &BTreeMap<String, String>) -> Vec<String> {
    let is_of_name = |c: char| c.is_alphanumeric() || c == '_';
    let name_before = |text: &str| {
        let begin = text.rfind(|c| !is_of_name(c)).map_or(0, |place| place + 1);
        text[begin..].to_owned()
    };
    let mut names = BTreeSet::new();
    // `let orders = &staff.office.queries.orders;`
    for (place, mark) in text.match_indices("queries.") {
        let rest = &text[place + mark.len()..];
        let port: String = rest.chars().take_while(|c| is_of_name(*c)).collect();
        let statement = text[..place].rsplit([';', '{', '}']).next().unwrap_or_default();
        let ends = [";", ".clone();", ".as_ref();"].iter().any(|end| rest[port.len()..].starts_with(end));
        if let (true, Some((name, _))) =
            (ends, statement.strip_prefix("let").and_then(|rest| rest.split_once(['=', ':'])))
        {
            names.insert((name.to_owned(), port));
        }
    }
    // `orders: &dyn OrderQueries`, also in an `Arc`.
    for (place, mark) in text.match_indices("dyn") {
        let rest = &text[place + mark.len()..];
        let of_trait: String = rest.chars().take_while(|c| is_of_name(*c)).collect();
        let before = text[..place].trim_end_matches("Arc<").trim_end_matches('&');
        if let (Some(port), Some(before)) = (ports.get(&of_trait), before.strip_suffix(':')) {
            names.insert((name_before(before), port.clone()));
        }
    }
    let mut asked = Vec::new();
    for (name, port) in names {
        for (place, mark) in text.match_indices(&format!("{name}.")) {
            let method: String = text[place + mark.len()..].chars().take_while(|c| is_of_name(*c)).collect();
            let is_call = text[place + mark.len() + method.len()..].starts_with('(');
            if is_call && !text[..place].ends_with(is_of_name) {
                asked.push(format!("{port}.{method}"));
            }
        }
    }
    asked
}

#[test]
fn a_port_is_seen_by_the_name_of_a_variable_and_of_a_parameter_r235() {
    let text = "async fn one(staff: &Staff) { let kept = &staff.office.queries.orders; kept.list(1).await?; }
        async fn two(mails: &dyn MailQueries) { mails.list(2).await; unkept.clear(); }
        fn three(queries: &Queries) { queries.roles.all(); }";
    let seen = by_other_names(&without_blanks(text), &ports());
    assert_eq!(seen, ["orders.list", "mails.list"]);
}

/// What only the office has: its sessions.
const OWN: [&str; 3] = ["sessions::", "accounts::LoginAttempt", "accounts::Login"];

#[test]
fn pages_run_only_commands_that_the_api_runs_r235() {
    let (api, office) = (commands("crates/api/src"), commands("crates/office/src"));
    let more: Vec<_> = office.difference(&api).filter(|name| !OWN.iter().any(|own| name.starts_with(own))).collect();
    assert!(office.len() > 10, "{office:?}");
    assert!(more.is_empty(), "{more:?}");
}

#[test]
fn pages_ask_only_ports_that_the_api_asks_r235() {
    let (api, office) = (queries("crates/api/src"), queries("crates/office/src"));
    let more: Vec<_> =
        office.difference(&api).filter(|name| !name.starts_with("sessions.") && *name != "task_runs.last").collect();
    assert!(office.len() > 10, "{office:?}");
    assert!(office.contains("imports.codes"), "which the office asks by a variable: {office:?}");
    assert!(more.is_empty(), "{more:?}");
}

#[test]
fn only_icons_are_html_that_is_not_escaped_r237() {
    let raw: Vec<_> = rust_files("crates/office/src")
        .into_iter()
        .filter(|source| source.production().contains("PreEscaped"))
        .map(|source| source.path)
        .collect();
    assert_eq!(raw, ["crates/office/src/parts/icon.rs"]);
}
