use infrastructure::db::Finding;

use super::error::Failure;
use super::say;
use super::tools::Tools;
use crate::config::Settings;

/// Prints a line for each violation: the rule, the id of the row, and the detail.
///
/// # Errors
/// [`Failure::Failed`] if a rule is violated, the schema is out of date, or the database does not answer.
pub(super) async fn run(settings: &Settings) -> Result<(), Failure> {
    let tools = Tools::of_any_currency(settings).await?;
    let mut findings = tools.database.examine().await?;
    if let Some(other) = tools.database.other_currency(tools.shop.currency).await? {
        let (subject, detail) = ("shop.currency".to_owned(), other.to_string());
        findings.insert(0, Finding { rule: "prices_are_in_the_currency_of_the_shop", subject, detail });
    }
    for finding in &findings {
        say(format_args!("{}  {}  {}", finding.rule, finding.subject, finding.detail));
    }
    tools.database.close().await;
    if findings.is_empty() {
        say("no problem found: checked stock with its movements, orders with lines, adjustments and history, uses of");
        say("promotions, restocks, carts, customers, accounts, and the search index");
        return Ok(());
    }
    Err(Failure::Failed(format!("problems found: {}, listed above", findings.len()).into()))
}
