//! The fields of a promotion, in forms.

use std::collections::BTreeSet;

use application::Error;
use domain::addresses::CountryCode;
use domain::pricing::{Action, BuyGet, Conditions, PromotionClass, PromotionName, Targets};
use domain::products::{ProductFilter, ProductId, ProductSort, Sku};
use domain::promotions::{
    MAX_COUNTRIES, MAX_PRODUCTS, PercentOff, Priority, Promotion, PromotionDetails, Units, UsageLimit,
};
use domain::{Code, Invalid, Limit, Price, UtcDateTime, Uuid, plain_integer};
use maud::{Markup, html};

use crate::form::{Form, Held};
use crate::parts::{Field, local, number, typed_moment, typed_money, typed_percent};
use crate::request::{Staff, first};

const CLASSES: [(&str, &str); 3] = [("line", "Products"), ("order", "The whole order"), ("shipping", "Shipping")];
const ACTIONS: [(&str, &str); 4] = [
    ("percent", "A percentage"),
    ("amount", "An amount of all together"),
    ("amount_each", "An amount of each unit"),
    ("buy_get", "Buy some, get some cheaper"),
];
const CODES: [(&str, &str); 2] = [("", "Everybody"), ("true", "Who gives one of its codes")];
const YES_OR_NO: [(&str, &str); 2] = [("", "No"), ("true", "Yes")];
/// The boxes of classes with which it may stand.
const COMBINES: [(&str, &str); 3] =
    [("combines_line", "line"), ("combines_order", "order"), ("combines_shipping", "shipping")];

/// What the fields hold. Products are named by SKU, or by id if they have none.
///
/// # Errors
/// If the database does not answer.
pub(super) async fn held(staff: &Staff, promotion: &Promotion) -> Result<Vec<Held>, Error> {
    let ids: Vec<_> = promotion.targets.0.iter().copied().collect();
    let known = staff.office.queries.products.summaries(&ids).await?;
    let named = |id: &ProductId| {
        let sku = known.iter().find(|product| product.id == *id).and_then(|product| product.sku.as_ref());
        sku.map_or_else(|| id.to_string(), Sku::to_string)
    };
    let products = ids.iter().map(named).collect::<Vec<_>>().join("\n");
    let money = |price| number(staff.office.shop.money(price));
    let moment = |at| local(staff.office.calendar.as_ref(), at);
    let flag = |is: bool| if is { "true".to_owned() } else { String::new() };
    let count = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    let conditions = &promotion.conditions;
    let countries: Vec<_> = conditions.countries.iter().map(CountryCode::as_str).collect();
    let combines =
        COMBINES.map(|(field, class)| (field, flag(promotion.combines.iter().any(|one| one.as_str() == class))));
    let shared = [
        ("name", promotion.name.to_string()),
        ("class", promotion.class.as_str().to_owned()),
        ("products", products),
        ("min_subtotal", conditions.min_subtotal.map(money).unwrap_or_default()),
        ("min_quantity", count(conditions.min_quantity)),
        ("countries", countries.join(", ")),
        ("first_order", flag(conditions.first_order)),
        ("code_needed", flag(promotion.code_needed)),
        ("priority", promotion.priority.get().to_string()),
        ("starts_at", moment(promotion.starts_at)),
        ("ends_at", promotion.ends_at.map(moment).unwrap_or_default()),
        ("usage_limit", count(promotion.usage_limit.map(UsageLimit::get))),
        ("per_customer_limit", count(promotion.per_customer_limit.map(UsageLimit::get))),
    ];
    Ok(shared.into_iter().chain(combines).chain(held_action(promotion.action, &money)).collect())
}

fn held_action(action: Action, money: &dyn Fn(Price) -> String) -> Vec<Held> {
    let (mut percent, mut amount, mut buy, mut get, mut times) = <(String, String, String, String, String)>::default();
    let kind = match action {
        Action::Percent(rate) => {
            percent = rate.in_percent();
            "percent"
        }
        Action::Amount(price) => {
            amount = money(price);
            "amount"
        }
        Action::AmountEach(price) => {
            amount = money(price);
            "amount_each"
        }
        Action::BuyGet(group) => {
            percent = group.off.in_percent();
            (buy, get) = (group.buy.to_string(), group.get.to_string());
            times = group.max_times.map(|times| times.to_string()).unwrap_or_default();
            "buy_get"
        }
    };
    let kind = ("action", kind.to_owned());
    vec![kind, ("percent", percent), ("amount", amount), ("buy", buy), ("get", get), ("max_times", times)]
}

/// What is typed; `None` if something is refused.
///
/// # Errors
/// If the database does not answer.
pub(super) async fn typed(staff: &Staff, form: &mut Form) -> Result<Option<PromotionDetails>, Error> {
    let products = products(staff, form).await?;
    Ok(details(staff, form, products))
}

fn details(staff: &Staff, form: &mut Form, products: Option<BTreeSet<ProductId>>) -> Option<PromotionDetails> {
    let price = |raw: &str| Price::parse(typed_money(raw, staff.office.shop.currency)?);
    let moment = |raw: &str| -> Result<UtcDateTime, Invalid> { typed_moment(raw, staff.office.calendar.as_ref()) };
    let name = form.required("name", PromotionName::parse);
    let class = form.required("class", PromotionClass::parse);
    let action = action(form, &price);
    let min_subtotal = form.optional("min_subtotal", price);
    let min_quantity = form.optional("min_quantity", units);
    let countries = form.optional("countries", countries);
    let priority = form.optional("priority", |raw| Priority::parse(plain_integer(raw)?));
    let starts_at = form.optional("starts_at", moment);
    let ends_at = form.optional("ends_at", moment);
    let usage_limit = form.optional("usage_limit", limit);
    let per_customer_limit = form.optional("per_customer_limit", limit);
    let ticked = COMBINES.iter().filter(|(field, _)| form.text(field).is_some());
    let combines = ticked.filter_map(|(_, class)| PromotionClass::parse(class).ok()).collect();
    let conditions = Conditions {
        min_subtotal: min_subtotal?,
        min_quantity: min_quantity?,
        products: BTreeSet::new(),
        countries: countries?.unwrap_or_default(),
        first_order: form.text("first_order").is_some(),
    };
    Some(PromotionDetails {
        name: name?,
        class: class?,
        action: action?,
        conditions,
        targets: Targets(products?),
        combines,
        code_needed: form.text("code_needed").is_some(),
        priority: priority?.unwrap_or_default(),
        starts_at: starts_at?,
        ends_at: ends_at?,
        usage_limit: usage_limit?,
        per_customer_limit: per_customer_limit?,
    })
}

fn units(raw: &str) -> Result<i64, Invalid> {
    Units::parse(plain_integer(raw)?).map(Units::get)
}

fn limit(raw: &str) -> Result<UsageLimit, Invalid> {
    UsageLimit::parse(plain_integer(raw)?)
}

fn action(form: &mut Form, price: &dyn Fn(&str) -> Result<Price, Invalid>) -> Option<Action> {
    let percent = |raw: &str| PercentOff::parse(typed_percent(raw)?).map(PercentOff::rate);
    match form.text("action")? {
        "percent" => form.required("percent", percent).map(Action::Percent),
        "amount" => form.required("amount", price).map(Action::Amount),
        "amount_each" => form.required("amount", price).map(Action::AmountEach),
        "buy_get" => {
            let (buy, get) = (form.required("buy", units), form.required("get", units));
            let off = form.required("percent", percent);
            let max_times = form.optional("max_times", units);
            Some(Action::BuyGet(BuyGet { buy: buy?, get: get?, off: off?, max_times: max_times? }))
        }
        _ => form.refuse("action", Invalid::new(Code::NotAllowed, "must be one of those in the list")),
    }
}

fn countries(raw: &str) -> Result<Vec<CountryCode>, Invalid> {
    let all: BTreeSet<_> = raw
        .split([',', ' ', '\n'])
        .map(str::trim)
        .filter(|code| !code.is_empty())
        .map(|code| CountryCode::parse(&code.to_uppercase()))
        .collect::<Result<_, _>>()?;
    if all.len() > MAX_COUNTRIES {
        return Err(Invalid::new(Code::TooLong, format!("must have at most {MAX_COUNTRIES} countries")));
    }
    Ok(all.into_iter().collect())
}

/// The products that are named in lines, by SKU or id.
async fn products(staff: &Staff, form: &mut Form) -> Result<Option<BTreeSet<ProductId>>, Error> {
    let typed = form.text("products").unwrap_or_default().to_owned();
    let named: Vec<_> = typed.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if named.len() > MAX_PRODUCTS {
        let message = format!("must have at most {MAX_PRODUCTS} lines");
        return Ok(form.refuse("products", Invalid::new(Code::TooLong, message)));
    }
    let mut found = BTreeSet::new();
    let by_sku: Vec<_> = named.iter().filter(|name| Uuid::try_parse(name).is_err()).copied().collect();
    found.extend(named.iter().filter_map(|name| Uuid::try_parse(name).ok()).map(ProductId));
    let most = usize::try_from(Limit::MAX).unwrap_or(usize::MAX);
    for some in by_sku.chunks(most) {
        let skus: Vec<_> = some.iter().filter_map(|sku| Sku::parse(sku).ok()).collect();
        let filter = ProductFilter { skus, ..ProductFilter::default() };
        let page = first(Limit::MAX);
        // A filter without any SKU is one for all products.
        let known = if filter.skus.is_empty() {
            Vec::new()
        } else {
            staff.office.queries.products.list(&filter, ProductSort::CreatedAtDescending, &page).await?.items
        };
        for sku in some {
            let is_it = |known: &Sku| known.as_str() == *sku;
            let Some(view) = known.iter().find(|view| view.product.sku.as_ref().is_some_and(is_it)) else {
                let message = format!("must name products by SKU or id, and there is no {sku}");
                return Ok(form.refuse("products", Invalid::new(Code::NotFound, message)));
            };
            found.insert(view.product.id);
        }
    }
    Ok(Some(found))
}

/// The fields.
pub(super) fn fields(staff: &Staff, form: &Form) -> Markup {
    let currency = staff.office.shop.currency.code();
    let zone = format!("In {}.", staff.office.calendar.zone());
    html! {
        (Field::text(form, "name", "Name").max(PromotionName::MAX).required().hint("Buyers read it."))
        h2 { "What it takes off" }
        div.pair {
            (Field::choice(form, "class", "Off", &CLASSES))
            (Field::choice(form, "action", "How much", &ACTIONS))
        }
        div.pair {
            (Field::text(form, "percent", "Percent").suffix("%").hint("Of a percentage, and of what is got cheaper."))
            (Field::text(form, "amount", "Amount").suffix(currency).hint("Of an amount."))
        }
        div.pair {
            (Field::text(form, "buy", "Buy").hint("Units at their price."))
            (Field::text(form, "get", "Get").hint("Units that are cheaper, of the same goods."))
        }
        (Field::text(form, "max_times", "Maximum times").hint("Of buying and getting, in one order. Empty: without limit."))
        (Field::text(form, "products", "For these products").lines(3).hint("SKUs, one in each line. Empty: all."))
        h2 { "When it applies" }
        div.pair {
            (Field::choice(form, "code_needed", "For", &CODES))
            (Field::choice(form, "first_order", "First orders only", &YES_OR_NO))
        }
        div.pair {
            (Field::text(form, "min_subtotal", "Goods cost at least").suffix(currency))
            (Field::text(form, "min_quantity", "At least so many units"))
        }
        (Field::text(form, "countries", "Only to these countries").hint("Such as DE, AT. Empty: to all."))
        div.pair {
            (Field::text(form, "starts_at", "From").kind("datetime-local").hint(&zone))
            (Field::text(form, "ends_at", "Until").kind("datetime-local").hint(&zone))
        }
        div.pair {
            (Field::text(form, "usage_limit", "Maximum uses"))
            (Field::text(form, "per_customer_limit", "Maximum uses per customer"))
        }
        (Field::text(form, "priority", "Priority").hint("Of several, the one with the greater number is taken first."))
        fieldset.field {
            legend { "May stand with promotions off" }
            @for ((field, _), (_, shown)) in COMBINES.iter().zip(CLASSES) {
                label.check {
                    input type="checkbox" name=(field) value="true" checked[form.text(field).is_some()];
                    (shown)
                }
                (Field::text(form, field, shown).meanwhile())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_typed_as_it_is_shown_r245() {
        let money =
            |price: Price| number(domain::Money { amount: price.amount(), currency: domain::Currency::default() });
        let price = |raw: &str| Price::parse(typed_money(raw, domain::Currency::default())?);
        let rate = domain::pricing::RatePpm::from_trusted(125_000);
        let amount = Price::from_trusted(1999);
        let group = BuyGet { buy: 2, get: 1, off: rate, max_times: Some(3) };
        for shown in [Action::Percent(rate), Action::Amount(amount), Action::AmountEach(amount), Action::BuyGet(group)]
        {
            let mut form = Form::showing(held_action(shown, &money));
            assert_eq!(action(&mut form, &price), Some(shown));
        }
        let mut form = Form::showing([("action", "percent"), ("percent", "101")]);
        assert_eq!(action(&mut form, &price), None);
        assert!(form.fault("percent").is_some());
    }

    #[test]
    fn countries_are_listed_with_commas_or_blanks_r245() {
        let codes: Vec<_> = countries("DE, AT  CH\nDE").unwrap().iter().map(|code| code.as_str().to_owned()).collect();
        assert_eq!(codes, ["AT", "CH", "DE"]);
        assert!(countries("Germany").is_err());
    }
}
