//! Lists of payments and of the ledger, each by the index that likely names the fewest rows.

use domain::payments::{LedgerFilter, PaymentFilter, PaymentKind, RefundStatus};
use sea_orm::sea_query::extension::mysql::{IndexHintScope, MySqlSelectStatementExt as _};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryTrait as _, Value};

use crate::db::convert::micros;
use crate::db::entities::{ledger_transfers as transfers, payments, refunds};
use crate::db::repositories::reach::{List, Named, Narrower, Sequence, indexed, unindexed};

/// The balance of an order that keeps more than it is owed, once its refunds under way are done.
const UNAPPLIED: &str = "EXISTS (SELECT 1 FROM order_balances b WHERE b.order_id = payments.order_id
    AND b.captured - b.refunded - (SELECT SUM(own.refund_pending) FROM payments own WHERE own.order_id = b.order_id)
        > b.total - b.cancelled)";

/// The payments, newest first.
pub(super) fn payments(filter: &PaymentFilter) -> List<payments::Entity> {
    use payments::{Column, Entity};
    let PaymentFilter { status, provider, reference, from, to, unapplied, with_finding, refund_to_pay } = filter;
    let by_reference =
        reference.as_ref().map(|it| ("payments_reference_unique", Column::ProviderReference.eq(it.as_str())));
    let by_status = status.map(|status| ("payments_by_status", Column::Status.eq(status.as_str())));
    let served = by_reference.or(by_status);
    let created = |named: Named<Column>| {
        Condition::all()
            .add_option(from.map(|from| named(Column::CreatedAt).gte(micros(from))))
            .add_option(to.map(|to| named(Column::CreatedAt).lt(micros(to))))
    };
    let in_time = from.or(*to).is_some();
    let beside = Condition::all()
        .add_option(status.map(|status| unindexed(Column::Status).eq(status.as_str())))
        .add_option(provider.as_ref().map(|provider| Column::Provider.eq(provider.as_str())))
        .add_option(unapplied.then(|| Expr::cust(UNAPPLIED)))
        .add_option(with_finding.then(|| unindexed(Column::Finding).is_not_null()))
        .add_option(refund_to_pay.then(to_pay_by_hand))
        .add(created(unindexed));
    let is_served = provider.is_none()
        && !(*unapplied || *with_finding || *refund_to_pay || in_time)
        && (reference.is_none() || status.is_none());
    let of_findings =
        with_finding.then(|| ("payments_by_finding", Entity::find().filter(Column::Finding.is_not_null())));
    let of_time = in_time.then(|| ("payments_by_time", Entity::find().filter(created(indexed))));
    List {
        all: Entity::find().apply_if(served.clone(), |find, (_, is)| find.filter(is)),
        index: served.map_or("PRIMARY", |(index, _)| index),
        sequence: Sequence::newest_first(Column::Id),
        filter: (!is_served).then_some(beside),
        narrower: [of_findings, of_time]
            .into_iter()
            .flatten()
            .map(|(index, find)| Narrower::by(index, find, Column::Id))
            .chain(refund_to_pay.then(of_pending_refunds))
            .collect(),
    }
}

/// The payments with a refund that is pending, which are those that have money going back.
fn of_pending_refunds() -> Narrower<payments::Entity> {
    let pending = Query::select()
        .column(refunds::Column::PaymentId)
        .from(refunds::Entity)
        .force_index("refunds_by_end", IndexHintScope::All)
        .and_where(refunds::Column::Status.eq(RefundStatus::Pending.as_str()))
        .to_owned();
    let find = payments::Entity::find().filter(payments::Column::Id.in_subquery(pending.clone()));
    Narrower { counted: vec![pending], find, index: "PRIMARY" }
}

/// The payments that people make, with a refund that is under way.
fn to_pay_by_hand() -> Condition {
    use payments::Column;
    Condition::all().add(Column::RefundPending.gt(0)).add(Column::Kind.is_in(by_hand()))
}

/// The kinds of payments that people make, and no provider.
pub(in crate::db::repositories) fn by_hand() -> impl Iterator<Item = &'static str> {
    PaymentKind::ALL.iter().filter(|kind| !kind.is_online()).map(|kind| kind.as_str())
}

/// The transfers, oldest first.
pub(super) fn ledger(filter: &LedgerFilter) -> List<transfers::Entity> {
    use transfers::{Column, Entity};
    let LedgerFilter { order_id, account, from, to } = filter;
    let written = |named: Named<Column>| {
        Condition::all()
            .add_option(from.map(|from| named(Column::At).gte(micros(from))))
            .add_option(to.map(|to| named(Column::At).lt(micros(to))))
    };
    let in_time = from.or(*to).is_some();
    let moves = account.as_ref().map(|account| {
        let name = account.to_string();
        Condition::any().add(Column::Debit.eq(name.as_str())).add(Column::Credit.eq(name.as_str()))
    });
    let beside = Condition::all().add_option(moves).add(written(unindexed));
    let by_time = Entity::find().filter(written(indexed));
    List {
        all: Entity::find().apply_if(*order_id, |find, id| find.filter(Column::OrderId.eq(id.0))),
        index: if order_id.is_some() { "ledger_transfers_by_order" } else { "PRIMARY" },
        sequence: Sequence::oldest_first(Column::Id),
        filter: (account.is_some() || in_time).then_some(beside),
        narrower: in_time.then(|| Narrower::by("ledger_transfers_by_time", by_time, Column::Id)).into_iter().collect(),
    }
}

/// The condition of a transfer that the filter names, with its values; the account is ignored.
pub(super) fn wanted_transfers(filter: &LedgerFilter) -> (String, Vec<Value>) {
    let LedgerFilter { order_id, from, to, account: _ } = filter;
    let parts = [
        order_id.map(|id| ("order_id = ?", Value::from(id.0))),
        from.map(|from| ("at >= ?", micros(from).into())),
        to.map(|to| ("at < ?", micros(to).into())),
    ];
    let (conditions, values): (Vec<_>, Vec<_>) = parts.into_iter().flatten().unzip();
    ([&["1 = 1"][..], &conditions[..]].concat().join(" AND "), values)
}
