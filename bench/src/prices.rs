//! A shop with a tax, a shipping method and codes, for orders that cost more than their lines.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::server::Server;
use crate::shop::Shop;

/// A code without limit.
pub const CODE: &str = "BENCH";
/// A code that all buyers share the uses of.
pub const LIMITED: &str = "BENCH-LIMITED";

/// The orders of the bench name no total.
pub const SETTINGS: [(&str, &str); 1] = [("STOREKEEPER__CHECKOUT__REQUIRE_EXPECTED_TOTAL", "false")];

/// Makes them, as the administrator.
pub async fn configure(server: &Server, shop: &Shop) -> Result<()> {
    let admin = Admin { server, token: shop.admin_token().await?, client: reqwest::Client::new() };
    let usd = |amount: i64| json!({ "amount": amount, "currency": "USD" });
    let zone = admin.make("zones", &json!({ "name": "Germany", "members": [{ "country": "DE" }] })).await?;
    let rate = json!({
        "zone_id": zone.get("id"), "tax_class": "standard", "code": "DE19", "name": "VAT", "rate_ppm": 190_000,
        "starts_on": "2020-01-01",
    });
    admin.make("tax-rates", &rate).await?;
    let tiers = json!([{ "from": 0, "amount": usd(490) }]);
    let method = json!({ "code": "dhl", "name": "DHL", "zone_id": zone.get("id"), "basis": "flat", "tiers": tiers });
    admin.make("shipping-methods", &method).await?;
    for (code, limit) in [(CODE, Value::Null), (LIMITED, json!(1_000_000))] {
        let promotion = json!({
            "name": code, "class": "order", "action": { "percent_ppm": 100_000 }, "code_needed": true,
            "starts_at": "2020-01-01T00:00:00Z", "usage_limit": limit,
        });
        let promotion = admin.make("promotions", &promotion).await?;
        let id = promotion.get("id").and_then(Value::as_str).context("a promotion without id")?;
        admin.make(&format!("promotions/{id}/codes"), &json!({ "codes": [{ "code": code }] })).await?;
        admin.make(&format!("promotions/{id}/activate"), &json!({})).await?;
    }
    Ok(())
}

/// What an order of the cart names in such a shop.
pub fn order(code: &str) -> Value {
    json!({
        "shipping_address":
            { "line1": "Am Markt 1", "city": "Bremen", "postal_code": "28195", "country": "DE" },
        "shipping_method": "dhl",
        "coupon_codes": [code],
    })
}

struct Admin<'a> {
    server: &'a Server,
    token: String,
    client: reqwest::Client,
}

impl Admin<'_> {
    async fn make(&self, path: &str, body: &Value) -> Result<Value> {
        let request = self.client.post(format!("{}/api/v1/{path}", self.server.address));
        let answer = request.bearer_auth(&self.token).json(body).send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        ensure!(status.is_success(), "{path} is answered with {status}: {text}");
        Ok(serde_json::from_str(&text)?)
    }
}
