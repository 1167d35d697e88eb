use std::borrow::Cow;

use super::{Choices, Column};
use crate::attributes::{AttributeCode, AttributeType};
use crate::{Code, Invalid};

/// A row of a file: its cells, in the order of the file's columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileRow {
    /// The line in the file, from 1; of a row of several lines, the first.
    pub line: u64,
    /// The cells. Those that are missing at the end are empty.
    pub cells: Vec<String>,
}

impl FileRow {
    /// The cell of a column, without white space around it.
    pub fn cell(&self, place: usize) -> &str {
        self.cells.get(place).map(|cell| cell.trim()).unwrap_or_default()
    }
}

/// A product as a plain file says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlainRow {
    /// The line in the file.
    pub line: u64,
    /// What stands in which column. An empty text takes away.
    pub cells: Vec<(Column, String)>,
    /// Attributes that the row needs, and that are made if there are none with these codes.
    pub defines: Vec<Definition>,
}

impl PlainRow {
    pub(super) fn at(line: u64) -> Self {
        Self { line, ..Self::default() }
    }

    pub(super) fn set(&mut self, column: &'static str, text: impl Into<String>) {
        if let Some(column) = Column::parse(column) {
            self.cells.push((column, text.into()));
        }
    }

    pub(super) fn set_option(&mut self, option: &Definition, text: impl Into<String>) {
        self.cells.push((Column::Option(option.code.clone()), text.into()));
        self.define(option);
    }

    pub(super) fn set_attribute(&mut self, of_group: bool, attribute: &Definition, text: impl Into<String>) {
        self.cells.push((Column::Attribute { of_group, code: attribute.code.clone() }, text.into()));
        self.define(attribute);
    }

    /// Adds the cells and the definitions of another row.
    pub(super) fn say(&mut self, other: &Self) {
        self.cells.extend_from_slice(&other.cells);
        for definition in &other.defines {
            self.define(definition);
        }
    }

    fn define(&mut self, definition: &Definition) {
        if !definition.code.is_built_in() && !self.defines.contains(definition) {
            self.defines.push(definition.clone());
        }
    }
}

/// An attribute that a file of another shop needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// The name in requests. An attribute that has it already is used as it is.
    pub code: AttributeCode,
    /// The name, for people.
    pub name: String,
    /// What kind of values it has.
    pub kind: AttributeType,
    /// Whether only staff sees it.
    pub is_internal: bool,
}

impl Definition {
    /// A choice of one term: the one of this name that the shop has, or else one whose code is made of its name.
    pub fn choice(name: &str, known: &Choices) -> Self {
        Self { code: known.code(name), name: name.trim().to_owned(), kind: AttributeType::Choice, is_internal: false }
    }

    pub(super) fn of(code: &str, name: &str, kind: AttributeType, is_internal: bool) -> Self {
        let code = AttributeCode::from_trusted(code.to_owned());
        Self { code, name: name.to_owned(), kind, is_internal }
    }
}

/// What an import leaves out, or reads in another way than it stands in the file. It is said once for a whole file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Note(pub Cow<'static, str>);

/// A refused cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// The line in the file, from 1; of a row of several lines, the first.
    pub line: u64,
    /// The column of the file, or `line` for the whole row.
    pub field: String,
    /// The reason.
    pub invalid: Invalid,
}

impl RowFault {
    pub(super) fn new(line: u64, field: &str, code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        Self { line, field: field.to_owned(), invalid: Invalid::new(code, message) }
    }
}

/// What rows of a file mean.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Translated {
    /// The products.
    pub rows: Vec<PlainRow>,
    /// What is refused.
    pub faults: Vec<RowFault>,
    /// What is left out, with its line.
    pub notes: Vec<(u64, Note)>,
}

impl Translated {
    pub(super) fn note(&mut self, line: u64, text: impl Into<Cow<'static, str>>) {
        self.notes.push((line, Note(text.into())));
    }

    pub(super) fn keep<T>(&mut self, line: u64, field: &str, read: Result<T, Invalid>) -> Option<T> {
        let fault = |invalid| RowFault { line, field: field.to_owned(), invalid };
        read.map_err(|invalid| self.faults.push(fault(invalid))).ok()
    }
}
