//! Orders of the last thirty days, until some minutes ago, for `serve --demo`.

use application::orders::{AdvanceOrder, CancelOrder};
use domain::customers::CustomerId;
use domain::orders::{Carrier, Items, OrderId, OrderScope, OrderStatus, Parcel, TrackingNumber};
use domain::products::ProductId;
use domain::{Invalid, Quantity, UtcDateTime};
use time::Duration;

use super::super::customers;
use super::orders::{BREMEN, BUFFALO, LOS_ANGELES, PARIS, SeedAddress, TOKYO, Wish, place};
use super::past::{Moment, Past};
use super::payments::{Cashier, FINISHED};
use super::promotions::{FREE_SHIPPING, SPRING};
use super::{goods, ranges};
use crate::cli::error::Failure;

/// How many customers order.
pub(in super::super) const CUSTOMERS: u32 = 40;
/// How many orders there are.
const ORDERS: u32 = 200;
/// How many of the orders were placed in the last hours.
const NEWEST: u32 = 12;
/// How many times an order is tried with other products if some are sold out.
const TRIES: u32 = 5;

const PLACES: [SeedAddress; 8] = [BREMEN, BREMEN, PARIS, BREMEN, LOS_ANGELES, BREMEN, BUFFALO, TOKYO];

/// Minutes from an order to each of its steps.
const STEPS: [(OrderStatus, i64); 3] =
    [(OrderStatus::Processing, 40), (OrderStatus::Shipped, 22 * 60), (OrderStatus::Delivered, 80 * 60)];
/// Minutes until a customer cancels an order.
const REGRET: i64 = 8;
/// Minutes until an unpaid order is cancelled.
const PATIENCE: i64 = 31;

/// What becomes of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Story {
    /// It is paid by this method of the test provider.
    Paid(&'static str),
    /// These hundredths go back.
    Refunded(i64),
    Cancelled,
    /// Its card is declined, and it is never paid.
    Declined,
}

pub(super) async fn seed(past: &Past<'_>, cashier: Option<&Cashier<'_>>) -> Result<(), Failure> {
    let customers = customers::known(past.tools, CUSTOMERS).await?;
    let shelf = shelf(past).await?;
    let now = past.clock().now();
    for n in 1..=ORDERS {
        let age = age(ORDERS - n);
        let moment = Moment { at: now - age, number: n };
        let buyer = customers.get((n as usize * 13) % customers.len().max(1)).copied();
        let Some(buyer) = buyer else { continue };
        if !order(past, moment, buyer, &shelf).await? {
            continue;
        }
        let story = story(ORDERS - n, age);
        if let Some(cashier) = cashier {
            cashier.pay(moment, story.method()).await?;
        }
        further(past, moment, story, now).await?;
        if let Some(cashier) = cashier {
            match story {
                Story::Paid("ok") => {}
                Story::Paid(_) => cashier.finish(moment, 0, FINISHED).await?,
                Story::Refunded(hundredths) => cashier.finish(moment, hundredths, FINISHED).await?,
                Story::Cancelled => cashier.finish(moment, 0, seconds(REGRET + 1)).await?,
                Story::Declined if age > Duration::minutes(PATIENCE + 1) => {
                    cashier.finish(moment, 0, seconds(PATIENCE + 1)).await?;
                }
                Story::Declined => {}
            }
        }
    }
    Ok(())
}

/// The age of an order that has `back` newer ones.
fn age(back: u32) -> Duration {
    let back = i64::from(back);
    match back - i64::from(NEWEST) {
        older if older >= 0 => Duration::seconds(3 * 3600 + older * 13_600 + back * 7919 % 9000),
        _ => Duration::minutes(3 + back * 11),
    }
}

/// What becomes of the order that has `back` newer ones.
fn story(back: u32, age: Duration) -> Story {
    let is_finished = age > Duration::days(6);
    match back % 40 {
        1 | 21 => Story::Declined,
        8 | 26 => Story::Cancelled,
        15 if is_finished => Story::Refunded(100),
        31 if is_finished => Story::Refunded(40),
        35 if is_finished => Story::Paid("dispute_won"),
        38 if is_finished => Story::Paid("dispute_lost"),
        _ => Story::Paid("ok"),
    }
}

impl Story {
    /// The method of the test provider.
    const fn method(self) -> &'static str {
        match self {
            Self::Paid(method) => method,
            Self::Declined => "declined",
            Self::Refunded(_) | Self::Cancelled => "ok",
        }
    }
}

/// What is sold.
async fn shelf(past: &Past<'_>) -> Result<Vec<ProductId>, Failure> {
    let mut shelf = ranges::in_stock(past).await?;
    for sku in [goods::COOKBOOK, goods::COFFEE, goods::LAMP, goods::COURSE] {
        shelf.extend(goods::id(past, sku).await?);
    }
    Ok(shelf)
}

/// Places an order of one to three products. `false` if none can be placed.
async fn order(past: &Past<'_>, moment: Moment, buyer: CustomerId, shelf: &[ProductId]) -> Result<bool, Failure> {
    for attempt in 0..TRIES {
        let Ok(items) = Items::parse(picks(moment.number + attempt * 17, shelf)?) else { continue };
        let to = PLACES.get(moment.number as usize % PLACES.len()).copied().unwrap_or(BREMEN);
        let codes: &'static [&'static str] = match moment.number % 12 {
            4 => &[SPRING],
            9 => &[FREE_SHIPPING],
            _ => &[],
        };
        if place(past, moment, buyer, Wish { items, to, method: None, codes }).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Different products, each with how many of it.
fn picks(n: u32, shelf: &[ProductId]) -> Result<Vec<(ProductId, Quantity)>, Invalid> {
    let mut picked = Vec::new();
    for k in 0..=n % 3 {
        let far = (n as usize * 7919 + k as usize * 104_729).checked_rem(shelf.len());
        let Some(id) = far.and_then(|far| shelf.get(far)) else { continue };
        if !picked.iter().any(|(other, _)| other == id) {
            picked.push((*id, Quantity::parse(1 + i64::from((n / 3 + k) % 2))?));
        }
    }
    Ok(picked)
}

/// Takes an order as far as it is by now.
async fn further(past: &Past<'_>, placed: Moment, story: Story, now: UtcDateTime) -> Result<(), Failure> {
    let id = OrderId(placed.id());
    let after =
        |minutes, step: u32| Moment { at: placed.at + Duration::minutes(minutes), number: 100 * placed.number + step };
    let cancelled = match story {
        Story::Cancelled => Some(after(REGRET, 0)),
        Story::Declined => Some(after(PATIENCE, 0)),
        Story::Paid(_) | Story::Refunded(_) => None,
    };
    if let Some(moment) = cancelled {
        if moment.at < now {
            past.run(moment, CancelOrder { id, scope: OrderScope::All, reason: None }).await?;
        }
        return Ok(());
    }
    for (step, (to, minutes)) in (0..).zip(STEPS) {
        let moment = after(minutes, step);
        if moment.at > now {
            break;
        }
        let parcel = if to == OrderStatus::Shipped { parcel(placed.number)? } else { Parcel::default() };
        past.run(moment, AdvanceOrder { parcel, ..AdvanceOrder::to(id, to) }).await?;
    }
    Ok(())
}

fn parcel(n: u32) -> Result<Parcel, Invalid> {
    let carrier = Some(Carrier::parse("DHL")?);
    Ok(Parcel { carrier, tracking_number: Some(TrackingNumber::parse(&format!("JD01460{:06}", n * 4271))?) })
}

fn seconds(minutes: i64) -> u32 {
    u32::try_from(minutes * 60).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn demo_orders_are_of_the_last_thirty_days_in_order_of_time_r250() {
        let ages: Vec<_> = (0..ORDERS).map(age).collect();
        assert!(ages.is_sorted_by(|newer, older| newer < older));
        assert!(ages.first().is_some_and(|age| *age < Duration::hours(1)));
        assert!(ages.last().is_some_and(|age| (Duration::days(25)..Duration::days(30)).contains(age)));
    }

    #[test]
    fn demo_orders_have_every_story_r250() {
        let stories: Vec<_> = (0..ORDERS).map(|back| story(back, age(back))).collect();
        for wanted in [Story::Declined, Story::Cancelled, Story::Refunded(40), Story::Refunded(100), Story::Paid("ok")]
        {
            assert!(stories.contains(&wanted), "{wanted:?}");
        }
        let waiting = (0..ORDERS).filter(|back| age(*back) < Duration::minutes(30));
        assert!(waiting.map(|back| story(back, age(back))).any(|story| story == Story::Declined));
    }
}
