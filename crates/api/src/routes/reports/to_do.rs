use std::sync::Arc;

use domain::reports::{Outstanding, ToDo};
use serde::Serialize;

use super::TAG;
use crate::context::State;
use crate::example;
use crate::extract::Staff;
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::{Body, Money, Resource};
use crate::schema::{Apiv2Schema, ResponseBody};

/// What waits to be done in the shop.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "ToDo")]
pub(crate) struct ToDoBody {
    /// How far each kind is counted. There may be more of a kind that has reached it.
    counted_up_to: u64,
    /// Orders that may be shipped, as `GET /orders?stage=to_ship` lists them.
    orders_to_ship: u64,
    /// Orders of which nothing is paid, as `GET /orders?payment_status=unpaid` lists them, and what they owe.
    orders_unpaid: OutstandingBody,
    /// Payments with a finding, as `GET /payments?finding=true` lists them.
    payments_with_finding: u64,
    /// Payments of which somebody has to pay money back by hand, as `GET /payments?refund_to_pay=true` lists them, and how
    /// much.
    refunds_to_pay: OutstandingBody,
    /// Products below their reorder point, as `GET /stock?below_threshold=true` lists them.
    products_low: u64,
    /// Restocks that are on their way, as `GET /restocks?status=open` lists them.
    restocks_open: u64,
}

/// How many wait for money, and for how much.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Outstanding")]
struct OutstandingBody {
    count: u64,
    /// The sum of those that are counted, in each currency.
    sums: Vec<Money>,
}

impl From<ToDo> for ToDoBody {
    fn from(to_do: ToDo) -> Self {
        Self {
            counted_up_to: ToDo::MOST,
            orders_to_ship: to_do.orders_to_ship,
            orders_unpaid: to_do.orders_unpaid.into(),
            payments_with_finding: to_do.payments_with_finding,
            refunds_to_pay: to_do.refunds_to_pay.into(),
            products_low: to_do.products_low,
            restocks_open: to_do.restocks_open,
        }
    }
}

impl From<Outstanding> for OutstandingBody {
    fn from(Outstanding { count, sums }: Outstanding) -> Self {
        Self { count, sums: sums.into_iter().map(Money::from).collect() }
    }
}

impl ResponseBody for ToDoBody {
    fn example() -> Self {
        let owed = domain::Money { amount: 5997, currency: example::shop().currency };
        ToDo {
            orders_to_ship: 12,
            orders_unpaid: Outstanding { count: 2, sums: vec![owed] },
            products_low: 3,
            restocks_open: 1,
            ..ToDo::default()
        }
        .into()
    }
}

/// Counts have no version.
impl Body for ToDoBody {
    fn version(&self) -> Option<i64> {
        None
    }
}

pub(crate) const TO_DO: Operation = Operation::new(
    TAG,
    "toDoReport",
    "Show what waits to be done",
    "Orders to ship and to be paid, payments that need attention, refunds to pay by hand, products that are low, and restocks \
     to receive. Each kind is counted up to `counted_up_to`.",
);

pub(crate) async fn to_do(_staff: Staff, state: Arc<State>) -> Result<Resource<ToDoBody>, Problem> {
    Ok(Resource(state.queries.reports.to_do(ToDo::MOST).await?.into()))
}
