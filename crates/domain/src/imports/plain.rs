//! Plain files: the shop's own columns, any of them.

use super::{COLUMNS, Column, FileRow, PlainRow, unquoted};

/// The most columns that a message names.
const MOST: usize = 50;
/// The most characters of the name of a column in a message.
const LONGEST: usize = 64;

/// The columns of a plain file, `None` for one that is left out.
#[derive(Debug, Clone)]
pub struct Plain {
    columns: Vec<Option<Column>>,
    /// Whether pictures are read.
    fetches: bool,
}

/// The columns that can identify a product.
const KEYS: [&str; 3] = ["id", "sku", "slug"];

impl Plain {
    /// Reads the names, in any case. Columns without a name are empty. With `ignore_unknown`, nothing is read of a column
    /// that nobody knows.
    ///
    /// # Errors
    /// Every unknown, repeated and missing column, in one message.
    pub fn new(header: &[String], ignore_unknown: bool) -> Result<Self, String> {
        let (mut columns, mut unknown, mut repeated) = (Vec::<Option<Column>>::new(), Vec::new(), Vec::new());
        for name in header {
            let column = Column::parse(name);
            match &column {
                None if !name.trim().is_empty() && !ignore_unknown => unknown.push(name.trim()),
                Some(known) if columns.contains(&column) => repeated.push(known.name()),
                _ => {}
            }
            columns.push(column);
        }
        let has = |name| columns.iter().flatten().any(|column| *column == Column::Fixed(name));
        let mut faults = Vec::new();
        if !unknown.is_empty() {
            faults.push(format!("has {} {}", counted("unknown column", unknown.len()), shown(&unknown)));
        }
        if !repeated.is_empty() {
            faults.push(format!("names twice: {}", repeated.join(", ")));
        }
        if !KEYS.into_iter().any(has) {
            faults.push("lacks id, sku or slug".to_owned());
        }
        if faults.is_empty() {
            return Ok(Self { columns, fetches: false });
        }
        let all = COLUMNS.join(",");
        Err(format!("the header {}; the columns are {all},attr.CODE,option.CODE, in any case", faults.join("; ")))
    }

    /// The same columns, with or without those of pictures.
    #[must_use]
    pub fn fetching(self, fetches: bool) -> Self {
        Self { fetches, ..self }
    }

    /// Whether a row names pictures that are not read.
    pub(super) fn leaves_pictures_out(&self, row: &FileRow) -> bool {
        let mut cells = self.columns.iter().enumerate();
        let names = |(place, column): (usize, &Option<Column>)| {
            column.as_ref().is_some_and(Column::is_of_pictures) && !row.cell(place).is_empty()
        };
        !self.fetches && cells.any(names)
    }

    /// Whether the file says nothing of products but their stock, and so is about nothing else.
    pub fn is_stock_alone(&self) -> bool {
        let is_key = |name: &str| KEYS.contains(&name) || name == "barcode";
        let others =
            || self.columns.iter().flatten().filter(|column| !matches!(column, Column::Fixed(name) if is_key(name)));
        others().count() == 1 && others().all(|column| *column == Column::Fixed("stock"))
    }

    /// What each column is.
    pub fn columns(&self) -> &[Option<Column>] {
        &self.columns
    }

    /// What a row means.
    pub fn translate(&self, row: &FileRow) -> PlainRow {
        let cells = self.columns.iter().zip(&row.cells);
        let cells = cells.filter_map(|(column, cell)| Some((column.clone()?, unquoted(cell).to_owned())));
        let cells = cells.filter(|(column, _)| self.fetches || !column.is_of_pictures());
        PlainRow { cells: cells.collect(), ..PlainRow::at(row.line) }
    }
}

fn counted(noun: &str, number: usize) -> String {
    if number == 1 { format!("the {noun}") } else { format!("{number} {noun}s:") }
}

/// The names in quotes, cut if they are long or many.
pub(super) fn shown<T: AsRef<str>>(names: &[T]) -> String {
    let cut = |name: &T| format!("{:?}", name.as_ref().chars().take(LONGEST).collect::<String>());
    let mut shown: Vec<_> = names.iter().take(MOST).map(cut).collect();
    if names.len() > MOST {
        shown.push(format!("and {} more", names.len() - MOST));
    }
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(line: &str) -> Result<Plain, String> {
        Plain::new(&line.split(',').map(str::to_owned).collect::<Vec<_>>(), false)
    }

    #[test]
    fn all_unknown_and_repeated_columns_are_named_at_once_r230() {
        for (line, why) in [
            ("a", "has the unknown column \"a\"; lacks id, sku or slug"),
            ("sku,name,Vendor,Größe", "has 2 unknown columns: \"Vendor\", \"Größe\""),
            ("sku,name,SKU,Name", "names twice: sku, name"),
            ("name,price,EUR", "has the unknown column \"EUR\"; lacks id, sku or slug"),
        ] {
            let refused = plain(line).unwrap_err();
            assert!(refused.starts_with(&format!("the header {why}; the columns are id,sku,name")), "{refused}");
        }
        let many = plain(&vec!["x".repeat(100); 60].join(",")).unwrap_err();
        assert!(many.contains(", and 10 more; lacks") && many.len() < 5000, "{many}");
        assert!(Plain::new(&["sku".into(), "Vendor".into()], true).is_ok());
    }

    #[test]
    fn any_columns_are_enough_if_one_says_which_product_it_is_r230() {
        assert!(plain("SKU,Price").is_ok() && plain("slug,attr.colour").is_ok());
        assert!(plain("sku,stock").unwrap().is_stock_alone() && plain("id,,barcode,Stock").unwrap().is_stock_alone());
        assert!(!plain("sku,price,stock").unwrap().is_stock_alone() && !plain("sku").unwrap().is_stock_alone());
    }

    #[test]
    fn a_cell_is_read_without_the_apostrophe_before_a_formula_r233() {
        let row = FileRow { line: 7, cells: vec!["a".into(), "'=1".into()] };
        let read = plain("sku,name").unwrap().translate(&row);
        let expected = vec![(Column::Fixed("sku"), "a".to_owned()), (Column::Fixed("name"), "=1".to_owned())];
        assert_eq!((read.line, read.cells), (7, expected));
    }
}
