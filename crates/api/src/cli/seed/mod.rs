//! Demo data of any size.

mod customers;
mod moment;
mod orders;
mod products;
mod shop;

use std::ops::RangeInclusive;

use clap::Args;
use domain::Invalid;

use super::error::Failure;
use super::say;
use super::tools::Tools;
use crate::config::Settings;

/// Rows created in one transaction.
const BATCH: u32 = 1000;

/// The largest number of products, customers or orders.
const MAX_COUNT: i64 = 10_000_000;

/// The arguments of `seed`.
#[derive(Args)]
pub(super) struct Seed {
    /// Number of products, each with stock and an SKU: DEMO-000001 and so on
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(..=MAX_COUNT))]
    products: u32,
    /// Number of customers, each with an account: customer1 and so on; their password is printed
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(..=MAX_COUNT))]
    customers: u32,
    /// Number of orders by these customers, in every status
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(..=MAX_COUNT))]
    orders: u32,
    /// Number of product groups, each of ten more products in sizes and colours, with categories, brands and a number:
    /// DEMO-G000001-SMALL-RED and so on
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=MAX_COUNT / 10))]
    groups: u32,
    /// Also zones, shipping methods, tax rates and promotions, orders that were priced with them, and product groups in
    /// sizes and colours: for an empty shop
    #[arg(long)]
    shop: bool,
    /// Also pictures of the product groups, drawn by the program: with --shop or --groups
    #[arg(long)]
    pictures: bool,
}

impl Seed {
    pub(super) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        if self.pictures && !self.shop && self.groups == 0 {
            return Err(Failure::Usage("--pictures is of product groups: give --shop or --groups, too".to_owned()));
        }
        let tools = Tools::writing(settings).await?;
        products::seed(&tools, self.products).await?;
        customers::seed(&tools, self.customers, settings.auth.bcrypt_cost).await?;
        orders::seed(&tools, &self).await?;
        Box::pin(shop::many::seed(&tools, settings, &self)).await?;
        if self.shop {
            Box::pin(shop::seed(&tools, settings, &self)).await?;
        }
        say(format_args!("done; customers log in with the password {}", customers::PASSWORD));
        tools.database.close().await;
        Ok(())
    }
}

/// Fills the database of `serve --demo`.
pub(super) async fn demo(tools: &Tools, settings: &Settings) -> Result<(), Failure> {
    let customers = shop::CUSTOMERS;
    customers::seed(tools, customers, settings.auth.bcrypt_cost).await?;
    shop::demo(tools, settings).await
}

/// The numbers from 1 to `all` in ranges of [`BATCH`].
fn batches(all: u32) -> impl Iterator<Item = RangeInclusive<u32>> {
    batches_of(BATCH, all)
}

/// The same in ranges of another size.
fn batches_of(size: u32, all: u32) -> impl Iterator<Item = RangeInclusive<u32>> {
    let step = usize::try_from(size).unwrap_or(1);
    (1..=all).step_by(step).map(move |first| first..=all.min(first.saturating_add(size - 1)))
}

impl From<Invalid> for Failure {
    fn from(invalid: Invalid) -> Self {
        Self::Usage(format!("the numbers are too large for the demo data: {invalid}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_cover_every_number_r78() {
        let ends = |all| batches(all).map(RangeInclusive::into_inner).collect::<Vec<_>>();
        assert_eq!(ends(0), []);
        assert_eq!(ends(1), [(1, 1)]);
        assert_eq!(ends(2001), [(1, 1000), (1001, 2000), (2001, 2001)]);
    }
}
