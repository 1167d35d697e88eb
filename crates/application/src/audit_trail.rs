//! How a change gets into the audit log.

use domain::Uuid;
use domain::accounts::Account;
use domain::customers::Customer;
use domain::orders::Order;
use domain::products::Product;
use domain::restocks::Restock;
use domain::stock::{Movement, Stock};

use crate::{AuditEntry, Ctx, Error, Field, Tx};

/// Something whose changes are kept in the audit log.
pub trait Audited: Sync {
    /// The kind of thing.
    const RESOURCE: &'static str;

    /// Which of them.
    fn resource_id(&self) -> Uuid;

    /// What it is, field by field. Never a secret.
    fn fields(&self) -> Vec<Field>;
}

/// Every kind of thing of which the audit log tells.
pub const AUDITED: [&str; 6] =
    [Customer::RESOURCE, Account::RESOURCE, Product::RESOURCE, Stock::RESOURCE, Restock::RESOURCE, Order::RESOURCE];

/// Adds a change to the audit log if an administrator made it: the fields that differ.
pub async fn audit<T: Audited>(
    tx: &mut dyn Tx,
    ctx: &Ctx<'_>,
    action: &'static str,
    before: Option<&T>,
    after: Option<&T>,
) -> Result<(), Error> {
    let (Some(actor), Some(thing)) = (ctx.actor, after.or(before)) else { return Ok(()) };
    let (old, new) = (before.map(T::fields).unwrap_or_default(), after.map(T::fields).unwrap_or_default());
    let differing = |some: &[Field], others: &[Field]| -> Vec<(String, Option<String>)> {
        let differs = some.iter().filter(|field| !others.contains(field));
        differs.map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    };
    let entry = AuditEntry {
        id: ctx.ids.next(),
        actor: actor.clone(),
        action: action.to_owned(),
        resource: T::RESOURCE.to_owned(),
        resource_id: thing.resource_id(),
        before: differing(&old, &new),
        after: differing(&new, &old),
        at: ctx.now,
    };
    Ok(tx.audit().append(&entry).await?)
}

fn field(name: &'static str, value: &(impl ToString + ?Sized)) -> Field {
    (name, Some(value.to_string()))
}

fn optional(name: &'static str, value: Option<&impl ToString>) -> Field {
    (name, value.map(ToString::to_string))
}

impl Audited for Customer {
    const RESOURCE: &'static str = "customer";

    fn resource_id(&self) -> Uuid {
        self.id.0
    }

    fn fields(&self) -> Vec<Field> {
        vec![field("name", &self.name), field("email", self.email.as_str()), field("phone", self.phone.as_str())]
    }
}

impl Audited for Account {
    const RESOURCE: &'static str = "account";

    fn resource_id(&self) -> Uuid {
        self.id.0
    }

    /// A new password shows as a new token epoch.
    fn fields(&self) -> Vec<Field> {
        vec![
            optional("customer_id", self.customer_id.as_ref()),
            field("username", self.username.as_str()),
            field("role", self.role.as_str()),
            field("active", &self.active),
            field("token_epoch", &self.token_epoch),
        ]
    }
}

impl Audited for Product {
    const RESOURCE: &'static str = "product";

    fn resource_id(&self) -> Uuid {
        self.id.0
    }

    fn fields(&self) -> Vec<Field> {
        vec![
            optional("sku", self.sku.as_ref()),
            field("name", &self.name),
            optional("description", self.description.as_ref()),
            field("price", &self.price.amount()),
            field("status", self.status.as_str()),
        ]
    }
}

impl Audited for Stock {
    const RESOURCE: &'static str = "stock";

    fn resource_id(&self) -> Uuid {
        self.product_id.0
    }

    fn fields(&self) -> Vec<Field> {
        vec![field("restock_threshold", &self.restock_threshold), field("restock_target", &self.restock_target)]
    }
}

impl Audited for Movement {
    const RESOURCE: &'static str = "stock";

    fn resource_id(&self) -> Uuid {
        self.product_id.0
    }

    fn fields(&self) -> Vec<Field> {
        vec![
            field("quantity", &self.quantity),
            field("balance", &self.balance),
            optional("reason", self.reason.as_ref()),
        ]
    }
}

impl Audited for Restock {
    const RESOURCE: &'static str = "restock";

    fn resource_id(&self) -> Uuid {
        self.id.0
    }

    fn fields(&self) -> Vec<Field> {
        vec![
            field("product_id", &self.product_id),
            field("quantity", &self.quantity),
            field("status", self.status.as_str()),
        ]
    }
}

impl Audited for Order {
    const RESOURCE: &'static str = "order";

    fn resource_id(&self) -> Uuid {
        self.id.0
    }

    fn fields(&self) -> Vec<Field> {
        vec![field("status", self.status.as_str()), field("expected_delivery", &self.expected_delivery)]
    }
}
