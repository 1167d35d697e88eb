use std::sync::Arc;

use domain::addresses::Address;
use domain::carts::{CartQueries, Line};
use domain::checkout::{CheckoutProblem, CodeOutcome, GivenCodes, OfferedPromotions, Purchase};
use domain::customers::{CustomerId, CustomerQueries, Exemption};
use domain::mails::MailQueries;
use domain::orders::{Items, OrderQueries};
use domain::pricing::{Buyer, MethodCode, PriceBook, Priced};
use domain::products::ProductQueries;
use domain::promotions::{Offered, PromotionQueries};

use super::{PriceBooks, refuse_unpriced};
use crate::{Clock, Conflict, Error};

/// Tells what a purchase would cost, and what keeps it from being ordered. Writes and holds nothing.
#[derive(Clone)]
pub struct Quotes {
    /// Reads carts.
    pub carts: Arc<dyn CartQueries>,
    /// Reads products.
    pub products: Arc<dyn ProductQueries>,
    /// Reads customers.
    pub customers: Arc<dyn CustomerQueries>,
    /// Reads orders.
    pub orders: Arc<dyn OrderQueries>,
    /// Reads promotions.
    pub promotions: Arc<dyn PromotionQueries>,
    /// Reads which customers have proved their address.
    pub mails: Arc<dyn MailQueries>,
    /// Whether only customers who have proved their email address may order.
    pub requires_verified_email: bool,
    /// Gives the price book.
    pub books: Arc<dyn PriceBooks>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

/// A purchase whose price is asked for.
#[derive(Debug, Clone)]
pub struct QuoteRequest {
    /// The buyer.
    pub customer_id: CustomerId,
    /// The items; `None` quotes the lines of the cart.
    pub items: Option<Items>,
    /// Where it would be sent to; `None` if that is not known yet.
    pub shipping_address: Option<Address>,
    /// The shipping method; `None` quotes the cheapest.
    pub method: Option<MethodCode>,
    /// The codes of promotions.
    pub codes: GivenCodes,
}

/// What a purchase would cost now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// The lines that have a price.
    pub lines: Vec<Line>,
    /// What they cost, in the same order.
    pub priced: Priced,
    /// What became of each code.
    pub codes: Vec<CodeOutcome>,
    /// Why it cannot be ordered as it is.
    pub problems: Vec<CheckoutProblem>,
    /// Whether prices are those of where the shop is, since nobody knows where the goods go.
    pub is_estimated: bool,
    /// Whether prices include tax.
    pub prices_include_tax: bool,
}

impl Quotes {
    /// Quotes a purchase.
    ///
    /// # Errors
    /// If the cart is empty, the total does not fit, or no tax rate holds where the shop requires one.
    pub async fn quote(&self, request: &QuoteRequest) -> Result<Quote, Error> {
        let book = self.books.current().await?;
        let (lines, exemption) = self.lines(request, &book).await?;
        let offered = self.offered(request, &book).await?;
        let customer_id = request.customer_id;
        let is_first_order = offered.ask_for_first_order() && !self.orders.has_any(customer_id).await?;
        let buyer = Buyer { customer_id: Some(customer_id), is_first_order, exemption };
        let purchase = Purchase {
            lines: &lines,
            address: request.shipping_address.as_ref(),
            method: request.method.as_ref(),
            buyer,
            candidates: &offered.candidates(),
            now: self.clock.now(),
        };
        let priced = purchase.quote(&book).map_err(|error| refuse_unpriced(error, true))?;
        let mut problems = purchase.problems(&priced);
        if self.requires_verified_email && !self.mails.has_verified(customer_id).await? {
            problems.insert(0, CheckoutProblem::EmailUnverified);
        }
        let lines = lines.into_iter().filter(|line| line.offer.is_some()).collect();
        let is_estimated = request.shipping_address.is_none();
        let codes = offered.outcomes(&request.codes, &priced.outcomes);
        Ok(Quote { lines, priced, codes, problems, is_estimated, prices_include_tax: book.rules().prices_include_tax })
    }

    /// The lines with their current offers, and why the buyer owes no tax. For named items that is looked for only where
    /// there are taxes.
    async fn lines(&self, request: &QuoteRequest, book: &PriceBook) -> Result<(Vec<Line>, Option<Exemption>), Error> {
        let Some(items) = &request.items else {
            let (lines, snapshot) = self.carts.lines(request.customer_id).await?;
            return if lines.is_empty() { Err(Conflict::CartEmpty.into()) } else { Ok((lines, snapshot.exemption)) };
        };
        let ids: Vec<_> = items.as_slice().iter().map(|(id, _)| *id).collect();
        let id = request.customer_id;
        let exemption = if book.has_taxes() { self.customers.tax_exemption(id).await? } else { None };
        Ok((items.lines(&self.products.offers(&ids).await?), exemption))
    }

    /// The promotions that the purchase may get.
    async fn offered(&self, request: &QuoteRequest, book: &PriceBook) -> Result<OfferedPromotions, Error> {
        let (keys, limited) = (request.codes.keys(), OfferedPromotions::limited(book));
        let mut offered = Offered::default();
        if !keys.is_empty() {
            offered.coupons = self.promotions.by_codes(&keys, request.customer_id).await?;
        }
        if !limited.is_empty() {
            offered.uses = self.promotions.uses(&limited, request.customer_id).await?;
        }
        Ok(OfferedPromotions::new(book, offered))
    }
}
