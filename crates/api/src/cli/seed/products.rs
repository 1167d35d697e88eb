use std::collections::HashSet;

use domain::products::{Description, Product, ProductDetails, ProductId, ProductName, Sku};
use domain::stock::{InitialStock, Stock};
use domain::{Invalid, Price};

use super::{batches, moment};
use crate::cli::error::Failure;
use crate::cli::progress::Progress;
use crate::cli::tools::Tools;

const KINDS: [&str; 8] = ["Lamp", "Chair", "Table", "Kettle", "Rug", "Shelf", "Clock", "Vase"];
const LOOKS: [&str; 7] = ["Oak", "Walnut", "Steel", "Linen", "Glass", "Copper", "Slate"];

pub(super) async fn seed(tools: &Tools, all: u32) -> Result<(), Failure> {
    let progress = Progress::of("products", all.into());
    let mut made = 0;
    for batch in batches(all) {
        let mut some = batch.map(product).collect::<Result<Vec<_>, _>>()?;
        let count = some.len();
        let skus: Vec<_> = some.iter().filter_map(|(product, _)| product.sku.clone()).collect();
        let there = tools.database.products_by_sku(&skus).await?;
        let there: HashSet<_> = there.into_iter().filter_map(|(product, _)| product.sku).collect();
        some.retain(|(product, _)| product.sku.as_ref().is_some_and(|sku| !there.contains(sku)));
        tools.database.bulk_products(&some).await?;
        made += some.len();
        progress.add(count);
    }
    progress.finish();
    tools.say(format_args!("products: {made} created, {} already existed", u64::from(all).saturating_sub(made as u64)));
    Ok(())
}

pub(super) fn sku(n: u32) -> Result<Sku, Invalid> {
    Sku::parse(&format!("DEMO-{n:06}"))
}

fn product(n: u32) -> Result<(Product, Stock), Invalid> {
    let pick = |names: &[&'static str]| names.get(n as usize % names.len()).copied().unwrap_or_default();
    let (kind, look) = (pick(&KINDS), pick(&LOOKS));
    let about = format!("A {} of {}, number {n} of the demo catalogue.", kind.to_lowercase(), look.to_lowercase());
    let price = Price::parse(499 + i64::from(n) * 7919 % 50_000)?;
    let details = ProductDetails {
        sku: Some(sku(n)?),
        description: Some(Description::parse(&about)?),
        ..ProductDetails::new(ProductName::parse(&format!("{look} {kind} {n}"))?, price)
    };
    let on_hand = InitialStock::parse(500 + i64::from(n) * 37 % 500)?;
    let at = moment::made(n);
    let product = Product::new(ProductId(moment::new_id(at)), details, at);
    let stock = Stock::new(product.id, on_hand.get(), at);
    Ok((product, stock))
}
