use std::sync::{Arc, OnceLock};

use application::payments::{AcceptNotice, Payments, PaymentsParts};
use application::{Clock, Runner};
use domain::Uuid;
use domain::payments::{PaymentProvider, PaymentProviders, PaymentQueries, ProviderName};
use infrastructure::db::Database;
use infrastructure::outbound::payments::{
    CannotAct as NoAct, Deliver, Manual, Stripe, StripeConfig, TestAct, TestProvider,
};

use super::StartError;
use super::measured::Measured;
use super::runner::runner;
use crate::config::{PaymentSettings, Settings, StripeSettings};
use crate::context::{CannotAct, CustomerAct, TestCustomers};
use crate::housekeeping::DuePayments;

/// What the providers of payments are made of.
pub(super) struct Outside<'a> {
    pub database: &'a Database,
    pub runner: &'a Runner,
    pub queries: &'a Arc<dyn PaymentQueries>,
    pub clock: &'a Arc<dyn Clock>,
}

/// The payments of a shop with these settings, and who acts as the customer of test payments. Without a provider in the
/// settings there is none, and no client is made.
///
/// # Errors
/// If the client of a provider cannot be built.
pub(super) fn payments(
    settings: &PaymentSettings,
    outside: &Outside<'_>,
) -> Result<(Payments, Option<TestCustomers>), StartError> {
    let mut providers: Vec<Arc<dyn PaymentProvider>> = Vec::new();
    if let Some(stripe) = &settings.stripe {
        providers.push(Arc::new(Stripe::new(stripe_config(stripe, settings))?));
    }
    if let Some(transfer) = &settings.bank_transfer {
        let (name, instructions) = (transfer.name.clone(), transfer.instructions.clone());
        providers.push(Arc::new(Manual::bank_transfer(name, instructions, transfer.hold, outside.queries.clone())));
    }
    if settings.cash {
        providers.push(Arc::new(Manual::cash(settings.rules.hold, outside.queries.clone())));
    }
    let known = Arc::new(OnceLock::new());
    let test = settings.test.then(|| {
        let (books, hold) = (outside.database.test_payments(), settings.rules.hold);
        Arc::new(TestProvider::new(books, outside.clock.clone(), hold, deliver(known.clone(), outside.runner.clone())))
    });
    providers.extend(test.clone().map(|test| test as Arc<dyn PaymentProvider>));
    #[expect(clippy::disallowed_methods, reason = "identifies this process to other servers; no id of the shop")]
    let holder = Uuid::now_v7();
    let payments = Payments::new(PaymentsParts {
        runner: outside.runner.clone(),
        queries: outside.queries.clone(),
        providers: PaymentProviders::new(providers.into_iter().map(measured)),
        clock: outside.clock.clone(),
        settings: Arc::new(settings.rules.clone()),
        holder,
    });
    if test.is_some() {
        // It is set here alone.
        let _ = known.set(payments.clone());
    }
    Ok((payments, test.map(customers)))
}

/// The payments, with what tells that something is due of them.
pub(super) fn due(database: &Database, payments: Payments) -> DuePayments {
    let changes = database.changes();
    let due = Arc::new(move || {
        let changes = changes.clone();
        Box::pin(async move { changes.work_is_due().await }) as _
    });
    DuePayments { payments, due }
}

fn measured(provider: Arc<dyn PaymentProvider>) -> Arc<dyn PaymentProvider> {
    Arc::new(Measured(provider))
}

/// The payments of a shop, for commands that only ask providers.
///
/// # Errors
/// If the client of a provider cannot be built.
pub fn payments_on(database: &Database, settings: &Settings) -> Result<Payments, StartError> {
    let clock: Arc<dyn Clock> = Arc::new(database.clock());
    let queries = database.queries();
    let runner = runner(database, &queries, &clock, settings);
    let outside = Outside { database, runner: &runner, queries: &queries.payments, clock: &clock };
    Ok(payments(&settings.payments, &outside)?.0)
}

fn stripe_config(stripe: &StripeSettings, settings: &PaymentSettings) -> StripeConfig {
    StripeConfig {
        secret_key: stripe.secret_key.0.clone().into(),
        publishable_key: stripe.publishable_key.clone(),
        webhook_secrets: stripe.webhook_secrets.iter().map(|secret| secret.0.clone().into()).collect(),
        api_base: stripe.api_base.clone(),
        payment_method_types: stripe.payment_method_types.clone(),
        hold: settings.rules.hold,
    }
}

/// Takes notices of the test provider as the webhook does. `known` is set once there is somebody to process them.
fn deliver(known: Arc<OnceLock<Payments>>, runner: Runner) -> Deliver {
    Arc::new(move |notice| {
        let (known, runner) = (known.clone(), runner.clone());
        Box::pin(async move {
            let provider = ProviderName::from_trusted("test".to_owned());
            let done = match (runner.run(AcceptNotice { provider, notice, is_delivered: true }).await, known.get()) {
                (Ok(Some(notice)), Some(payments)) => payments.process(notice).await,
                (Ok(_), _) => Ok(()),
                (Err(error), _) => Err(error),
            };
            if let Err(error) = done {
                tracing::warn!(error = &error as &dyn std::error::Error, "a notice of the test provider was lost");
            }
        })
    })
}

fn customers(test: Arc<TestProvider>) -> TestCustomers {
    Arc::new(move |reference, act| {
        let test = test.clone();
        let act = match act {
            CustomerAct::Pay => TestAct::Pay,
            CustomerAct::Decline => TestAct::Decline,
            CustomerAct::Fail => TestAct::Fail,
        };
        Box::pin(async move {
            test.act(&reference, act).await.map_err(|refused| match refused {
                NoAct::Unknown => CannotAct::Unknown,
                NoAct::NotWaiting => CannotAct::NotWaiting,
                NoAct::Store(error) => CannotAct::Store(error),
            })
        })
    })
}
