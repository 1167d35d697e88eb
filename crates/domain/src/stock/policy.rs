use super::MAX_ON_HAND;
use crate::{Code, Invalid, Rule};

/// The restock policy of a product: reorder point and target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RestockPolicy {
    threshold: i64,
    target: i64,
}

impl RestockPolicy {
    /// The bounds of reorder point and target.
    pub const BOUNDS: Rule = Rule::integer(0, MAX_ON_HAND);

    /// Parses a policy.
    ///
    /// # Errors
    /// The name of each refused field with the reason.
    pub fn parse(threshold: i64, target: i64) -> Result<Self, Vec<(&'static str, Invalid)>> {
        let mut bad = Vec::new();
        bad.extend(Invalid::range(threshold, 0, MAX_ON_HAND).map(|why| ("restock_threshold", why)));
        bad.extend(Invalid::range(target, 0, MAX_ON_HAND).map(|why| ("restock_target", why)));
        if bad.is_empty() && target < threshold {
            let why = Invalid::new(Code::TooSmall, "must not be below restock_threshold");
            bad.push(("restock_target", why));
        }
        if bad.is_empty() { Ok(Self { threshold, target }) } else { Err(bad) }
    }

    /// A stored value, which was parsed before it was stored. It is not checked again.
    pub const fn from_trusted(threshold: i64, target: i64) -> Self {
        Self { threshold, target }
    }

    /// The reorder point: a restock is due below this.
    pub const fn threshold(self) -> i64 {
        self.threshold
    }

    /// A restock fills up to this.
    pub const fn target(self) -> i64 {
        self.target
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restock_target_is_not_below_its_threshold_r42() {
        assert!(RestockPolicy::parse(0, 0).is_ok() && RestockPolicy::parse(5, 5).is_ok());
        let fields = |threshold, target| -> Vec<_> {
            RestockPolicy::parse(threshold, target).unwrap_err().into_iter().map(|(field, _)| field).collect()
        };
        assert_eq!(fields(-1, -1), ["restock_threshold", "restock_target"]);
        assert_eq!(fields(6, 5), ["restock_target"]);
        assert_eq!(fields(0, MAX_ON_HAND + 1), ["restock_target"]);
    }
}
