use std::sync::Arc;

use async_trait::async_trait;
use domain::events::Event;
use domain::orders::{ChangedOrder, EditRefused, EditedPart, Order, OrderEdit, OrderId, OrderScope};
use domain::pricing::{PriceBook, Promotion, PromotionId};
use domain::{Uuid, Version};

use super::advance::lock_order;
use super::text::expect_takes_text;
use crate::audit_trail::{Audited, audit, field};
use crate::events::append_event;
use crate::{Command, Conflict, Ctx, Error, Field, Tx, expect_version};

/// Edits where an order goes and what the buyer wrote, while nothing is shipped. The order keeps its price: an address where
/// it would be priced otherwise is refused.
#[derive(Debug, Clone)]
pub struct EditOrder {
    /// The order. It must not be shipped yet.
    pub id: OrderId,
    /// The orders that the caller may see.
    pub scope: OrderScope,
    /// The new address, and the new note of the buyer.
    pub edit: OrderEdit,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
    /// A price book of the shop. Its data is read anew where it matters.
    pub book: Arc<PriceBook>,
}

#[async_trait]
impl Command for EditOrder {
    type Output = Order;
    const NAME: &'static str = "orders.edit";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Order, Error> {
        let before = lock_order(tx, self.id, self.scope).await?;
        expect_version(self.expected, before.version)?;
        let Some(ChangedOrder { order, entry }) = before.edited(&self.edit, ctx.now)? else { return Ok(before) };
        expect_takes_text(tx, &order).await?;
        if entry.edited.contains(&EditedPart::ShippingAddress) {
            self.keep_price(tx, &before).await?;
        }
        tx.orders().edit(&order, &entry).await?;
        append_event(tx, ctx, Event::order_updated(&order)).await?;
        let (old, new) = (Edit(self.id, &[]), Edit(self.id, &entry.edited));
        audit(tx, ctx, Self::NAME, Some(&old), Some(&new)).await?;
        Ok(order)
    }
}

impl EditOrder {
    /// Refuses an address at which the order would have another price.
    async fn keep_price(&self, tx: &mut dyn Tx, before: &Order) -> Result<(), Error> {
        let Some(to) = &self.edit.shipping_address else { return Ok(()) };
        let mut promotions = Vec::new();
        if before.shipping_address.as_ref().is_none_or(|from| from.country != to.country) {
            for id in promotions_of(before) {
                promotions.extend(tx.promotions().lock(id).await?.map(|promotion| Promotion::from(&promotion)));
            }
        }
        let book = self.book.renewed(tx.pricing().data().await?);
        let changes = book.changes_at(before, to, &promotions);
        if changes.is_empty() { Ok(()) } else { Err(EditRefused::Price(changes).into()) }
    }
}

/// The promotions that took something off an order, in order of id.
fn promotions_of(order: &Order) -> Vec<PromotionId> {
    let mut ids: Vec<_> = order.adjustments.iter().filter_map(|one| one.promotion_id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

impl From<EditRefused> for Error {
    fn from(refused: EditRefused) -> Self {
        Conflict::NotEdited(refused).into()
    }
}

/// The entry of an edit in the audit log. It names the edited parts without their contents, which are personal data and
/// are erased with the customer.
struct Edit<'a>(OrderId, &'a [EditedPart]);

impl Audited for Edit<'_> {
    const RESOURCE: &'static str = Order::RESOURCE;

    fn resource_id(&self) -> Uuid {
        self.0.0
    }

    fn fields(&self) -> Vec<Field> {
        self.1.iter().map(|part| field(part.as_str(), "edited")).collect()
    }
}

#[cfg(test)]
mod tests {
    use domain::Price;
    use domain::addresses::{Address, City, CountryCode, PostalCode, Street};
    use domain::events::EventType;
    use domain::orders::{HistoryEntry, Note, OrderStatus, PriceChange};
    use domain::pricing::{
        Action, Adjustment, AdjustmentKind, Area, AreaCountry, Basis, MethodCode, MethodName, PricingData,
        PromotionClass, Share, ShippingMethod, Tier, Tiers, Zone, ZoneId,
    };
    use domain::promotions::PromotionDetails;

    use super::*;
    use crate::promotions::tests::details;
    use crate::testing::{Mocks, NOW, customer, id, order, run};

    fn address(country: &str) -> Address {
        Address {
            name: None,
            company: None,
            phone: None,
            line1: Street::parse("2 High St").unwrap(),
            line2: None,
            city: City::parse("Bonn").unwrap(),
            region: None,
            postal_code: PostalCode::parse("53111").ok(),
            country: CountryCode::parse(country).unwrap(),
        }
    }

    fn edit(edit: OrderEdit) -> EditOrder {
        let book = Arc::new(PriceBook::new(Arc::default(), PricingData::default()));
        EditOrder { id: OrderId(id(30)), scope: OrderScope::Of(customer()), edit, expected: Some(Version(1)), book }
    }

    fn to(country: &str) -> EditOrder {
        edit(OrderEdit { shipping_address: Some(address(country)), note: None })
    }

    /// A transaction that finds this order, and its customer if it is there.
    fn finding(order: Order, is_known: bool) -> Mocks {
        let mut tx = Mocks::default();
        tx.orders.expect_lock().once().return_once(move |_, _| Ok(Some(order)));
        tx.customers.expect_known().returning(move |ids| Ok(if is_known { ids.to_vec() } else { Vec::new() }));
        tx
    }

    fn shipped_as_parcel() -> Order {
        let shipping = Adjustment {
            kind: AdjustmentKind::Shipping,
            share: Share::Shipping,
            code: "parcel".to_owned(),
            label: "Parcel".to_owned(),
            amount: 590,
            base: None,
            net: None,
            rate: None,
            treatment: None,
            is_included: false,
            promotion_id: None,
        };
        Order { adjustments: vec![shipping], shipping_address: Some(address("AT")), ..order() }
    }

    /// One method, which ships into Germany.
    fn parcel() -> PricingData {
        let area = Area::new(AreaCountry::parse("DE").unwrap(), None, None).unwrap();
        let method = ShippingMethod {
            code: MethodCode::parse("parcel").unwrap(),
            name: MethodName::parse("Parcel").unwrap(),
            zone: Zone { id: ZoneId(id(9)), areas: vec![area] },
            position: 0,
            basis: Basis::Flat,
            tiers: Tiers::from_trusted(vec![Tier { from: 0, cost: None }]),
            free_from: None,
            tax_class: None,
            min_days: None,
            max_days: None,
        };
        PricingData { methods: vec![method], ..PricingData::default() }
    }

    #[tokio::test]
    async fn an_edit_writes_order_and_history_and_tells_it_r138() {
        let mut tx = finding(order(), true);
        tx.pricing.expect_data().once().returning(|| Ok(PricingData::default()));
        let writes = |order: &Order, entry: &HistoryEntry| {
            order.shipping_address == Some(address("DE")) && entry.edited == [EditedPart::ShippingAddress]
        };
        tx.orders.expect_edit().once().withf(writes).returning(|_, _| Ok(()));
        tx.expect_events([EventType::OrderUpdated]);
        let edited = run(&to("DE"), &mut tx).await.unwrap();
        assert_eq!((edited.version, edited.total), (Version(2), order().total));
    }

    #[tokio::test]
    async fn a_note_is_edited_without_a_look_at_prices_r138() {
        let mut tx = finding(order(), true);
        tx.orders.expect_edit().once().withf(|order, _| order.note.is_some()).returning(|_, _| Ok(()));
        tx.expect_events([EventType::OrderUpdated]);
        let note = Some(Note::parse("Ring twice.").ok());
        run(&edit(OrderEdit { note, ..OrderEdit::default() }), &mut tx).await.unwrap();
    }

    #[tokio::test]
    async fn nothing_is_written_where_the_order_would_be_priced_otherwise_r138() {
        let mut tx = finding(shipped_as_parcel(), true);
        tx.pricing.expect_data().once().returning(|| Ok(parcel()));
        let refused = run(&to("CH"), &mut tx).await.unwrap_err();
        let Error::Conflict(Conflict::NotEdited(EditRefused::Price(changes))) = refused else { panic!("{refused}") };
        assert_eq!(changes, [PriceChange::Shipping("parcel".to_owned())]);
        let mut tx = finding(shipped_as_parcel(), true);
        tx.pricing.expect_data().once().returning(|| Ok(parcel()));
        tx.orders.expect_edit().once().returning(|_, _| Ok(()));
        tx.expect_events([EventType::OrderUpdated]);
        run(&to("DE"), &mut tx).await.unwrap();
    }

    #[tokio::test]
    async fn promotions_of_an_order_are_read_once_each_if_the_country_changes_r138() {
        let mut tx = finding(Order { shipping_address: Some(address("DE")), ..discounted() }, true);
        let mut promotion = promotion();
        promotion.conditions.countries = vec![CountryCode::parse("DE").unwrap()];
        let name = promotion.name.clone();
        tx.promotions.expect_lock().once().return_once(move |_| Ok(Some(promotion)));
        tx.pricing.expect_data().once().returning(|| Ok(PricingData::default()));
        let refused = run(&to("AT"), &mut tx).await.unwrap_err();
        let Error::Conflict(Conflict::NotEdited(EditRefused::Price(changes))) = refused else { panic!("{refused}") };
        assert_eq!(changes, [PriceChange::Promotion(name)]);
    }

    /// An order with a discount on its line and one on shipping, of one promotion.
    fn discounted() -> Order {
        let [shipping] = &shipped_as_parcel().adjustments[..] else { panic!("one adjustment") };
        let discount = |share| Adjustment {
            kind: AdjustmentKind::Discount,
            share,
            amount: -10,
            promotion_id: Some(PromotionId(id(9))),
            ..shipping.clone()
        };
        Order { adjustments: vec![discount(Share::Line(1)), discount(Share::Order)], ..order() }
    }

    fn promotion() -> domain::promotions::Promotion {
        let details = PromotionDetails {
            class: PromotionClass::Order,
            action: Action::Amount(Price::parse(10).unwrap()),
            ..details()
        };
        domain::promotions::Promotion::new(PromotionId(id(9)), details, NOW).unwrap()
    }

    #[tokio::test]
    async fn nothing_is_written_when_nothing_changes_or_the_caller_saw_an_older_order_r138() {
        let same = run(&edit(OrderEdit::default()), &mut finding(order(), true)).await.unwrap();
        assert_eq!(same, order());
        let newer = Order { version: Version(2), ..order() };
        let stale = run(&to("DE"), &mut finding(newer, true)).await;
        assert!(matches!(stale, Err(Error::Stale(Version(2)))));
    }

    #[tokio::test]
    async fn an_order_that_is_shipped_or_of_an_erased_customer_is_not_edited_r138_r276() {
        for status in [OrderStatus::Shipped, OrderStatus::Delivered, OrderStatus::Cancelled] {
            let refused = run(&to("DE"), &mut finding(Order { status, ..order() }, true)).await.unwrap_err();
            let Error::Conflict(Conflict::NotEdited(why)) = refused else { panic!("{refused}") };
            assert_eq!(why, EditRefused::Status(status));
        }
        let refused = run(&to("DE"), &mut finding(order(), false)).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::NotEdited(EditRefused::Erased))), "{refused}");
    }

    #[tokio::test]
    async fn the_log_says_which_parts_were_edited_and_not_what_they_say_r138_r276() {
        let parts = [EditedPart::ShippingAddress, EditedPart::Note];
        let logged = Edit(OrderId(id(30)), &parts).fields();
        assert_eq!(logged, [("shipping_address", Some("edited".to_owned())), ("note", Some("edited".to_owned()))]);
    }
}
