use std::collections::BTreeSet;

use application::media::MediaFinding;
use application::payments::{Comparison, Payments};
use clap::Args;
use domain::Uuid;
use domain::payments::{Payment, PaymentId};
use infrastructure::db::Finding;

use super::error::Failure;
use super::tools::Tools;
use super::{hint, say};
use crate::config::Settings;
use crate::wiring;

/// The payments that are compared before the next ones are read.
const BATCH: u64 = 100;

#[derive(Args)]
pub(super) struct Doctor {
    /// Ask the providers for every payment, too
    #[arg(long)]
    payments: bool,
    /// Compare pictures with their files, too
    #[arg(long)]
    media: bool,
    /// Compare only payments after this one, to go on where a run has ended
    #[arg(long, value_name = "PAYMENT", requires = "payments")]
    after: Option<Uuid>,
}

impl Doctor {
    /// Prints a line for each violation: the rule, the id of the row, and the detail.
    ///
    /// # Errors
    /// [`Failure::Failed`] if a rule is violated, a provider was not able to answer, the schema is out of date, or the
    /// database does not answer.
    pub async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let tools = Tools::of_any_currency(settings).await?;
        let mut findings = tools.database.examine().await?;
        if let Some(other) = tools.database.other_currency(tools.shop.currency).await? {
            let (subject, detail) = ("shop.currency".to_owned(), other.to_string());
            findings.insert(0, Finding { rule: "prices_are_in_the_currency_of_the_shop", subject, detail });
        }
        findings.iter().for_each(print);
        let compared = if self.payments {
            let payments = wiring::payments_on(&tools.database, settings)?;
            Some(compare(&payments, self.after.map(PaymentId)).await?)
        } else {
            None
        };
        let media = if self.media { Some(compare_media(&tools, settings).await?) } else { None };
        tools.database.close().await;
        let found = findings.len() + compared.as_ref().map_or(0, |compared| compared.found);
        let found = found + media.map_or(0, |(found, _)| found);
        if found > 0 {
            let rest = compared.map(|compared| compared.rest).unwrap_or_default();
            return Err(Failure::Failed(format!("problems found: {found}, listed above{rest}").into()));
        }
        say("no problem found: checked stock with its movements, orders with lines, adjustments and history, uses of");
        say("promotions, restocks, carts, customers, accounts, and the search index");
        if let Some((_, pictures)) = media {
            say(format_args!("pictures compared with their files: {pictures}"));
        }
        if let Some(Compared { asked, names, .. }) = compared {
            let names = if names.is_empty() { String::from("nobody") } else { Vec::from_iter(names).join(", ") };
            say(format_args!("payments compared with what their providers say: {asked}, of {names}"));
        }
        Ok(())
    }
}

/// Compares pictures with their files. Returns how many problems there are, and how many pictures.
async fn compare_media(tools: &Tools, settings: &Settings) -> Result<(usize, u64), Failure> {
    let (findings, pictures) = wiring::pictures_on(&tools.database, settings)?.examine().await?;
    for finding in &findings {
        let (rule, subject, detail) = match finding {
            MediaFinding::Missing(id, key) => ("a_picture_has_its_files", id.to_string(), format!("{key} is missing")),
            MediaFinding::Orphan(key) => ("a_file_has_a_picture", key.clone(), "no picture has it".to_owned()),
        };
        print(&Finding { rule, subject, detail });
    }
    Ok((findings.len(), pictures))
}

fn print(Finding { rule, subject, detail }: &Finding) {
    say(format_args!("{rule}  {subject}  {detail}"));
}

/// What came of asking the providers.
#[derive(Default)]
struct Compared {
    /// The payments whose providers answered.
    asked: u64,
    /// Their providers.
    names: BTreeSet<String>,
    /// The lines that were printed.
    found: usize,
    /// What to do about payments that were not asked for; empty if there are none.
    rest: String,
}

/// Asks for all payments. Ends when no provider has answered for a whole batch.
async fn compare(payments: &Payments, mut after: Option<PaymentId>) -> Result<Compared, Failure> {
    let mut compared = Compared::default();
    loop {
        let batch = payments.compare(after, BATCH).await?;
        let asked = compared.asked;
        for (payment, comparison) in &batch {
            compared.take(payment, comparison);
        }
        if u64::try_from(batch.len()).is_ok_and(|found| found < BATCH) {
            return Ok(compared);
        }
        if compared.asked == asked && batch.iter().any(|(payment, _)| payment.kind.is_online()) {
            let again = after.map_or(String::new(), |after| format!(" with --after {after}"));
            compared.rest = format!("; no provider answers, so the rest is not compared: run it again{again}");
            return Ok(compared);
        }
        after = batch.last().map(|(payment, _)| payment.id).or(after);
        if let Some(after) = after {
            hint(format_args!("payments compared up to {after}"));
        }
    }
}

impl Compared {
    fn take(&mut self, payment: &Payment, comparison: &Comparison) {
        let Payment { id, provider, reference, .. } = payment;
        let reference = reference.as_ref().map_or("", |reference| reference.as_str());
        let found = match comparison {
            Comparison::Same => vec![],
            Comparison::Differs(found) => {
                found.iter().map(|one| (one.rule(), format!("{provider} {reference}: {one}"))).collect()
            }
            Comparison::NotAsked(error) => {
                let (code, text) = (error.code.as_str(), error.text.as_str());
                vec![("the_provider_answers", format!("{provider} {reference}: not compared: {text} ({code})"))]
            }
        };
        if payment.kind.is_online() && !matches!(comparison, Comparison::NotAsked(_)) {
            self.asked += 1;
            self.names.insert(provider.to_string());
        }
        self.found += found.len();
        for (rule, detail) in found {
            print(&Finding { rule, subject: id.to_string(), detail });
        }
    }
}
