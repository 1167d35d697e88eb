//! A demo shop that shows what things cost: zones, shipping methods, taxes, promotions, categories, goods for them, and orders that
//! were priced with them; with the test provider, orders that were paid, too. All of it is made by the commands that the API runs, at times of the past.

mod drawing;
mod goods;
pub(super) mod many;
mod methods;
mod orders;
mod past;
mod payments;
mod promotions;
mod ranges;
mod recent;
mod taxes;
mod terms;
mod zones;

use super::Seed;
use past::Past;
use payments::Cashier;
pub(super) use recent::CUSTOMERS;

use crate::cli::error::Failure;
use crate::cli::tools::Tools;
use crate::config::Settings;
use crate::wiring::pictures_on;

/// Makes what is not there yet of the shop. Its orders are by the first demo customers.
pub(super) async fn seed(tools: &Tools, settings: &Settings, asked: &Seed) -> Result<(), Failure> {
    let past = Past::of(tools, settings);
    open(&past, settings, asked.pictures).await?;
    orders::seed(&past, Cashier::of(&past, &settings.payments).as_ref(), asked.customers).await
}

/// Makes the shop of `serve --demo`, with pictures, and orders of the last days.
pub(super) async fn demo(tools: &Tools, settings: &Settings) -> Result<(), Failure> {
    let past = Past::of(tools, settings);
    open(&past, settings, true).await?;
    recent::seed(&past, Cashier::of(&past, &settings.payments).as_ref()).await
}

/// Makes all that a shop needs before its first order.
async fn open(past: &Past<'_>, settings: &Settings, with_pictures: bool) -> Result<(), Failure> {
    zones::seed(past).await?;
    methods::seed(past).await?;
    taxes::seed(past).await?;
    terms::seed(past).await?;
    goods::seed(past).await?;
    ranges::seed(past).await?;
    if with_pictures {
        ranges::draw(past, &pictures_on(&past.tools.database, settings)?).await?;
    }
    promotions::seed(past).await
}

/// How many things of a kind were made, and how many were there before.
#[derive(Debug, Default, Clone, Copy)]
struct Made {
    new: usize,
    before: usize,
}

impl Made {
    /// Counts one thing.
    const fn count(&mut self, is_new: bool) {
        if is_new {
            self.new += 1;
        } else {
            self.before += 1;
        }
    }

    fn say(self, tools: &Tools, kind: &str) {
        tools.say(format_args!("{kind}: {} created, {} already existed", self.new, self.before));
    }
}
