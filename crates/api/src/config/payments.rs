use std::net::IpAddr;
use std::time::Duration;

use domain::Currency;
use domain::payments::{CaptureMode, LatePolicy, Settings as PaymentRules};
use url::{Host, Url};

use super::Hidden;
use super::parse::{boolean, domain, duration, method_types, number};
use super::reader::{Origin, Reader, Show};

const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_hours(24);

/// `payments.*`: how customers pay, and until when.
#[derive(Debug, Clone)]
pub struct PaymentSettings {
    /// What must be paid, until when, and when the money is taken.
    pub rules: PaymentRules,
    /// `payments.manual.*`: bank transfers; `None` if they are not taken.
    pub bank_transfer: Option<BankTransferSettings>,
    /// Whether cash is taken on delivery.
    pub cash: bool,
    /// Whether the test provider takes payments that are none.
    pub test: bool,
    /// `payments.stripe.*`; `None` without a key.
    pub stripe: Option<StripeSettings>,
}

/// `payments.manual.*`
#[derive(Debug, Clone)]
pub struct BankTransferSettings {
    /// What customers see.
    pub name: String,
    /// What they have to do.
    pub instructions: String,
    /// How long an order waits for the money.
    pub hold: Duration,
}

/// `payments.stripe.*`: the account of the shop at Stripe.
#[derive(Debug, Clone)]
pub struct StripeSettings {
    /// What the server calls Stripe with. No output shows it.
    pub secret_key: Hidden,
    /// The public key, for browsers.
    pub publishable_key: String,
    /// What notices are signed with.
    pub webhook_secrets: Vec<Hidden>,
    /// Where Stripe is.
    pub api_base: Url,
    /// The ways to pay; empty for those chosen on Stripe's page.
    pub payment_method_types: Vec<String>,
}

/// The settings of the shop that the settings of payments must be consistent with.
pub(super) struct Fitting {
    pub currency: Currency,
    /// `shop.total_step`
    pub total_step: i64,
    /// The smallest step of Stripe's amounts in the currency; `None` if Stripe does not charge it.
    pub stripe_step: Option<i64>,
}

/// Reads the settings. What does not fit to the shop is refused.
pub(super) fn payments(reader: &mut Reader, shop: Option<&Fitting>) -> Option<PaymentSettings> {
    let rules = rules(reader);
    let bank_transfer = bank_transfer(reader);
    let cash = reader.setting("payments.cash.enabled", "false", boolean);
    let test = reader.setting("payments.test.enabled", "false", boolean);
    let stripe = stripe(reader);
    let settings =
        PaymentSettings { rules: rules?, bank_transfer: bank_transfer?, cash: cash?, test: test?, stripe: stripe? };
    check(reader, &settings, shop?);
    Some(settings)
}

fn rules(reader: &mut Reader) -> Option<PaymentRules> {
    let is_required = reader.setting("payments.required", "false", boolean);
    let hold = reader.setting("payments.hold", "30m", duration(SECOND..=DAY * 30));
    let max_hold = reader.setting("payments.max_hold", "2h", duration(SECOND..=DAY * 30));
    let max_unpaid = reader.setting("payments.max_unpaid", "3", number(0..=1000));
    let capture = reader.setting("payments.capture", "automatic", domain(CaptureMode::parse));
    let late = reader.setting("payments.late", "refund", domain(LatePolicy::parse));
    let inline_timeout = reader.setting("payments.inline_timeout", "8s", duration(Duration::ZERO..=SECOND * 30));
    let rules = PaymentRules {
        is_required: is_required?,
        hold: hold?,
        max_hold: max_hold?,
        max_unpaid: max_unpaid?,
        capture: capture?,
        late: late?,
        inline_timeout: inline_timeout?,
    };
    if rules.max_hold < rules.hold {
        let origin = reader.origin("payments.max_hold");
        reader.refuse("payments.max_hold", "must not be shorter than payments.hold", origin);
    }
    Some(rules)
}

fn bank_transfer(reader: &mut Reader) -> Option<Option<BankTransferSettings>> {
    let enabled = reader.setting("payments.manual.enabled", "false", boolean);
    let name = reader.setting("payments.manual.name", "Bank transfer", text(100));
    let instructions = reader.optional("payments.manual.instructions", Show::Value, text(2000));
    let hold = reader.setting("payments.manual.hold", "7d", duration(SECOND * 60..=DAY * 90));
    let (name, instructions, hold) = (name?, instructions?, hold?);
    if !enabled? {
        return Some(None);
    }
    let Some(instructions) = instructions else {
        let why = "is required with payments.manual.enabled: where to, and in whose name, customers transfer money";
        reader.refuse("payments.manual.instructions", why, Origin::Default);
        return None;
    };
    Some(Some(BankTransferSettings { name, instructions, hold }))
}

fn stripe(reader: &mut Reader) -> Option<Option<StripeSettings>> {
    let secret_key = reader.optional("payments.stripe.secret_key", Show::Secret, key("a secret key", &["sk", "rk"]));
    let publishable_key =
        reader.optional("payments.stripe.publishable_key", Show::Value, key("a publishable key", &["pk"]));
    let webhook_secrets = reader.optional("payments.stripe.webhook_secrets", Show::Secret, secrets);
    let api_base = reader.setting("payments.stripe.api_base", "https://api.stripe.com", api_base);
    let types = reader.setting("payments.stripe.payment_method_types", "", method_types);
    let (secret_key, publishable_key, webhook_secrets) = (secret_key?, publishable_key?, webhook_secrets?);
    let (api_base, payment_method_types) = (api_base?, types?);
    let Some(secret_key) = secret_key else { return Some(None) };
    let Some(publishable_key) = publishable_key else {
        let why = "is required with payments.stripe.secret_key: browsers pay with it";
        reader.refuse("payments.stripe.publishable_key", why, Origin::Default);
        return None;
    };
    if is_live(&secret_key) != is_live(&publishable_key) {
        let why = "must be of the same mode as payments.stripe.secret_key: both live, or both of the test mode";
        let origin = reader.origin("payments.stripe.publishable_key");
        reader.refuse("payments.stripe.publishable_key", why, origin);
    }
    Some(Some(StripeSettings {
        secret_key,
        publishable_key: publishable_key.0,
        webhook_secrets: webhook_secrets.unwrap_or_default(),
        api_base,
        payment_method_types,
    }))
}

/// Refuses what does not go together.
fn check(reader: &mut Reader, settings: &PaymentSettings, shop: &Fitting) {
    let PaymentSettings { rules, bank_transfer, cash, test, stripe } = settings;
    let can_pay = bank_transfer.is_some() || *cash || *test || stripe.is_some();
    if rules.is_required && !can_pay {
        let origin = reader.origin("payments.required");
        let why = "must be false as long as no payments.* provider is enabled: nobody could pay";
        reader.refuse("payments.required", why, origin);
    }
    let Some(stripe) = stripe else { return };
    if *test && is_live(&stripe.secret_key) {
        let origin = reader.origin("payments.test.enabled");
        let why = "must be false with a live key in payments.stripe.secret_key: it would give goods away";
        reader.refuse("payments.test.enabled", why, origin);
    }
    let Fitting { currency, total_step, stripe_step } = *shop;
    let code = currency.code();
    match stripe_step {
        None => {
            let origin = reader.origin("shop.currency");
            let why = format!("is {code}, which Stripe does not charge: leave payments.stripe.secret_key out");
            reader.refuse("shop.currency", why, origin);
        }
        Some(step) if total_step % step != 0 => {
            let origin = reader.origin("shop.total_step");
            let why =
                format!("must be a multiple of {step}, because Stripe charges {code} in steps of {step} minor units");
            reader.refuse("shop.total_step", why, origin);
        }
        Some(_) => {}
    }
}

fn is_live(key: &Hidden) -> bool {
    key.0.split('_').nth(1) == Some("live")
}

/// A key of Stripe: its kind, its mode and the rest.
fn key(what: &'static str, kinds: &'static [&'static str]) -> impl Fn(&str) -> Result<Hidden, String> {
    move |raw| {
        let is_plain = raw.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let begins =
            kinds.iter().any(|kind| ["test", "live"].iter().any(|mode| raw.starts_with(&format!("{kind}_{mode}_"))));
        let kind = kinds.first().copied().unwrap_or_default();
        let allowed = || format!("must be {what} of Stripe, such as {kind}_test_…");
        (is_plain && begins).then(|| Hidden(raw.to_owned())).ok_or_else(allowed)
    }
}

/// Secrets, separated by commas. The error does not quote them.
fn secrets(raw: &str) -> Result<Vec<Hidden>, String> {
    let all: Vec<_> = raw.split(',').map(str::trim).filter(|one| !one.is_empty()).collect();
    let good =
        !all.is_empty() && all.iter().all(|one| one.len() >= 8 && one.bytes().all(|byte| byte.is_ascii_graphic()));
    let why =
        "must be secrets of webhook endpoints such as whsec_…, separated by commas, each with 8 characters or more";
    if good { Ok(all.into_iter().map(|one| Hidden(one.to_owned())).collect()) } else { Err(why.to_owned()) }
}

/// An address without a path. Plain `http`, which shows the key to everybody on the way, goes to this machine only.
fn api_base(raw: &str) -> Result<Url, String> {
    let why =
        "must be an https:// URL of a host alone, or an http:// one of this machine, such as http://127.0.0.1:8420";
    let url = Url::parse(raw).map_err(|_| why.to_owned())?;
    let is_loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        None => false,
    };
    let is_safe = url.scheme() == "https" || (url.scheme() == "http" && is_loopback);
    let is_host = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let is_anonymous = url.username().is_empty() && url.password().is_none();
    if is_safe && is_host && is_anonymous { Ok(url) } else { Err(why.to_owned()) }
}

fn text(max: usize) -> impl Fn(&str) -> Result<String, String> {
    move |raw| {
        let text = raw.trim();
        let good = (1..=max).contains(&text.chars().count());
        good.then(|| text.to_owned()).ok_or_else(|| format!("must have 1 to {max} characters"))
    }
}
