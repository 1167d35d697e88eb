use domain::MailTemplate;

use super::{Fields, Item};

/// What a mail says in an example: every value that the template can get.
pub fn sample(template: MailTemplate) -> Fields {
    let text = |fields: &[(&'static str, &str)]| {
        Item::Fields(fields.iter().map(|(name, text)| (*name, Item::text(text))).collect())
    };
    let mut fields = Fields::from([("shop", text(&[("name", "Shop"), ("address", "https://shop.example")]))]);
    let of_template = match template {
        MailTemplate::OrderReceived | MailTemplate::OrderConfirmed | MailTemplate::OrderCancelled => vec![
            ("customer", text(&[("name", "Ann Buyer")])),
            ("order", order()),
            ("due", Item::text("39.98 USD")),
            ("instructions", Item::text("Transfer the money to the account 12345.")),
        ],
        MailTemplate::RefundMade => {
            vec![("customer", text(&[("name", "Ann Buyer")])), ("order", order()), ("amount", Item::text("39.98 USD"))]
        }
        MailTemplate::PasswordReset => vec![
            ("customer", text(&[("name", "Ann Buyer")])),
            ("username", Item::text("ann")),
            ("link", Item::text("https://shop.example/reset-password#token=example")),
            ("hours", Item::text(1)),
        ],
        MailTemplate::PasswordChanged => {
            vec![("customer", text(&[("name", "Ann Buyer")])), ("username", Item::text("ann"))]
        }
        MailTemplate::EmailVerify => vec![
            ("customer", text(&[("name", "Ann Buyer")])),
            ("email", Item::text("ann@example.com")),
            ("link", Item::text("https://shop.example/verify-email#token=example")),
            ("hours", Item::text(24)),
        ],
        MailTemplate::EmailChanged => vec![("customer", text(&[("name", "Ann Buyer")]))],
        MailTemplate::AlertLowStock => vec![(
            "product",
            text(&[("name", "Mug"), ("sku", "MUG-1"), ("on_hand", "2"), ("threshold", "5"), ("id", EXAMPLE)]),
        )],
        MailTemplate::AlertWebhookOff | MailTemplate::AlertWebhookBehind => vec![(
            "endpoint",
            text(&[("id", EXAMPLE), ("description", "ERP"), ("failing_since", "2026-01-31 12:00:00 +00")]),
        )],
        MailTemplate::AlertPaymentFinding | MailTemplate::AlertDispute => vec![(
            "payment",
            text(&[
                ("id", EXAMPLE),
                ("order", "77GT-JQ9F-Q"),
                ("provider", "stripe"),
                ("finding", "amount_differs"),
                ("amount", "39.98 USD"),
                ("disputed", "39.98 USD"),
            ]),
        )],
        MailTemplate::AlertDeadMail => vec![(
            "mail",
            text(&[("id", EXAMPLE), ("template", "order_confirmed"), ("reply", "550 unknown"), ("attempts", "1")]),
        )],
        MailTemplate::Test => Vec::new(),
    };
    fields.extend(of_template);
    fields
}

const EXAMPLE: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

fn order() -> Item {
    let line = [("name", "Mug"), ("sku", "MUG-1"), ("quantity", "2"), ("unit_price", "19.99 USD")];
    let line = line.into_iter().chain([("total", "39.98 USD")]).map(|(name, text)| (name, Item::text(text))).collect();
    let texts = [
        ("number", "77GT-JQ9F-Q"),
        ("address", "https://shop.example/orders/01890a5d-ac96-774b-bcce-b302099a8057"),
        ("total", "39.98 USD"),
        ("placed_on", "2026-01-31"),
        ("expected_delivery", "2026-02-06"),
    ];
    let mut order: Fields = texts.into_iter().map(|(name, text)| (name, Item::text(text))).collect();
    order.insert("lines", Item::List(vec![line]));
    Item::Fields(order)
}
