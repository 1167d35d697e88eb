use async_trait::async_trait;
use domain::customers::{Customer, CustomerDetails, CustomerId};
use domain::events::Event;

use crate::audit_trail::audit;
use crate::events::append_event;
use crate::{Command, Ctx, Error, Tx};

/// Creates a customer without an account.
#[derive(Debug, Clone)]
pub struct CreateCustomer(pub CustomerDetails);

#[async_trait]
impl Command for CreateCustomer {
    type Output = Customer;
    const NAME: &'static str = "customers.create";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Customer, Error> {
        let customer = Customer::new(CustomerId(ctx.ids.next()), self.0.clone(), ctx.now);
        tx.customers().insert(&customer).await?;
        append_event(tx, ctx, Event::customer_created(&customer)).await?;
        audit(tx, ctx, Self::NAME, None, Some(&customer)).await?;
        Ok(customer)
    }
}
