use std::sync::Arc;

use application::Error;
use domain::orders::{Order, OrderBalance, OrderId, OrderStatus};
use domain::payments::{Capabilities, CaptureMode, PaymentKind, PaymentProvider};
use domain::{Money as Sum, UtcDateTime};
use serde::Serialize;

use super::TAG;
use crate::context::State;
use crate::extract::{Caller, FromQuery, Params, Query, id_parameter};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Money, NoStore, Word};
use crate::schema::{Apiv2Schema, ResponseBody};

/// The order that is to be paid, if one is named.
pub(crate) struct Wanted(Option<OrderId>);

impl FromQuery for Wanted {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let about = "Whether each of them can pay this order.";
        params.optional("order_id", about, id_parameter(OrderId)).map(Self)
    }
}

/// The ways in which customers can pay.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "PaymentMethods")]
pub(crate) struct MethodsBody {
    items: Vec<MethodBody>,
}

/// A way to pay.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "PaymentMethod")]
struct MethodBody {
    /// What `POST /orders/{id}/payments` takes.
    provider: String,
    /// For people.
    name: String,
    kind: Word<PaymentKind>,
    /// Whether money is taken at once, or held first.
    capture: Word<CaptureMode>,
    /// For the provider's program in the browser.
    publishable_key: Option<String>,
    min_amount: Option<Money>,
    max_amount: Option<Money>,
    usable: bool,
    /// Why it is not usable: `currency`, `order_cancelled`, `order_expired`, `nothing_due`, `amount_below_minimum` or
    /// `amount_not_chargeable`.
    reason: Option<&'static str>,
}

pub(crate) const METHODS: Operation = Operation::new(
    TAG,
    "listPaymentMethods",
    "List the ways to pay",
    "With `order_id`, whether each of them can pay what is due of that order, and why not.",
)
.problems(&[Kind::NOT_FOUND]);

pub(crate) async fn methods(
    caller: Caller,
    state: Arc<State>,
    wanted: Query<Wanted>,
) -> Result<NoStore<MethodsBody>, Problem> {
    let order = match wanted.0.0 {
        Some(id) => {
            let found = state.queries.orders.get(id, caller.order_scope()).await?;
            Some(found.ok_or(Error::NotFound("order"))?)
        }
        None => None,
    };
    let obstacle = order.as_ref().and_then(|order| obstacle(order, state.clock.now()));
    let due = order.as_ref().map(due);
    let providers = state.payments.providers().all();
    let items = providers.map(|provider| MethodBody::of(provider.as_ref(), &state, due, obstacle)).collect();
    Ok(NoStore(MethodsBody { items }))
}

/// What is still to be paid of an order.
fn due(order: &Order) -> i64 {
    order.balance.as_ref().map_or(order.total.amount, OrderBalance::due)
}

/// What keeps an order from being paid, whoever moves the money.
fn obstacle(order: &Order, now: UtcDateTime) -> Option<&'static str> {
    let end = order.balance.as_ref().and_then(|balance| balance.pay_by);
    match () {
        () if order.status == OrderStatus::Cancelled => Some("order_cancelled"),
        () if end.is_some_and(|end| end <= now) => Some("order_expired"),
        () if due(order) == 0 => Some("nothing_due"),
        () => None,
    }
}

/// Why a provider does not take an amount.
fn amount_refused(can: &Capabilities, amount: i64) -> Option<&'static str> {
    match () {
        () if amount < can.min => Some("amount_below_minimum"),
        () if amount > can.max || amount % can.step != 0 => Some("amount_not_chargeable"),
        () => None,
    }
}

impl MethodBody {
    fn of(provider: &dyn PaymentProvider, state: &State, due: Option<i64>, obstacle: Option<&'static str>) -> Self {
        let currency = state.shop.currency;
        let (method, can) = (provider.method(), provider.capabilities(currency));
        let is_held = can.as_ref().is_some_and(|can| can.manual_capture);
        let capture = if is_held { state.payments.settings().capture } else { CaptureMode::Automatic };
        let refused = match (&can, due) {
            (None, _) => Some("currency"),
            (Some(can), Some(due)) => obstacle.or_else(|| amount_refused(can, due)),
            (Some(_), None) => None,
        };
        let money = |amount| Sum { amount, currency }.into();
        Self {
            provider: provider.name().to_string(),
            name: method.name,
            kind: method.kind.as_str().into(),
            capture: capture.as_str().into(),
            publishable_key: method.publishable_key,
            min_amount: can.as_ref().map(|can| money(can.min)),
            max_amount: can.as_ref().map(|can| money(can.max)),
            usable: refused.is_none(),
            reason: refused,
        }
    }
}

impl ResponseBody for MethodsBody {
    fn example() -> Self {
        let currency = crate::example::shop().currency;
        let money = |amount| Some(Sum { amount, currency }.into());
        let card = MethodBody {
            provider: "stripe".to_owned(),
            name: "Card".to_owned(),
            kind: PaymentKind::Card.as_str().into(),
            capture: CaptureMode::Automatic.as_str().into(),
            publishable_key: Some("pk_test_TYooMQauvdEDq54NiTphI7jx".to_owned()),
            min_amount: money(50),
            max_amount: money(999_999_999_999),
            usable: true,
            reason: None,
        };
        Self { items: vec![card] }
    }
}
