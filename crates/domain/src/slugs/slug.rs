use crate::{Code, Invalid, Rule, Ruled, Uuid, sort_key};

/// The name of a term, a product, a product group or a collection in addresses: 1 to 80 of `a-z`, `0-9` and `-`, and nothing that looks like an id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

impl Slug {
    /// The most characters allowed.
    pub const MAX: usize = 80;

    /// Parses a slug.
    ///
    /// # Errors
    /// If it is empty, too long, has other characters, or looks like an id.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let code = match raw.len() {
            0 => Code::TooShort,
            n if n > Self::MAX => Code::TooLong,
            _ if raw.bytes().all(fits) && !is_id(raw) => return Ok(Self(raw.to_owned())),
            _ => Code::Format,
        };
        Err(Invalid::new(code, "must have 1 to 80 small letters, digits or hyphens, and must not look like an id"))
    }

    /// The slug of the name of a term: folded, with hyphens for all that is neither a letter of `a-z` nor a digit. A name
    /// without any of these gets one of its id.
    pub fn of_name(name: &str, id: Uuid) -> Self {
        Self::made(name, 't', id)
    }

    /// The same of the name of a product or a product group.
    pub fn of_goods(name: &str, id: Uuid) -> Self {
        Self::made(name, 'p', id)
    }

    fn made(name: &str, letter: char, id: Uuid) -> Self {
        let mut slug = String::new();
        for c in sort_key(name).chars() {
            match c {
                'a'..='z' | '0'..='9' => slug.push(c),
                _ if slug.is_empty() || slug.ends_with('-') => {}
                _ => slug.push('-'),
            }
        }
        slug.truncate(Self::MAX);
        slug.truncate(slug.trim_end_matches('-').len());
        if slug.is_empty() {
            let id = id.simple().to_string();
            return Self(format!("{letter}-{}", id.get(24..).unwrap_or_default()));
        }
        if is_id(&slug) { Self(slug).numbered(2) } else { Self(slug) }
    }

    /// The same with a number at the end, cut so that it fits.
    #[must_use]
    pub fn numbered(&self, number: u64) -> Self {
        self.ended(&format!("-{number}"))
    }

    /// What takes its place where it is taken, in order: with a number from 2 to 9, and then with 12 digits of an id, which
    /// nobody else has. So a name that thousands have costs no more than one that two have.
    pub fn others(&self, id: Uuid) -> impl Iterator<Item = Self> {
        let id = id.simple().to_string();
        let last = self.ended(&format!("-{}", id.get(20..).unwrap_or_default()));
        (2..=9).map(|number| self.numbered(number)).chain([last])
    }

    fn ended(&self, end: &str) -> Self {
        let kept = self.0.get(..Self::MAX - end.len()).unwrap_or(&self.0);
        Self(format!("{}{end}", kept.trim_end_matches('-')))
    }

    /// The first of this slug and the numbered ones, from 2 on, that is not taken.
    #[must_use]
    pub fn free_among(&self, taken: &[Self]) -> Self {
        if !taken.contains(self) {
            return self.clone();
        }
        // One more than are taken is surely free.
        let mut numbered = (2..).map(|number| self.numbered(number));
        numbered.find(|slug| !taken.contains(slug)).unwrap_or_else(|| self.clone())
    }

    /// How its numbered ones begin.
    pub fn stem(&self) -> String {
        // Room for a number of as many digits as there may be terms.
        match self.0.get(..Self::MAX - 8) {
            Some(cut) => cut.trim_end_matches('-').to_owned(),
            None => format!("{}-", self.0),
        }
    }

    /// 1 to 80 of `a-z`, `0-9` and `-`, as it stands in addresses.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A stored value, which was parsed before it was stored. It is not checked again.
    pub fn from_trusted(stored: String) -> Self {
        Self(stored)
    }
}

/// Whether a text has the form of an id.
fn is_id(raw: &str) -> bool {
    raw.len() == 36 && Uuid::try_parse(raw).is_ok()
}

impl Ruled for Slug {
    fn rule() -> Rule {
        Rule::Pattern { pattern: "^[a-z0-9-]+$", min: 1, max: Self::MAX }
    }
}

impl std::fmt::Display for Slug {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

    fn of(name: &str) -> String {
        Slug::of_name(name, Uuid::try_parse(ID).unwrap()).0
    }

    #[test]
    fn a_slug_has_small_letters_digits_and_hyphens_and_is_no_id_r201() {
        assert!(Slug::parse("blue-2").is_ok() && Slug::parse(&"x".repeat(80)).is_ok());
        let code = |raw: &str| Slug::parse(raw).unwrap_err().code;
        assert_eq!((code(""), code(&"x".repeat(81))), (Code::TooShort, Code::TooLong));
        for bad in ["Blue", "a b", "ä", "a_b", "a/b", ID] {
            assert_eq!(code(bad), Code::Format, "{bad:?}");
        }
    }

    #[test]
    fn a_slug_is_made_of_the_folded_name_r201() {
        for (name, slug) in [
            ("Men's Shoes & Boots!", "men-s-shoes-boots"),
            ("  Größe  ÆØ ", "grosse-aeo"),
            ("-- 42 --", "42"),
            ("茶杯", "t-099a8057"),
            ("!!!", "t-099a8057"),
        ] {
            assert_eq!(of(name), slug, "{name}");
        }
        let long = of(&format!("{} b", "a".repeat(79)));
        assert_eq!(long, "a".repeat(79));
        assert_eq!(of(ID), format!("{ID}-2"));
        for name in ["Men's Shoes", "茶杯", ID, &"x ".repeat(100)] {
            assert!(Slug::parse(&of(name)).is_ok(), "{name}");
        }
    }

    #[test]
    fn goods_whose_name_has_no_letter_get_a_slug_of_their_id_r217() {
        let id = Uuid::try_parse(ID).unwrap();
        assert_eq!(Slug::of_goods("茶杯", id).as_str(), "p-099a8057");
        assert_eq!(Slug::of_goods("Größe 42, blau!", id).as_str(), "grosse-42-blau");
    }

    #[test]
    fn a_slug_that_is_taken_has_nine_others_each_of_which_is_a_slug_r217() {
        let id = Uuid::try_parse(ID).unwrap();
        for slug in ["blue", &"x".repeat(80), &format!("{}-a", "x".repeat(78))] {
            let others: Vec<_> = Slug::parse(slug).unwrap().others(id).collect();
            assert_eq!(others.len(), 9);
            for other in &others {
                assert_eq!(Slug::parse(other.as_str()).as_ref(), Ok(other));
            }
            assert!(others[0].as_str().ends_with("-2") && others[8].as_str().ends_with("-b302099a8057"), "{others:?}");
        }
        let blue: Vec<_> = Slug::parse("blue").unwrap().others(id).collect();
        assert_eq!((blue[7].as_str(), blue[8].as_str()), ("blue-9", "blue-b302099a8057"));
    }

    #[test]
    fn a_taken_slug_gets_the_next_number_that_is_free_r201() {
        let slug = |raw: &str| Slug::parse(raw).unwrap();
        let taken = [slug("blue"), slug("blue-2"), slug("blue-4")];
        assert_eq!(slug("blue").free_among(&taken).as_str(), "blue-3");
        assert_eq!(slug("red").free_among(&taken).as_str(), "red");
        assert_eq!(slug("blue").stem(), "blue-");
        let long = slug(&"x".repeat(80));
        let next = long.free_among(std::slice::from_ref(&long));
        assert_eq!(next.as_str(), format!("{}-2", "x".repeat(78)));
        assert!(next.as_str().starts_with(&long.stem()) && Slug::parse(next.as_str()).is_ok());
    }
}
