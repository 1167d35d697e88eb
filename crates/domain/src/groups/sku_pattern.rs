use crate::products::Sku;
use crate::slugs::Slug;
use crate::{Code, Invalid};

crate::text::text! {
    /// How the SKUs of members are made, such as `TEE-{size}-{colour}`: 1 to 200 characters.
    code SkuPattern, 1, 200, One
}

/// A piece of a pattern: text that is taken as it is, or the code of an option between braces.
#[derive(Debug, PartialEq, Eq)]
enum Part<'a> {
    Text(&'a str),
    Option(&'a str),
}

impl SkuPattern {
    /// Checks that it names each option, by its code, and nothing else.
    ///
    /// # Errors
    /// If it does not, or a brace stands alone.
    pub fn check(&self, options: &[&str]) -> Result<(), Invalid> {
        let parts = self.parts()?;
        let format = |message: String| Err(Invalid::new(Code::Format, message));
        if let Some(code) = parts.iter().find_map(|part| match part {
            Part::Option(code) if !options.contains(code) => Some(code),
            _ => None,
        }) {
            let code: String = code.chars().take(64).collect();
            return format(format!("names `{code}`, which is no option of the group"));
        }
        match options.iter().find(|code| !parts.contains(&Part::Option(code))) {
            Some(code) => format(format!("must name each option, and `{{{code}}}` is missing")),
            None => Ok(()),
        }
    }

    /// The SKU for these slugs, by the codes of the options. Slugs are written in capitals.
    ///
    /// # Errors
    /// If it is no SKU, for one because it is too long.
    pub fn filled(&self, slugs: &[(&str, &Slug)]) -> Result<Sku, Invalid> {
        let text = |part| match part {
            Part::Text(text) => text.to_owned(),
            Part::Option(code) => {
                let slug = slugs.iter().find(|(known, _)| *known == code);
                slug.map(|(_, slug)| slug.as_str().to_uppercase()).unwrap_or_default()
            }
        };
        Sku::parse(&self.parts()?.into_iter().map(text).collect::<String>())
    }

    fn parts(&self) -> Result<Vec<Part<'_>>, Invalid> {
        let alone = || Invalid::new(Code::Format, "must have a code between each `{` and `}`, such as `TEE-{size}`");
        let (mut parts, mut rest) = (Vec::new(), self.as_str());
        while let Some((text, after)) = rest.split_once('{') {
            let (code, after) = after.split_once('}').ok_or_else(alone)?;
            parts.extend([Part::Text(text), Part::Option(code)]);
            rest = after;
        }
        parts.push(Part::Text(rest));
        let is_alone =
            |part: &Part<'_>| matches!(part, Part::Text(text) | Part::Option(text) if text.contains(['{', '}']));
        if parts.iter().any(is_alone) { Err(alone()) } else { Ok(parts) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(pattern: &str) -> Result<String, Code> {
        let (m, blue) = (Slug::parse("m").unwrap(), Slug::parse("sky-blue").unwrap());
        let pattern = SkuPattern::parse(pattern).unwrap();
        let sku = pattern.check(&["size", "colour"]).and_then(|()| pattern.filled(&[("size", &m), ("colour", &blue)]));
        sku.map(|sku| sku.to_string()).map_err(|invalid| invalid.code)
    }

    #[test]
    fn a_sku_is_made_of_a_pattern_with_slugs_in_capitals_r205() {
        assert_eq!(filled("TEE-{size}-{colour}").unwrap(), "TEE-M-SKY-BLUE");
        assert_eq!(filled("{colour}{size}{size}").unwrap(), "SKY-BLUEMM");
    }

    #[test]
    fn a_pattern_names_each_option_and_nothing_else_r205() {
        for bad in
            ["TEE", "{size}", "{size}{colour}{brand}", "{size}{colour", "size}{size}{colour}", "{{size}}{colour}"]
        {
            assert_eq!(filled(bad), Err(Code::Format), "{bad}");
        }
        let long = format!("{}{{size}}{{colour}}", "x".repeat(60));
        assert_eq!(filled(&long), Err(Code::TooLong));
    }
}
