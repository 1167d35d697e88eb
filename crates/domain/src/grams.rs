crate::number::number! {
    /// A weight in grams: 0 to 10^9.
    Grams, 0, 1_000_000_000
}

/// 0, which stands for an unknown weight.
impl Default for Grams {
    fn default() -> Self {
        Self(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_is_0_to_10_to_the_9_grams_r100() {
        assert!(Grams::parse(0).is_ok() && Grams::parse(Grams::MAX).is_ok());
        assert!(Grams::parse(-1).is_err() && Grams::parse(Grams::MAX + 1).is_err());
    }
}
