mod sql;
mod to_do;

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::customers::CustomerId;
use domain::products::{ProductId, ProductName, Sku};
use domain::reports::{
    CustomerSales, Group, GroupTally, RefundPart, RefundedOrder, ReportQueries, Sales, Span, StockTotals, StockValue,
    Tally, ToDo,
};
use domain::{Currency, Page, PageRequest, Price, StoreError, Uuid};
use sea_orm::Value;

use super::queries::{DbQueries, after_id, at_id, rows};
use crate::db::convert::{micros, stored};
use crate::db::engine::{Error, Executor as _, FromRow, Row, Statement};

/// How many spans one statement sums up. SQLite takes at most 500 selects in a union.
const SPANS: usize = 100;

#[async_trait]
impl ReportQueries for DbQueries {
    async fn sold(&self, spans: &[Span]) -> Result<Vec<Tally>, StoreError> {
        let mut tallies = Vec::with_capacity(spans.len());
        for spans in spans.chunks(SPANS) {
            let sums: Vec<(usize, TallyRow)> = self.of_each(spans, &sql::sold(self.lists.backend())).await?;
            tallies.extend(in_order(spans, sums).into_iter().map(|row| row.0));
        }
        Ok(tallies)
    }

    async fn refunded(&self, spans: &[Span]) -> Result<Vec<i64>, StoreError> {
        let mut amounts = Vec::with_capacity(spans.len());
        for spans in spans.chunks(SPANS) {
            let sums: Vec<(usize, AmountRow)> = self.of_each(spans, &sql::refunded(self.lists.backend())).await?;
            amounts.extend(in_order(spans, sums).into_iter().map(|row| row.0));
        }
        Ok(amounts)
    }

    async fn sold_by(&self, span: Span, group: Group) -> Result<Vec<GroupTally>, StoreError> {
        let statement = Statement::new(sql::sold_by(group, self.lists.backend()), values(&span));
        let groups = self.lists.run(statement).await?.rows;
        let tally =
            |row: &Row| Ok(GroupTally { key: key(row, 0, group)?, name: row.at(1)?, tally: TallyRow::at(row, 2)?.0 });
        Ok(groups.iter().map(tally).collect::<Result<_, Error>>()?)
    }

    async fn refunded_by(&self, span: Span, group: Group) -> Result<Vec<RefundedOrder>, StoreError> {
        let statement = Statement::new(sql::refunded_by(group, self.lists.backend()), values(&span));
        let parts = self.lists.run(statement).await?.rows;
        let mut orders: Vec<(Uuid, RefundedOrder)> = Vec::new();
        for row in &parts {
            let part = RefundPart { key: key(row, 2, group)?, name: row.at(3)?, paid: row.at(4)? };
            let id: Uuid = row.at(0)?;
            match orders.last_mut() {
                Some((last, order)) if *last == id => order.parts.push(part),
                _ => orders.push((id, RefundedOrder { amount: row.at(1)?, parts: vec![part] })),
            }
        }
        Ok(orders.into_iter().map(|(_, order)| order).collect())
    }

    async fn of_customer(&self, customer_id: CustomerId) -> Result<Vec<CustomerSales>, StoreError> {
        let backend = self.lists.backend();
        let ask = async |sql| self.lists.run(Statement::new(sql, [customer_id.0.into()])).await;
        let (sold, refunded) = (ask(sql::sold_to(backend)).await?.rows, ask(sql::refunded_to(backend)).await?.rows);
        let currency =
            |row: &Row| -> Result<Currency, StoreError> { stored("currency", Currency::parse(&row.at::<String>(0)?)) };
        let mut refunds = BTreeMap::new();
        for row in &refunded {
            refunds.insert(currency(row)?.code(), row.at::<i64>(1)?);
        }
        let mut sales = BTreeMap::new();
        for row in &sold {
            let (currency, tally) = (currency(row)?, TallyRow::at(row, 1)?.0);
            let back = refunds.get(currency.code()).copied().unwrap_or_default();
            let overflow = |_| StoreError::corrupt("the sums of a customer do not fit");
            let sum = CustomerSales { currency, sales: Sales::new(tally, back).map_err(overflow)? };
            sales.insert(currency.code(), sum);
        }
        Ok(sales.into_values().collect())
    }

    async fn stock_values(&self, page: &PageRequest) -> Result<Page<StockValue>, StoreError> {
        let after = after_id(page).unwrap_or_else(Uuid::nil);
        let statement = Statement::new(sql::STOCK_VALUES, [after.into(), rows(page).into()]);
        let found: Vec<StockRow> = self.lists.rows(statement).await?;
        let values = found.into_iter().map(|row| row.0).collect();
        Ok(Page::cut(values, page.limit, |value: &StockValue| at_id(value.product_id.0)))
    }

    async fn stock_totals(&self) -> Result<StockTotals, StoreError> {
        let found: Vec<TotalsRow> = self.lists.rows(sql::STOCK_TOTALS).await?;
        Ok(found.into_iter().next().map(|row| row.0).unwrap_or_default())
    }

    async fn to_do(&self, most: u64) -> Result<ToDo, StoreError> {
        to_do::of_rows(self.lists.rows(to_do::statement(self.lists.backend(), most)).await?)
    }
}

impl DbQueries {
    /// The sums of each span, with its place among them.
    async fn of_each<R: SumRow>(&self, spans: &[Span], select: &str) -> Result<Vec<(usize, R)>, Error> {
        let selects = (0..spans.len()).map(|place| select.replacen("SELECT ", &format!("SELECT {place}, "), 1));
        let sql = selects.collect::<Vec<_>>().join(" UNION ALL ");
        let found = self.lists.run(Statement::new(sql, spans.iter().flat_map(values))).await?.rows;
        let place = |row: &Row| Ok::<_, Error>(usize::try_from(row.at::<i64>(0)?).unwrap_or(usize::MAX));
        found.iter().map(|row| Ok((place(row)?, R::at(row, 1)?))).collect()
    }
}

/// The sums in the order of the spans: a union has none.
fn in_order<R: Default>(spans: &[Span], sums: Vec<(usize, R)>) -> Vec<R> {
    let mut ordered: Vec<R> = spans.iter().map(|_| R::default()).collect();
    for (place, sum) in sums {
        if let Some(own) = ordered.get_mut(place) {
            *own = sum;
        }
    }
    ordered
}

/// The bounds of a span, as every statement takes them.
fn values(span: &Span) -> [Value; 2] {
    [micros(span.from).into(), micros(span.to).into()]
}

/// The key of a group.
fn key(row: &Row, column: usize, group: Group) -> Result<String, Error> {
    match group {
        Group::Product => Ok(row.at::<Uuid>(column)?.as_hyphenated().to_string()),
        Group::Category | Group::Country => row.at(column),
    }
}

/// A row of sums that is read from the columns from `column` on.
trait SumRow: Sized {
    fn at(row: &Row, column: usize) -> Result<Self, Error>;
}

#[derive(Default)]
struct TallyRow(Tally);

impl SumRow for TallyRow {
    fn at(row: &Row, column: usize) -> Result<Self, Error> {
        let sum = |place: usize| row.at(column + place);
        Ok(Self(Tally { orders: sum(0)?, units: sum(1)?, gross: sum(2)?, discounts: sum(3)? }))
    }
}

#[derive(Default)]
struct AmountRow(i64);

impl SumRow for AmountRow {
    fn at(row: &Row, column: usize) -> Result<Self, Error> {
        Ok(Self(row.at(column)?))
    }
}

struct StockRow(StockValue);

impl FromRow for StockRow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self(StockValue {
            product_id: ProductId(row.at(0)?),
            sku: row.at::<Option<String>>(1)?.map(Sku::from_trusted),
            name: ProductName::from_trusted(row.at(2)?),
            on_hand: row.at(3)?,
            price: Price::from_trusted(row.at(4)?),
        }))
    }
}

struct TotalsRow(StockTotals);

impl FromRow for TotalsRow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self(StockTotals { products: row.at(0)?, on_hand: row.at(1)?, value: row.at(2)? }))
    }
}
