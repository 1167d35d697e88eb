use domain::Invalid;
use domain::addresses::Address;
use domain::carts::MAX_LINES;
use domain::checkout::{GivenCodes, MAX_CODES};
use domain::keys::Principal;
use domain::orders::{Items, ItemsError};
use domain::pricing::{CouponText, MethodCode};

use crate::extract::read::{list, list_or_none, object, text};
use crate::extract::{ClientAddress, Fields, Shopper};
use crate::rate_limit::Client;
use crate::routes::carts::items::Item;

/// What quotes and orders take alike.
pub(crate) struct PurchaseFields {
    pub(crate) items: Option<Items>,
    pub(crate) shipping_address: Option<Address>,
    pub(crate) method: Option<MethodCode>,
    pub(crate) codes: GivenCodes,
}

impl PurchaseFields {
    /// Reads `items`, `shipping_address`, `shipping_method` and `coupon_codes`, each if it is there.
    pub(crate) fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let items = fields.optional("items", &list(object::<Item>(), MAX_LINES));
        let shipping_address = fields.optional("shipping_address", &object::<Address>());
        let method = fields.optional("shipping_method", &text(MethodCode::parse));
        let codes = fields.optional("coupon_codes", &list_or_none(text(CouponText::parse), MAX_CODES));
        let codes = codes?.map_or_else(|| Some(GivenCodes::default()), |codes| different(codes, fields));
        let items = items?.map(|items| named_once(items, fields));
        Some(Self {
            items: items.map_or(Some(None), |named| named.map(Some))?,
            shipping_address: shipping_address?,
            method: method?,
            codes: codes?,
        })
    }
}

/// Under which guesses of codes count: the account, and the address of the client.
pub(crate) fn clients(shopper: &Shopper, client: &ClientAddress) -> [Client; 2] {
    [Client::Known(Principal::Account(shopper.1)), Client::of_address(client.0)]
}

fn different(codes: Vec<CouponText>, fields: &mut Fields<'_>) -> Option<GivenCodes> {
    let refuse = |refused: Vec<(usize, Invalid)>| {
        for (place, invalid) in refused {
            fields.refuse(&format!("coupon_codes[{place}]"), invalid);
        }
    };
    GivenCodes::parse(codes).map_err(refuse).ok()
}

fn named_once(items: Vec<Item>, fields: &mut Fields<'_>) -> Option<Items> {
    match Items::parse(items.into_iter().map(|item| (item.product_id, item.quantity)).collect()) {
        Ok(items) => Some(items),
        Err(ItemsError::Count(invalid)) => {
            fields.refuse("items", invalid);
            None
        }
        Err(ItemsError::Repeated(places, invalid)) => {
            for place in places {
                fields.refuse(&format!("items[{place}].product_id"), invalid.clone());
            }
            None
        }
    }
}
