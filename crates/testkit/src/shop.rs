//! What an administrator configures: zones, shipping methods, tax rates, promotions.

use serde_json::{Value, json};

use crate::{Client, Reply, usd};

/// An address in the zone of Germany.
pub fn bremen() -> Value {
    json!({ "line1": "Am Markt 1", "city": "Bremen", "postal_code": "28195", "country": "DE" })
}

/// The same body with more members.
pub fn with(body: &Value, more: &Value) -> Value {
    let mut body = body.clone();
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

/// Creates something.
pub async fn make(admin: &Client, path: &str, body: &Value) -> Reply {
    admin.send("POST", &format!("/{path}"), body).await.expect(201)
}

/// Creates a zone of a country and returns its id.
pub async fn zone(admin: &Client, name: &str, country: &str) -> String {
    make(admin, "zones", &json!({ "name": name, "members": [{ "country": country }] })).await.id()
}

/// Creates a shipping method that costs the same for everything.
pub async fn method(admin: &Client, code: &str, zone: &str, amount: i64) {
    let tiers = json!([{ "from": 0, "amount": usd(amount) }]);
    let body = json!({ "code": code, "name": code, "zone_id": zone, "basis": "flat", "tiers": tiers });
    make(admin, "shipping-methods", &body).await;
}

/// Creates a tax rate, of shipping too.
pub async fn rate(admin: &Client, zone: &str, class: &str, code: &str, ppm: i64) {
    let body = json!({
        "zone_id": zone, "tax_class": class, "code": code, "name": code, "rate_ppm": ppm, "starts_on": "2020-01-01",
        "applies_to_shipping": true,
    });
    make(admin, "tax-rates", &body).await;
}

/// Creates an active promotion that takes 10.00 off whole orders, by itself or by codes, and returns its id. A code is a
/// text, or an object with a limit of its own.
pub async fn promotion(admin: &Client, change: &Value, codes: &[Value]) -> String {
    let body = json!({
        "name": "Summer", "class": "order", "action": { "amount": usd(1000) }, "starts_at": "2020-01-01T00:00:00Z",
        "code_needed": !codes.is_empty(),
    });
    let id = make(admin, "promotions", &with(&body, change)).await.id();
    if !codes.is_empty() {
        let code = |code: &Value| if code.is_string() { json!({ "code": code }) } else { code.clone() };
        let codes: Vec<_> = codes.iter().map(code).collect();
        make(admin, &format!("promotions/{id}/codes"), &json!({ "codes": codes })).await;
    }
    admin.ask("POST", &format!("/promotions/{id}/activate")).await.expect(200);
    id
}
