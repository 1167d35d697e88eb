//! Files of products that `POST /imports` and the command line read again.

use std::sync::Arc;

use application::{Error, Queries};
use domain::Shop;
use domain::products::{ProductFilter, ProductSort};

use super::TAG;
use super::chosen::{Chosen, Taken};
use crate::context::State;
use crate::extract::{FromQuery, Params, Query, Staff};
use crate::files::{Exported, Format};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::{CsvFile, FileType, NdjsonFile, PagedFile};

/// Which products are exported.
pub(crate) struct ExportQuery {
    chosen: Chosen,
    sort: Option<ProductSort>,
}

impl FromQuery for ExportQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let Taken { chosen, is_by_change, .. } = Chosen::take(params);
        Some(Self { chosen: chosen?, sort: is_by_change.then_some(ProductSort::UpdatedAt) })
    }
}

pub(crate) const AS_CSV: Operation = Operation::new(
    TAG,
    "exportProducts",
    "Download products as a CSV file",
    "With the columns that `POST /imports` reads, the oldest first. The filters are those of `GET /products`, `attr.` and the \
     code of an attribute among them. It is no snapshot: what is changed meanwhile is written as it was before or after.",
);

pub(crate) async fn as_csv(_staff: Staff, state: Arc<State>, query: Query<ExportQuery>) -> Result<CsvFile, Problem> {
    export("products.csv", Format::Csv, &state, query.0).await
}

pub(crate) const AS_NDJSON: Operation = Operation::new(
    TAG,
    "exportProductsAsNdjson",
    "Download products as a file with a JSON object in each line",
    "As `GET /products/export.csv`, for `storekeeper import`.",
);

pub(crate) async fn as_ndjson(
    _staff: Staff,
    state: Arc<State>,
    query: Query<ExportQuery>,
) -> Result<NdjsonFile, Problem> {
    export("products.ndjson", Format::Ndjson, &state, query.0).await
}

async fn export<T: FileType>(
    name: &'static str,
    format: Format,
    state: &State,
    query: ExportQuery,
) -> Result<PagedFile<T>, Problem> {
    query.chosen.sought.expect_known(state, true).await?;
    let list = query.chosen.list(state, None, query.sort).await?;
    Ok(file(name, format, &state.queries, (state.shop, &state.files.pictures_base), list).await?)
}

/// A file of the products of a list; of none, if there is no list. URLs of pictures begin as `at` says.
///
/// # Errors
/// If the database does not answer.
pub(crate) async fn file<T: FileType>(
    name: &'static str,
    format: Format,
    queries: &Queries,
    at: (Shop, &str),
    list: Option<(ProductFilter, ProductSort)>,
) -> Result<PagedFile<T>, Error> {
    let exported = Exported::listed(queries, at, list).await?;
    let head = exported.head(format).map_err(|error| Error::Internal(error.into()))?;
    Ok(PagedFile::paged(name, head, exported, move |mut exported| async move {
        let lines = exported.next_lines(format).await?;
        Ok(lines.map(|lines| (lines, exported)))
    }))
}
