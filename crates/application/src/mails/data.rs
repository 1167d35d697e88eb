use std::collections::BTreeMap;

/// A value that a template shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A text, a number or an amount as people read it.
    Text(String),
    /// There is no value.
    Nothing,
    /// Several things of a kind.
    List(Vec<Fields>),
    /// Several values with names, such as a line of an order.
    Fields(Fields),
}

/// Values by name.
pub type Fields = BTreeMap<&'static str, Item>;

impl Item {
    /// Any value, as its text.
    #[expect(clippy::needless_pass_by_value, reason = "callers give values they have just made")]
    pub fn text(text: impl ToString) -> Self {
        Self::Text(text.to_string())
    }

    /// A text if there is one.
    pub fn optional<T: ToString>(text: Option<T>) -> Self {
        text.map_or(Self::Nothing, Self::text)
    }
}
