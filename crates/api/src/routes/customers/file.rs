//! Files of customers.

use std::sync::Arc;

use application::Queries;
use domain::customers::{Customer, CustomerFilter, Exemption};

use super::TAG;
use crate::context::State;
use crate::extract::{FromQuery, Params, Query, Staff};
use crate::files::{csv_line, exported_line};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::{CsvFile, Timestamp, text_of};

/// Which customers are exported.
pub(crate) struct ExportQuery(CustomerFilter);

impl FromQuery for ExportQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        super::filter(params).0.map(Self)
    }
}

const COLUMNS: [&str; 7] = ["id", "name", "email", "phone", "tax_exempt", "created_at", "updated_at"];

pub(crate) const AS_CSV: Operation = Operation::new(
    TAG,
    "exportCustomers",
    "Download customers as a CSV file",
    "The filters and orders are those of `GET /customers`. `GET /customers/{id}/export` has all that is kept of one.",
);

pub(crate) async fn as_csv(_staff: Staff, state: Arc<State>, query: Query<ExportQuery>) -> Result<CsvFile, Problem> {
    Ok(file(&state.queries, query.0.0))
}

/// A file of the customers that a filter finds.
pub(crate) fn file(queries: &Queries, filter: CustomerFilter) -> CsvFile {
    let queries = queries.clone();
    CsvFile::of_list("customers.csv", csv_line(COLUMNS.into_iter()), move |page| {
        let (queries, filter) = (queries.clone(), filter.clone());
        async move { Ok(queries.customers.list(&filter, &page).await?.map(|customer| line(&customer))) }
    })
}

fn line(customer: &Customer) -> Vec<u8> {
    let cells: [String; COLUMNS.len()] = [
        customer.id.to_string(),
        customer.name.to_string(),
        customer.email.as_str().to_owned(),
        customer.phone.as_str().to_owned(),
        customer.tax_exempt.map(Exemption::as_str).unwrap_or_default().to_owned(),
        text_of(&Timestamp(customer.created_at)),
        text_of(&Timestamp(customer.updated_at)),
    ];
    exported_line(cells)
}
