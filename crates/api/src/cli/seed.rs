use application::accounts::Register;
use application::orders::PlaceOrder;
use application::products::CreateProduct;
use application::{Command, Conflict, Error};
use clap::Args;
use domain::accounts::{Password, Username};
use domain::carts::Quantity;
use domain::customers::{CustomerDetails, CustomerId, CustomerName, EmailAddress, PhoneNumber};
use domain::orders::{Items, Placement};
use domain::products::{
    Description, ProductDetails, ProductFilter, ProductId, ProductName, ProductSort, ProductStatus, Sku,
};
use domain::stock::InitialStock;
use domain::{Invalid, Limit, PageRequest, Price};

use super::error::Failure;
use super::say;
use crate::config::Settings;
use crate::wiring::{self, Wired};

/// The password of every demo customer.
const PASSWORD: &str = "storekeeper-demo";
/// How often progress is shown.
const STEP: u32 = 1000;

/// How much demo data there shall be. The same numbers give the same data; what is there already stays.
#[derive(Args)]
pub(super) struct Seed {
    /// Products, each with stock, called DEMO-000001 and so on
    #[arg(long, value_name = "N", default_value_t = 50)]
    products: u32,
    /// Customers with an account, called customer1 and so on; the password is printed
    #[arg(long, value_name = "N", default_value_t = 10)]
    customers: u32,
    /// Orders of these customers
    #[arg(long, value_name = "N", default_value_t = 20)]
    orders: u32,
}

impl Seed {
    pub(super) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let wired = wiring::wire(settings).await?;
        wired.database.migrate_up().await?;
        self.products(&wired).await?;
        self.customers(&wired).await?;
        self.orders(&wired).await?;
        say(format_args!("done; customers log in with the password {PASSWORD}"));
        wired.database.close().await;
        Ok(())
    }

    async fn products(&self, wired: &Wired) -> Result<(), Failure> {
        let mut progress = Progress::of("products", self.products);
        for n in 1..=self.products {
            progress.count(run(wired, product(n)?).await?);
        }
        progress.finish();
        Ok(())
    }

    async fn customers(&self, wired: &Wired) -> Result<(), Failure> {
        let password_hash = wired.state.hasher.hash(&Password::parse(PASSWORD)?).await?;
        let mut progress = Progress::of("customers", self.customers);
        for n in 1..=self.customers {
            let register =
                Register { customer: customer(n)?, username: username(n)?, password_hash: password_hash.clone() };
            progress.count(run(wired, register).await?);
        }
        progress.finish();
        Ok(())
    }

    async fn orders(&self, wired: &Wired) -> Result<(), Failure> {
        let mut progress = Progress::of("orders", self.orders);
        let (products, customers) = (known_products(wired).await?, self.known_customers(wired).await?);
        for n in 0..self.orders {
            let Some(order) = order(n, &products, &customers)? else { break };
            progress.count(run(wired, order).await?);
        }
        progress.finish();
        Ok(())
    }

    async fn known_customers(&self, wired: &Wired) -> Result<Vec<CustomerId>, Failure> {
        let mut found = Vec::new();
        for n in 1..=self.customers {
            let account = wired.state.accounts.by_username(&username(n)?).await?;
            found.extend(account.and_then(|account| account.customer_id));
        }
        Ok(found)
    }
}

/// The first products that are for sale.
async fn known_products(wired: &Wired) -> Result<Vec<ProductId>, Failure> {
    let filter = ProductFilter { status: Some(ProductStatus::Active), ..ProductFilter::default() };
    let page = PageRequest { limit: Limit::parse(Limit::MAX)?, after: None };
    let page = wired.state.products.list(&filter, ProductSort::default(), &page).await?;
    Ok(page.items.into_iter().map(|view| view.product.id).collect())
}

/// Runs a command; false if what it would make is there already, or cannot be had any more.
async fn run<C>(wired: &Wired, command: C) -> Result<bool, Failure>
where
    C: Command + 'static,
    C::Output: 'static,
{
    match wired.state.runner.run(command).await {
        Ok(_) => Ok(true),
        Err(Error::Conflict(Conflict::Duplicate(_) | Conflict::Lines(_))) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn product(n: u32) -> Result<CreateProduct, Invalid> {
    const KINDS: [&str; 8] = ["Lamp", "Chair", "Table", "Kettle", "Rug", "Shelf", "Clock", "Vase"];
    const LOOKS: [&str; 7] = ["Oak", "Walnut", "Steel", "Linen", "Glass", "Copper", "Slate"];
    let pick = |names: &[&'static str]| names.iter().cycle().nth(n as usize % names.len()).copied().unwrap_or_default();
    let (kind, look) = (pick(&KINDS), pick(&LOOKS));
    let details = ProductDetails {
        name: ProductName::parse(&format!("{look} {kind} {n}"))?,
        price: Price::parse(499 + i64::from(n) * 7919 % 50_000)?,
        sku: Some(Sku::parse(&format!("DEMO-{n:06}"))?),
        description: Some(Description::parse(&format!(
            "A {} of {}, number {n} of the demo catalogue.",
            kind.to_lowercase(),
            look.to_lowercase()
        ))?),
    };
    Ok(CreateProduct { details, initial_stock: InitialStock::parse(500 + i64::from(n) * 37 % 500)? })
}

fn username(n: u32) -> Result<Username, Invalid> {
    Username::parse(&format!("customer{n}"))
}

fn customer(n: u32) -> Result<CustomerDetails, Invalid> {
    Ok(CustomerDetails {
        name: CustomerName::parse(&format!("Demo Customer {n}"))?,
        email: EmailAddress::parse(&format!("customer{n}@demo.example"))?,
        phone: PhoneNumber::parse(&format!("+1415{n:08}"))?,
    })
}

/// The `n`th order: one to three products, one to three of each. `None` if there is nobody to buy, or nothing.
fn order(n: u32, products: &[ProductId], customers: &[CustomerId]) -> Result<Option<PlaceOrder>, Invalid> {
    let n = n as usize;
    let Some(customer_id) = customers.iter().cycle().nth(n % customers.len().max(1)).copied() else { return Ok(None) };
    let some = products.iter().cycle().skip(n * 7 % products.len().max(1)).take((1 + n % 3).min(products.len()));
    let units = Quantity::parse(1 + i64::from(u8::try_from(n % 3).unwrap_or_default()))?;
    let items = Items::parse(some.map(|id| (*id, units)).collect()).ok();
    let placement = Placement { customer_id, shipping_address: None, note: None };
    Ok(items.map(|items| PlaceOrder { placement, items: Some(items) }))
}

struct Progress {
    what: &'static str,
    all: u32,
    seen: u32,
    made: u32,
}

impl Progress {
    fn of(what: &'static str, all: u32) -> Self {
        Self { what, all, seen: 0, made: 0 }
    }

    fn count(&mut self, made: bool) {
        self.seen += 1;
        self.made += u32::from(made);
        if self.seen.is_multiple_of(STEP) && self.seen < self.all {
            say(format_args!("{}: {} of {}", self.what, self.seen, self.all));
        }
    }

    fn finish(&self) {
        say(format_args!("{}: {} made, {} there before or refused", self.what, self.made, self.all - self.made));
    }
}

impl From<Invalid> for Failure {
    fn from(invalid: Invalid) -> Self {
        Self::Usage(format!("these numbers are too large for the demo data: {invalid}"))
    }
}
