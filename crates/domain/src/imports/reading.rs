use super::pictures::NOT_FETCHED;
use super::plain::shown;
use super::{Choices, FileFormat, FileRow, Parents, Plain, RowFault, Shopify, Translated, WooCommerce, recognised};
use crate::{Code, Currency, DecimalMark};

/// The most rows of one product of Shopify: 2,000 variants, and pictures.
const MOST_TOGETHER: usize = 5_000;

/// How a file is to be read.
#[derive(Debug, Clone)]
pub struct Manner {
    /// Whose columns it has; `None` to find out.
    pub format: Option<FileFormat>,
    /// The shop's own names of columns, for those of the file.
    pub mapping: Vec<(String, String)>,
    /// Whether unknown columns are left out.
    pub ignore_unknown: bool,
    /// Whether values of the other shop's own become attributes.
    pub metafields: bool,
    /// Whether pictures are read; without, it is said that they are left out.
    pub fetch_media: bool,
    /// The currency of the shop.
    pub currency: Currency,
    /// How decimal prices are written, if anything is said of it.
    pub decimal: Option<DecimalMark>,
}

/// Reads the rows of a file one after another.
#[derive(Debug, Clone)]
pub struct Reading {
    header: Vec<String>,
    width: usize,
    layout: Layout,
}

#[derive(Debug, Clone)]
enum Layout {
    Plain(Plain),
    Shopify { columns: Box<Shopify>, together: Vec<FileRow> },
    WooCommerce { columns: Box<WooCommerce>, parents: Parents },
}

impl Reading {
    /// Reads a header.
    ///
    /// # Errors
    /// What is wrong with it, in one message.
    pub fn new(header: &[String], manner: &Manner) -> Result<Self, String> {
        let is = |name: &str, other: &str| name.trim().eq_ignore_ascii_case(other.trim());
        let missing = manner.mapping.iter().filter(|(theirs, _)| !header.iter().any(|name| is(name, theirs)));
        let missing: Vec<_> = missing.map(|(theirs, _)| theirs.as_str()).collect();
        if !missing.is_empty() {
            return Err(format!("the header lacks what is mapped: {}", shown(&missing)));
        }
        let mapped = |name: &String| {
            let ours = manner.mapping.iter().find(|(theirs, _)| is(name, theirs));
            ours.map_or_else(|| name.clone(), |(_, ours)| ours.clone())
        };
        let named: Vec<_> = header.iter().map(mapped).collect();
        let format = manner.format.unwrap_or_else(|| recognised(&named));
        let unknown = |strange: Vec<String>| {
            format!("the header has unknown columns: {}; map them, or leave unknown ones out", shown(&strange))
        };
        // With `ignore_unknown`, what nobody knows has no name, so that nothing is read of it.
        let without = |unknown: &[String]| {
            let keeps = |name: &&String| !manner.ignore_unknown || !unknown.iter().any(|one| is(one, name));
            let all = named.iter().map(|name| Some(name).filter(keeps).cloned().unwrap_or_default());
            all.collect::<Vec<_>>()
        };
        let layout = match format {
            FileFormat::Plain => Layout::Plain(Plain::new(&named, manner.ignore_unknown)?.fetching(manner.fetch_media)),
            FileFormat::Shopify => {
                let read = |header: &[String]| Shopify::new(header, manner.currency, manner.metafields);
                let columns = read(&named).or_else(|strange| read(&without(&strange))).map_err(unknown)?;
                let columns = columns.fetching(manner.fetch_media);
                Layout::Shopify { columns: Box::new(columns), together: Vec::new() }
            }
            FileFormat::WooCommerce => {
                let decimal = manner.decimal.unwrap_or(DecimalMark::Point);
                let read = |header: &[String]| WooCommerce::new(header, manner.currency, decimal);
                let columns = read(&named).or_else(|strange| read(&without(&strange))).map_err(unknown)?;
                let columns = columns.fetching(manner.fetch_media);
                Layout::WooCommerce { columns: Box::new(columns), parents: Parents::default() }
            }
        };
        let width = header.iter().rposition(|name| !name.trim().is_empty()).map_or(0, |last| last + 1);
        Ok(Self { header: header.to_vec(), width, layout })
    }

    /// Takes the choices of the shop for those of the same name in the file.
    pub fn know(&mut self, choices: &Choices) {
        match &mut self.layout {
            Layout::Plain(_) => {}
            Layout::Shopify { columns, .. } => columns.choices = choices.clone(),
            Layout::WooCommerce { columns, .. } => columns.choices = choices.clone(),
        }
    }

    /// Whose columns the file has.
    pub const fn format(&self) -> FileFormat {
        match self.layout {
            Layout::Plain(_) => FileFormat::Plain,
            Layout::Shopify { .. } => FileFormat::Shopify,
            Layout::WooCommerce { .. } => FileFormat::WooCommerce,
        }
    }

    /// The columns of the file, each with what it is read as, if anything.
    pub fn columns(&self) -> Vec<(String, Option<String>)> {
        let fields = match &self.layout {
            Layout::Plain(plain) => plain.columns().iter().map(|one| one.as_ref().map(super::Column::name)).collect(),
            Layout::Shopify { columns, .. } => columns.fields(),
            Layout::WooCommerce { columns, .. } => columns.fields(),
        };
        self.header.iter().cloned().zip(fields).filter(|(name, _)| !name.trim().is_empty()).collect()
    }

    /// Whether the file says nothing but how much there is.
    pub fn is_stock_alone(&self) -> bool {
        matches!(&self.layout, Layout::Plain(plain) if plain.is_stock_alone())
    }

    /// Whether all rows have to be [looked at](Self::look) before any is read.
    pub const fn looks_first(&self) -> bool {
        matches!(self.layout, Layout::WooCommerce { .. })
    }

    /// Looks at a row before any is read.
    pub fn look(&mut self, row: &FileRow) {
        if let Layout::WooCommerce { columns, parents } = &mut self.layout {
            columns.look(row, parents);
        }
    }

    /// Reads a row. What it means may be said with a later one.
    pub fn read(&mut self, row: FileRow) -> Translated {
        if let Some(fault) = self.misfit(&row) {
            return Translated { faults: vec![fault], ..Translated::default() };
        }
        match &mut self.layout {
            Layout::Plain(plain) => {
                let mut to = Translated { rows: vec![plain.translate(&row)], ..Translated::default() };
                if plain.leaves_pictures_out(&row) {
                    to.note(row.line, NOT_FETCHED);
                }
                to
            }
            Layout::WooCommerce { columns, parents } => columns.translate(&row, parents),
            Layout::Shopify { columns, together } => {
                let is_next = together.first().is_some_and(|first| {
                    let (handle, other) = (columns.handle(first), columns.handle(&row));
                    // Rows without a handle are of no product, and each is refused.
                    handle == other && !handle.is_empty() && together.len() < MOST_TOGETHER
                });
                if is_next {
                    together.push(row);
                    return Translated::default();
                }
                columns.translate(&std::mem::replace(together, vec![row]))
            }
        }
    }

    /// The line of the first row of which nothing is said yet.
    pub fn waits_from(&self) -> Option<u64> {
        match &self.layout {
            Layout::Shopify { together, .. } => together.first().map(|row| row.line),
            Layout::Plain(_) | Layout::WooCommerce { .. } => None,
        }
    }

    /// What is left to say after the last row.
    pub fn finish(&mut self) -> Translated {
        match &mut self.layout {
            Layout::Shopify { columns, together } => columns.translate(&std::mem::take(together)),
            Layout::Plain(_) | Layout::WooCommerce { .. } => Translated::default(),
        }
    }

    /// The refusal of a row whose cells do not match the columns of the header.
    fn misfit(&self, row: &FileRow) -> Option<RowFault> {
        let (cells, width) = (row.cells.len(), self.width);
        let format = |message: String| Some(RowFault::new(row.line, "line", Code::Format, message));
        let count = || format(format!("must have {width} columns, as the header has, not {cells}"));
        if cells < width {
            return count();
        }
        let is_named = |place: usize| self.header.get(place).is_some_and(|name| !name.trim().is_empty());
        let filled = |place: &usize| !is_named(*place) && !row.cell(*place).is_empty();
        match (0..cells).find(filled) {
            Some(place) if place < width => format(format!("has a value in column {}, which has no name", place + 1)),
            Some(_) => count(),
            None => None,
        }
    }
}

#[cfg(test)]
mod tests;
