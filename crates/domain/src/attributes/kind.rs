crate::word::words! {
    /// What kind of values an attribute has. It never changes.
    AttributeType {
        /// Terms that the staff keep.
        Choice = "choice",
        /// A text of up to 500 characters.
        Text = "text",
        /// A whole number of up to 2^53, either sign.
        Integer = "integer",
        /// A number of up to 10^12, either sign, with up to 6 digits after the point.
        Decimal = "decimal",
        /// True or false.
        Boolean = "boolean",
        /// A day.
        Date = "date",
    }
}

impl AttributeType {
    /// Whether its values are numbers, which may have a unit.
    pub const fn is_number(self) -> bool {
        matches!(self, Self::Integer | Self::Decimal)
    }
}
