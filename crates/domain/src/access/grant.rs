use super::Scopes;

/// A grant beyond the scopes of who grants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beyond {
    /// What one would have to have besides; empty if one would have to be an administrator.
    pub missing: Scopes,
}

/// Refuses to give, take or change rights that one has not: nobody grants what they have not.
///
/// # Errors
/// If `theirs` has a scope that `own` has not.
pub fn expect_within(own: Scopes, theirs: Scopes) -> Result<(), Beyond> {
    if own.include(theirs) {
        return Ok(());
    }
    // Of what only administrators have there is no name.
    let missing = theirs.iter().filter(|scope| !own.include(Scopes::of(*scope))).collect();
    Err(Beyond { missing })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::access::Scope;

    #[test]
    fn only_an_administrator_grants_everything_r257() {
        let listed: Scopes = Scope::all().collect();
        assert_eq!(expect_within(Scopes::EVERYTHING, Scopes::EVERYTHING), Ok(()));
        let refused = expect_within(listed, Scopes::EVERYTHING).unwrap_err();
        assert!(refused.missing.is_empty(), "there is no scope that it lacks");
    }

    /// Some scopes.
    fn scopes() -> impl Strategy<Value = Scopes> {
        let all: Vec<_> = Scope::all().collect();
        let most = all.len();
        prop::sample::subsequence(all, 0..=most).prop_map(|scopes| scopes.into_iter().collect())
    }

    /// What somebody tries: to make the rights of one holder those of a list.
    #[derive(Debug, Clone)]
    struct Attempt {
        by: usize,
        of: usize,
        to: Scopes,
    }

    fn attempts() -> impl Strategy<Value = Vec<Attempt>> {
        let attempt = (0..5_usize, 0..5_usize, scopes()).prop_map(|(by, of, to)| Attempt { by, of, to });
        prop::collection::vec(attempt, 0..60)
    }

    proptest! {
        /// Whatever is tried in whatever order, nobody ends with more than all had together at first.
        #[test]
        fn no_sequence_of_grants_ends_with_more_than_there_was_r257_r261(
            first in prop::collection::vec(scopes(), 5),
            attempts in attempts(),
        ) {
            let union = first.iter().copied().fold(Scopes::NONE, Scopes::and);
            let mut holders = first;
            for Attempt { by, of, to } in attempts {
                let own = holders[by];
                let before = holders[of];
                if expect_within(own, before).is_ok() && expect_within(own, to).is_ok() {
                    holders[of] = to;
                }
                let now = holders.iter().copied().fold(Scopes::NONE, Scopes::and);
                prop_assert!(union.include(now));
            }
        }

        /// What is refused names exactly what is missing.
        #[test]
        fn a_refusal_names_what_is_missing_r257(own in scopes(), theirs in scopes()) {
            match expect_within(own, theirs) {
                Ok(()) => prop_assert!(own.include(theirs)),
                Err(Beyond { missing }) => {
                    prop_assert!(!missing.is_empty());
                    prop_assert!(own.and(missing).include(theirs));
                    prop_assert!(theirs.include(missing));
                }
            }
        }
    }
}
