use crate::carts::LineRefusal;

/// Why a purchase can be quoted and not ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckoutProblem {
    /// The customer has not proved its email address, in a shop that wants that.
    EmailUnverified,
    /// A line cannot be ordered.
    Line(LineRefusal),
    /// Goods are shipped, and nobody knows where to.
    AddressMissing,
    /// Goods are shipped, and no shipping method is chosen.
    MethodMissing,
    /// The chosen method is not offered for these goods and this address, or no method is.
    ShippingUnavailable,
}

impl CheckoutProblem {
    /// The name in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EmailUnverified => "email_not_verified",
            Self::Line(refusal) => refusal.problem.as_str(),
            Self::AddressMissing => "address_missing",
            Self::MethodMissing => "shipping_method_missing",
            Self::ShippingUnavailable => "shipping_unavailable",
        }
    }
}
