use super::error::Failure;
use super::say;
use super::tools::Tools;
use crate::config::Settings;

/// Says what breaks a rule, a line each: the rule, what breaks it, and how.
pub(super) async fn run(settings: &Settings) -> Result<(), Failure> {
    let tools = Tools::prepared(settings).await?;
    let findings = tools.database.examine().await?;
    for finding in &findings {
        say(format_args!("{}  {}  {}", finding.rule, finding.subject, finding.detail));
    }
    tools.database.close().await;
    if findings.is_empty() {
        say(
            "no problem found: looked at stock and every movement of it, orders with their lines and history, restocks,",
        );
        say("carts, customers, accounts, and what products and customers are found by");
        return Ok(());
    }
    Err(Failure::Failed(format!("what is wrong, in {} lines, is above", findings.len()).into()))
}
