use std::collections::HashMap;
use std::io;

use application::Queries;
use domain::imports::{Sought, WholeProduct};
use domain::products::{ProductFilter, ProductId, ProductSort};
use domain::{Limit, PageRequest, Shop, StoreError};
use serde_json::Value;

use super::{Cells, Format, Writer};

/// Products read with one statement, when all are exported.
const PAGE: u64 = 500;

/// Which products come next.
enum Rest {
    /// All after one, in order of id.
    All(Option<ProductId>),
    /// A page of a list, and what follows.
    Listed(Box<(ProductFilter, ProductSort)>, PageRequest),
    /// None.
    Nothing,
}

/// The products of an export. It is not a snapshot: each page is read with statements of its own.
pub(crate) struct Exported {
    queries: Queries,
    cells: Cells,
    rest: Rest,
}

impl Exported {
    /// All products, in order of id, of a shop whose URLs of pictures begin so.
    pub async fn all(queries: &Queries, at: (Shop, &str)) -> Result<Self, StoreError> {
        Ok(Self { queries: queries.clone(), cells: Cells::of(queries, at).await?, rest: Rest::All(None) })
    }

    /// The products of a list; `None` for one that has none.
    pub async fn listed(
        queries: &Queries,
        at: (Shop, &str),
        list: Option<(ProductFilter, ProductSort)>,
    ) -> Result<Self, StoreError> {
        let all = Self::all(queries, at).await?;
        let rest = match list {
            None => Rest::Nothing,
            // It is the same list, of which more is read at once.
            Some((filter, ProductSort::CreatedAt)) if filter == ProductFilter::default() => all.rest,
            Some(list) => Rest::Listed(Box::new(list), PageRequest { limit: Limit::LARGEST, after: None }),
        };
        Ok(Self { rest, ..all })
    }

    /// The names of the columns.
    pub fn names(&self) -> Vec<String> {
        self.cells.names()
    }

    /// The values of the next products, in the order of the columns; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<Vec<Value>>>, StoreError> {
        let products = match &mut self.rest {
            Rest::Nothing => return Ok(None),
            Rest::All(after) => {
                let products = self.queries.imports.products_after(*after, PAGE).await?;
                let Some(last) = products.last() else { return Ok(None) };
                *after = Some(last.product.id);
                products
            }
            Rest::Listed(list, page) => {
                let found = self.queries.products.list(&list.0, list.1, page).await?;
                match found.next {
                    Some(next) => page.after = Some(next),
                    None => self.rest = Rest::Nothing,
                }
                let ids: Vec<_> = found.items.iter().map(|view| view.product.id).collect();
                self.whole(&ids).await?
            }
        };
        let groups = self.cells.groups(&self.queries, &products).await?;
        let pictures = self.cells.pictures(&self.queries, &products).await?;
        Ok(Some(products.iter().map(|whole| self.cells.values(whole, &groups, &pictures)).collect()))
    }

    /// These products, in this order, without those that are gone.
    async fn whole(&self, ids: &[ProductId]) -> Result<Vec<WholeProduct>, StoreError> {
        let found = self.queries.imports.products(&Sought { ids: ids.to_vec(), ..Sought::default() }).await?;
        let mut found: HashMap<_, _> = found.into_iter().map(|whole| (whole.product.id, whole)).collect();
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    /// How the file begins.
    pub fn head(&self, format: Format) -> io::Result<Vec<u8>> {
        let mut writer = Writer::of(format, Vec::new(), self.names());
        writer.start()?;
        writer.finish()
    }

    /// The lines of the next products; `None` at the end.
    pub async fn next_lines(&mut self, format: Format) -> Result<Option<Vec<u8>>, application::Error> {
        let Some(rows) = self.next().await? else { return Ok(None) };
        let mut writer = Writer::of(format, Vec::new(), self.names());
        let written = rows.iter().try_for_each(|row| writer.write(row)).and_then(|()| writer.finish());
        written.map(Some).map_err(|error| application::Error::Internal(error.into()))
    }
}
