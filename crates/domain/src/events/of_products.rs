use super::{Event, EventType, Fact};
use crate::Shop;
use crate::products::Product;
use crate::restocks::Restock;
use crate::stock::Stock;

impl Event {
    /// A product was created.
    pub fn product_created(product: &Product, shop: Shop) -> Self {
        of_product(EventType::ProductCreated, product, shop)
    }

    /// A product was changed.
    pub fn product_updated(product: &Product, shop: Shop) -> Self {
        of_product(EventType::ProductUpdated, product, shop)
    }

    /// A product was deleted, which was so.
    pub fn product_deleted(product: &Product, shop: Shop) -> Self {
        of_product(EventType::ProductDeleted, product, shop)
    }

    /// Units on hand fell below their reorder point.
    pub fn stock_below_threshold(stock: &Stock) -> Self {
        let data = vec![
            ("product_id", Fact::Id(stock.product_id.0)),
            ("version", Fact::Number(stock.version.0)),
            ("on_hand", Fact::Number(stock.on_hand)),
            ("threshold", Fact::Number(stock.restock_threshold)),
        ];
        Self { event_type: EventType::StockBelowThreshold, stream: stock.product_id.0, data }
    }

    /// Units are to be bought.
    pub fn restock_opened(restock: &Restock) -> Self {
        of_restock(EventType::RestockOpened, restock)
    }

    /// Units that were bought came in.
    pub fn restock_received(restock: &Restock) -> Self {
        of_restock(EventType::RestockReceived, restock)
    }
}

fn of_product(event_type: EventType, product: &Product, shop: Shop) -> Event {
    let data = vec![
        ("product_id", Fact::Id(product.id.0)),
        ("version", Fact::Number(product.version.0)),
        ("status", Fact::Word(product.status.as_str())),
        ("price", Fact::Money(shop.money(product.price))),
    ];
    Event { event_type, stream: product.id.0, data }
}

fn of_restock(event_type: EventType, restock: &Restock) -> Event {
    let data = vec![
        ("restock_id", Fact::Id(restock.id.0)),
        ("product_id", Fact::Id(restock.product_id.0)),
        ("version", Fact::Number(restock.version.0)),
        ("status", Fact::Word(restock.status.as_str())),
        ("quantity", Fact::Number(restock.quantity)),
    ];
    Event { event_type, stream: restock.product_id.0, data }
}
