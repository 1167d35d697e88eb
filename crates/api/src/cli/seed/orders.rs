use std::collections::{BTreeSet, HashMap, HashSet};

use domain::carts::Line;
use domain::customers::CustomerId;
use domain::orders::{Order, OrderId, OrderStatus, Placement};
use domain::products::{Offer, Sku};
use domain::{Invalid, Quantity};
use time::Duration;

use super::{Seed, batches, customers, moment, products};
use crate::cli::error::Failure;
use crate::cli::progress::Progress;
use crate::cli::tools::Tools;

pub(super) async fn seed(tools: &Tools, wanted: &Seed) -> Result<(), Failure> {
    let customers = customers::known(tools, wanted.customers).await?;
    let progress = Progress::of("orders", wanted.orders.into());
    let (mut made, mut before) = (0, 0);
    for batch in batches(wanted.orders) {
        let numbers: Vec<_> = batch.collect();
        let ids: Vec<_> = numbers.iter().map(|n| id(*n)).collect();
        let there: HashSet<_> = tools.database.known_orders(&ids).await?.into_iter().collect();
        let new: Vec<_> = numbers.iter().copied().filter(|n| !there.contains(&id(*n))).collect();
        let mut shelf = Shelf::of(tools, wanted.products, &new).await?;
        let orders = new.iter().map(|n| shelf.order(*n, &customers)).collect::<Result<Vec<_>, _>>()?;
        let orders: Vec<_> = orders.into_iter().flatten().collect();
        tools.database.bulk_orders(&orders).await?;
        made += orders.len();
        before += there.len();
        progress.add(numbers.len());
    }
    progress.finish();
    let short = (wanted.orders as usize).saturating_sub(made + before);
    let short = if short == 0 { String::new() } else { format!(", {short} skipped: not enough stock, or no customer") };
    tools.say(format_args!("orders: {made} created, {before} already existed{short}"));
    Ok(())
}

fn id(n: u32) -> OrderId {
    OrderId(moment::nth_id(moment::ordered(n), n))
}

/// The numbers of the products in the `n`th order: one to three different ones.
fn picks(n: u32, products: u32) -> BTreeSet<u32> {
    let pick = |k: u32| {
        let far = u64::from(n) * 7919 + u64::from(k) * 104_729;
        u32::try_from(far.checked_rem(products.into())? + 1).ok()
    };
    (0..=n % 3).filter_map(pick).collect()
}

/// The offers of the products in a batch of orders, with their remaining stock.
struct Shelf<'a> {
    tools: &'a Tools,
    products: u32,
    offers: HashMap<Sku, Offer>,
}

impl<'a> Shelf<'a> {
    async fn of(tools: &'a Tools, products: u32, orders: &[u32]) -> Result<Self, Failure> {
        let picked: BTreeSet<_> = orders.iter().flat_map(|n| picks(*n, products)).collect();
        let skus = picked.into_iter().map(products::sku).collect::<Result<Vec<_>, _>>()?;
        let found = tools.database.products_by_sku(&skus).await?;
        let offers = found.into_iter().filter_map(|(product, on_hand)| {
            let offer = Offer {
                product_id: product.id,
                sku: product.sku.clone(),
                name: product.name,
                price: product.price,
                status: product.status,
                on_hand,
                restock_threshold: 0,
                tax_and_shipping: product.tax_and_shipping,
            };
            Some((product.sku?, offer))
        });
        Ok(Self { tools, products, offers: offers.collect() })
    }

    /// The `n`th order, one to three units of each product. `None` without a customer or with too little stock.
    fn order(&mut self, n: u32, customers: &[CustomerId]) -> Result<Option<Order>, Invalid> {
        let buyer = (n as usize).checked_rem(customers.len()).and_then(|place| customers.get(place)).copied();
        let lines = self.lines(n)?;
        let (Some(customer_id), false) = (buyer, lines.is_empty()) else { return Ok(None) };
        let placement = Placement { customer_id, shipping_address: None, note: None };
        let Ok(order) = Order::place(id(n), placement, &lines, self.tools.shop, moment::ordered(n)) else {
            return Ok(None);
        };
        let order = further(order, n);
        if order.status != OrderStatus::Cancelled {
            self.take(&order);
        }
        Ok(Some(order))
    }

    fn lines(&self, n: u32) -> Result<Vec<Line>, Invalid> {
        let quantity = Quantity::parse(1 + i64::from(n / 3 % 3))?;
        let skus = picks(n, self.products).into_iter().map(products::sku).collect::<Result<Vec<_>, _>>()?;
        let offers = skus.iter().filter_map(|sku| self.offers.get(sku));
        let line = |offer: &Offer| Line { product_id: offer.product_id, quantity, offer: Some(offer.clone()) };
        let mut lines: Vec<_> = offers.map(line).collect();
        lines.sort_unstable_by_key(|line| line.product_id);
        Ok(lines)
    }

    fn take(&mut self, order: &Order) {
        for line in &order.lines {
            if let Some(offer) = line.sku.as_ref().and_then(|sku| self.offers.get_mut(sku)) {
                offer.on_hand -= line.quantity.get();
            }
        }
    }
}

/// The steps of an order to the status of its number: six of ten are delivered, and one is in each other status.
pub(super) const fn steps(n: u32) -> &'static [OrderStatus] {
    use OrderStatus::{Cancelled, Delivered, Processing, Shipped};
    match n % 10 {
        6 => &[],
        7 => &[Processing],
        8 => &[Processing, Shipped],
        9 => &[Cancelled],
        _ => &[Processing, Shipped, Delivered],
    }
}

/// The order in the status of its number.
fn further(order: Order, n: u32) -> Order {
    // Cancelled at the time of placing, so that stock movements are in order of time.
    let later = if n % 10 == 9 { Duration::ZERO } else { Duration::days(2) };
    let at = order.placed_at + later;
    steps(n).iter().fold(order, |order, step| {
        let changed = match step {
            OrderStatus::Cancelled => order.cancel(at),
            step => order.advance(*step, None, at),
        };
        changed.map_or(order, |changed| changed.order)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demo_order_has_one_to_three_existing_products_r78() {
        for n in 1..1000 {
            let picked = picks(n, 50);
            assert!((1..=3).contains(&picked.len()) && picked.iter().all(|pick| (1..=50).contains(pick)));
            assert_eq!(picked, picks(n, 50));
        }
        assert!(picks(1, 0).is_empty());
    }
}
