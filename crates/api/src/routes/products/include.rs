//! What answers about products have besides, when they are asked for it.

use domain::{Code, Invalid, Rule, Ruled};

use crate::extract::{FromQuery, Params};

/// The most characters of what is asked for.
const MOST: usize = 100;

/// What is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Included {
    pub(super) attributes: bool,
    pub(super) group: bool,
    pub(super) own: bool,
}

impl Included {
    /// Parses words with commas between them, each of which must be allowed.
    pub(super) fn parse(raw: &str, allowed: &[&str]) -> Result<Self, Invalid> {
        let mut included = Self::default();
        if raw.len() > MOST {
            return Err(Invalid::new(Code::TooLong, format!("must be at most {MOST} characters")));
        }
        for word in raw.split(',').map(str::trim) {
            match word {
                "attributes" if allowed.contains(&word) => included.attributes = true,
                "group" if allowed.contains(&word) => included.group = true,
                "own" if allowed.contains(&word) => included.own = true,
                _ => return Err(Invalid::new(Code::NotAllowed, format!("must be: {}", allowed.join(", ")))),
            }
        }
        Ok(included)
    }
}

/// What is asked for with the items of a list.
pub(super) struct InList(pub(super) Included);

impl InList {
    pub(super) fn parse(raw: &str) -> Result<Self, Invalid> {
        Included::parse(raw, &["attributes", "group"]).map(Self)
    }
}

impl Ruled for InList {
    fn rule() -> Rule {
        Rule::Pattern { pattern: "^(attributes|group)(,(attributes|group))*$", min: 1, max: MOST }
    }
}

/// What is asked for with a product alone. Other parameters are passed over, as they were before there were any.
#[derive(Default)]
pub(crate) struct IncludedInProduct(pub(super) Included);

impl FromQuery for IncludedInProduct {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let parse = |raw: &str| Included::parse(raw, &["group", "own"]).map(Self);
        let included = params.optional("include", "What else it has: `group`, `own`, or both with a comma.", parse);
        params.pass_over_others();
        Some(included?.unwrap_or_default())
    }
}

impl Ruled for IncludedInProduct {
    fn rule() -> Rule {
        Rule::Pattern { pattern: "^(group|own)(,(group|own))*$", min: 1, max: MOST }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_words_may_be_asked_for_and_others_are_refused_r204_r207() {
        let parse = |raw| Included::parse(raw, &["group", "own"]);
        let both = Included { attributes: false, group: true, own: true };
        assert_eq!(parse("own,group").unwrap(), both);
        assert_eq!(parse("group, own").unwrap(), both);
        for bad in ["", "attributes", "group,", "Group"] {
            assert_eq!(parse(bad).unwrap_err().message, "must be: group, own", "{bad:?}");
        }
        assert_eq!(parse(&["own"; 26].join(",")).unwrap_err().code, Code::TooLong);
    }
}
