use super::format::COLUMNS;

/// The most columns that a message names.
const MOST: usize = 50;
/// The most characters of the name of a column in a message.
const LONGEST: usize = 64;

/// The header of a CSV file: the name of each column, `None` for one without a name.
#[derive(Default)]
pub(super) struct Header(Vec<Option<&'static str>>);

impl Header {
    /// Reads the names, in any case. Columns without a name must be empty.
    ///
    /// # Errors
    /// Every unknown, repeated and missing column, in one message.
    pub fn of<'a>(cells: impl Iterator<Item = &'a [u8]>) -> Result<Self, String> {
        let (mut columns, mut unknown, mut repeated) = (Vec::new(), Vec::new(), Vec::new());
        for cell in cells {
            let Ok(name) = std::str::from_utf8(cell) else { return Err("the header must be UTF-8".to_owned()) };
            let name = name.trim();
            let column = COLUMNS.into_iter().find(|column| column.eq_ignore_ascii_case(name));
            match column {
                None if !name.is_empty() => unknown.push(name),
                Some(column) if columns.contains(&Some(column)) => repeated.push(column),
                _ => {}
            }
            columns.push(column);
        }
        while columns.last() == Some(&None) {
            columns.pop();
        }
        let has = |column| columns.contains(&Some(column));
        let mut missing: Vec<_> = ["name", "price", "currency"].into_iter().filter(|column| !has(*column)).collect();
        if !has("id") && !has("sku") {
            missing.push("id or sku");
        }
        let mut faults = Vec::new();
        if !unknown.is_empty() {
            faults.push(format!("has {} {}", counted("unknown column", unknown.len()), shown(&unknown)));
        }
        if !repeated.is_empty() {
            faults.push(format!("names twice: {}", repeated.join(", ")));
        }
        if !missing.is_empty() {
            faults.push(format!("lacks {}", missing.join(", ")));
        }
        if faults.is_empty() {
            return Ok(Self(columns));
        }
        Err(format!("the header {}; the columns are {}, in any case", faults.join("; "), COLUMNS.join(",")))
    }

    /// Why a file without a header is refused.
    pub fn missing() -> String {
        format!("is empty: it needs a header with the columns {}", COLUMNS.join(","))
    }

    /// The number of columns up to the last one with a name.
    pub const fn width(&self) -> usize {
        self.0.len()
    }

    /// The name of a column, counted from 0.
    pub fn column(&self, place: usize) -> Option<&'static str> {
        self.0.get(place).copied().flatten()
    }
}

fn counted(noun: &str, number: usize) -> String {
    if number == 1 { format!("the {noun}") } else { format!("{number} {noun}s:") }
}

/// The names in quotes, cut if they are long or many.
fn shown(names: &[&str]) -> String {
    let cut = |name: &&str| format!("{:?}", name.chars().take(LONGEST).collect::<String>());
    let mut shown: Vec<_> = names.iter().take(MOST).map(cut).collect();
    if names.len() > MOST {
        shown.push(format!("and {} more", names.len() - MOST));
    }
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(line: &str) -> Result<Header, String> {
        Header::of(line.split(',').map(str::as_bytes))
    }

    #[test]
    fn names_are_known_in_any_case_and_empty_columns_at_the_end_do_not_count_l21() {
        let header = header(" SKU,Name\u{a0},,PRICE,Currency,, ").unwrap();
        let columns: Vec<_> = (0..8).map(|place| header.column(place)).collect();
        let known = [Some("sku"), Some("name"), None, Some("price"), Some("currency"), None, None, None];
        assert_eq!((columns.as_slice(), header.width()), (known.as_slice(), 5));
    }

    #[test]
    fn all_unknown_repeated_and_missing_columns_are_named_at_once_l21() {
        let all = "the columns are id,sku,name,description,price,currency,status,stock,tax_class,weight_grams,shippable,barcode,\
                   compare_at_price,available_from,available_until, in any case";
        for (line, why) in [
            ("a", "has the unknown column \"a\"; lacks name, price, currency, id or sku"),
            ("sku,name,price,currency,Vendor,Größe", "has 2 unknown columns: \"Vendor\", \"Größe\""),
            ("sku,name,price,currency,SKU,Name", "names twice: sku, name"),
            ("name,price,EUR", "has the unknown column \"EUR\"; lacks currency, id or sku"),
            ("name,price,currency", "lacks id or sku"),
        ] {
            assert_eq!(header(line).err(), Some(format!("the header {why}; {all}")), "{line}");
        }
        let many = header(&vec!["x".repeat(100); 60].join(",")).err().unwrap();
        assert!(many.starts_with("the header has 60 unknown columns: \"xxx") && many.contains("\"xxx"), "{many}");
        assert!(many.contains(", and 10 more; lacks") && many.len() < 4000, "{many}");
        assert_eq!(Header::of([&b"s\xffku"[..]].into_iter()).err().unwrap(), "the header must be UTF-8");
    }
}
