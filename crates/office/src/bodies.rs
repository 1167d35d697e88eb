//! The bodies that the API would be sent for forms that it has one to one.

use self::Member::{Fixed, Flag, Moment, Money, Percent, Replaced, Text, Together, Whole, WholeTogether};

/// A field of a form, and the member of the same name that it is in the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Member {
    /// A text.
    Text(&'static str),
    /// A whole number.
    Whole(&'static str),
    /// An amount in the currency of the shop.
    Money(&'static str),
    /// Yes or no.
    Flag(&'static str),
    /// A percentage, in parts per million.
    Percent(&'static str),
    /// A time where the shop is.
    Moment(&'static str),
    /// A text that is taken away where the field is empty.
    Replaced(&'static str),
    /// A text of an object that is replaced as a whole: if one of them has changed, all are said.
    Together(&'static str),
    /// A whole number of an object that is replaced as a whole.
    WholeTogether(&'static str),
    /// A text that every request has, and no field.
    Fixed(&'static str, &'static str),
}

impl Member {
    /// The name of the field, and of the member.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Text(name)
            | Self::Whole(name)
            | Self::Money(name)
            | Self::Flag(name)
            | Self::Percent(name)
            | Self::Moment(name)
            | Self::Replaced(name)
            | Self::Together(name)
            | Self::WholeTogether(name)
            | Self::Fixed(name, _) => name,
        }
    }
}

/// What the form of a page sends to the API, member by member; `None` if it is not known. An action without a body has no
/// members.
pub(crate) fn of(path: &str) -> Option<&'static [Member]> {
    BODIES.iter().find(|(known, _)| *known == path).map(|(_, members)| *members)
}

const NOTE: &[Member] = &[Text("text")];
const NOTHING: &[Member] = &[];

const BODIES: &[(&str, &[Member])] = &[
    ("/office/orders/{id}/ship", &[Fixed("status", "shipped"), Text("carrier"), Text("tracking_number"), Text("note")]),
    ("/office/orders/{id}/advance", &[Text("status"), Text("note")]),
    ("/office/orders/{id}/tracking", &[Replaced("carrier"), Replaced("tracking_number")]),
    (
        "/office/orders/{id}/edit",
        &[
            Together("shipping_address.name"),
            Together("shipping_address.company"),
            Together("shipping_address.phone"),
            Together("shipping_address.line1"),
            Together("shipping_address.line2"),
            Together("shipping_address.city"),
            Together("shipping_address.region"),
            Together("shipping_address.postal_code"),
            Together("shipping_address.country"),
            Text("note"),
        ],
    ),
    ("/office/orders/{id}/cancel", &[Text("reason")]),
    ("/office/orders/{id}/refund", &[Money("amount"), Text("reason"), Text("note")]),
    ("/office/orders/{id}/notes", NOTE),
    ("/office/customers/{id}/notes", NOTE),
    ("/office/payments/{id}/capture", &[Money("amount")]),
    ("/office/payments/{id}/receive", &[Money("amount"), Text("reference"), Text("received_on")]),
    ("/office/payments/{id}/sync", NOTHING),
    ("/office/payments/{id}/void", NOTHING),
    ("/office/payments/{payment}/operations/{id}/resolve", &[Text("outcome"), Text("reference")]),
    ("/office/refunds/{id}/paid", &[Text("reference")]),
    ("/office/customers/new", &[Text("name"), Text("email"), Text("phone")]),
    ("/office/customers/{id}/edit", &[Text("name"), Text("email"), Text("phone"), Text("tax_exempt")]),
    ("/office/customers/{id}/erase", NOTHING),
    (
        "/office/products/new",
        &[
            Text("name"),
            Money("price"),
            Money("compare_at_price"),
            Text("sku"),
            Text("barcode"),
            Text("description"),
            Text("status"),
            Text("slug"),
            Whole("weight_grams"),
            Text("tax_class"),
            Flag("shippable"),
            Moment("available_from"),
            Moment("available_until"),
            Text("seo_title"),
            Text("seo_description"),
            Text("description_html"),
            Whole("initial_stock"),
        ],
    ),
    ("/office/stock/{id}/policy", &[WholeTogether("restock_threshold"), WholeTogether("restock_target")]),
    ("/office/restocks/run", NOTHING),
    ("/office/restocks/{id}/receive", &[Whole("quantity")]),
    ("/office/restocks/{id}/cancel", NOTHING),
    ("/office/groups/{id}/delete", NOTHING),
    ("/office/promotions/{id}/activate", NOTHING),
    ("/office/promotions/{id}/pause", NOTHING),
    ("/office/promotions/{id}/archive", NOTHING),
    ("/office/settings/webhooks/{id}/edit", &[Text("url"), Text("types"), Text("description")]),
    ("/office/settings/webhooks/{id}/pause", NOTHING),
    ("/office/settings/webhooks/{id}/resume", NOTHING),
    ("/office/settings/webhooks/{id}/test", NOTHING),
    ("/office/settings/webhooks/{id}/delete", NOTHING),
    ("/office/settings/webhooks/{endpoint}/deliveries/{id}/again", NOTHING),
    ("/office/settings/keys/{id}/rename", &[Text("name")]),
    ("/office/settings/keys/{id}/delete", NOTHING),
    ("/office/settings/roles/{name}/delete", NOTHING),
    ("/office/settings/zones/{id}/delete", NOTHING),
    ("/office/settings/shipping-methods/{id}/delete", NOTHING),
    (
        "/office/settings/tax-rates/new",
        &[
            Text("zone_id"),
            Text("tax_class"),
            Text("code"),
            Text("name"),
            Percent("rate_ppm"),
            Text("treatment"),
            Flag("applies_to_shipping"),
            Text("starts_on"),
            Text("ends_on"),
        ],
    ),
    ("/office/settings/tax-rates/{id}/end", &[Text("ends_on")]),
    ("/office/settings/tax-rates/{id}/delete", NOTHING),
    ("/office/settings/tax-classes/new", &[Text("code"), Text("name")]),
    ("/office/settings/tax-classes/{id}/delete", NOTHING),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_body_is_of_an_action_that_is_one_request_r248() {
        let pages = crate::pages();
        for (path, _) in BODIES {
            let page = pages.iter().find(|page| page.path == *path && page.method == "POST");
            let page = page.unwrap_or_else(|| panic!("{path} is no action"));
            assert_eq!(page.operations.len(), 1, "{path}");
        }
    }
}
