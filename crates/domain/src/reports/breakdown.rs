use crate::word::words;

words! {
    /// What a row of a report of sales is about.
    Breakdown {
        /// An hour on the clocks of the shop.
        Hour = "hour",
        /// A day on the clocks of the shop.
        Day = "day",
        /// A week of ISO 8601, from Monday to Sunday.
        Week = "week",
        /// A month of the calendar, on the clocks of the shop.
        Month = "month",
        /// One product.
        Product = "product",
        /// The main category of products.
        Category = "category",
        /// The country that orders are sent to.
        Country = "country",
    }
}

/// How long each period of a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interval {
    /// An hour on the clocks of the shop.
    Hour,
    /// A day on the clocks of the shop.
    Day,
    /// A week of ISO 8601.
    Week,
    /// A month of the calendar.
    Month,
}

/// What sales are grouped by, other than time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// The product of a line.
    Product,
    /// The main category of the product.
    Category,
    /// The country of the shipping address.
    Country,
}

/// Whether the rows are periods or groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A row for each period, also one without sales.
    Periods(Interval),
    /// A row for each group with sales or refunds.
    Groups(Group),
}

impl Breakdown {
    /// Whether the rows are periods or groups, and which.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Hour => Kind::Periods(Interval::Hour),
            Self::Day => Kind::Periods(Interval::Day),
            Self::Week => Kind::Periods(Interval::Week),
            Self::Month => Kind::Periods(Interval::Month),
            Self::Product => Kind::Groups(Group::Product),
            Self::Category => Kind::Groups(Group::Category),
            Self::Country => Kind::Groups(Group::Country),
        }
    }

    /// The most days that a report with this breakdown covers.
    pub const fn most_days(self) -> u16 {
        match self {
            Self::Hour => 31,
            Self::Day | Self::Week | Self::Month => 400,
            Self::Product | Self::Category | Self::Country => 92,
        }
    }
}
