//! Areas of a zone as people write them: one in each line, such as `DE`, `US CA` or `US CA 902*`.

use domain::pricing::{Area, AreaCountry, AreaRegion, PostalPrefix};
use domain::zones::{Members, MembersError, parts};
use domain::{Code, Invalid};

/// The areas, one in each line.
pub(super) fn lines(members: &Members) -> String {
    members.as_slice().iter().map(line).collect::<Vec<_>>().join("\n")
}

fn line(area: &Area) -> String {
    let (country, region, prefix) = parts(area);
    let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}*") };
    let all: Vec<_> = [country, region, &prefix].into_iter().filter(|part| !part.is_empty()).collect();
    all.join(" ")
}

/// The areas that are written.
///
/// # Errors
/// The line that is refused, with the reason.
pub(super) fn typed(raw: &str) -> Result<Members, Invalid> {
    let written: Vec<_> = raw.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let areas: Result<Vec<_>, _> = written.iter().map(|line| area(line).map_err(|why| of_line(line, &why))).collect();
    Members::parse(areas?).map_err(|refused| match refused {
        MembersError::Count(invalid) => invalid,
        MembersError::Repeated(places, invalid) => {
            let line = places.first().and_then(|place| written.get(*place)).copied().unwrap_or_default();
            of_line(line, &invalid)
        }
    })
}

/// The reason with the line that it is about.
fn of_line(line: &str, why: &Invalid) -> Invalid {
    Invalid::new(why.code, format!("{line}: {}", why.message))
}

fn area(line: &str) -> Result<Area, Invalid> {
    let (country, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let country = AreaCountry::parse(&country.to_uppercase())?;
    let rest = rest.trim();
    // What ends with a star is how postal codes begin; what stands before it is the region.
    let (region, prefix) = match rest.strip_suffix('*') {
        Some(rest) => rest.rsplit_once(char::is_whitespace).unwrap_or(("", rest)),
        None => (rest, ""),
    };
    let region = Some(region.trim()).filter(|region| !region.is_empty()).map(AreaRegion::parse).transpose()?;
    let prefix = Some(prefix).filter(|prefix| !prefix.is_empty()).map(PostalPrefix::parse).transpose()?;
    let refused = |field: &str, invalid: &Invalid| {
        Invalid::new(Code::Excluded, format!("the {} {}", field.replace('_', " "), invalid.message))
    };
    Area::new(country, region, prefix).map_err(|(field, invalid)| refused(field, &invalid))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_are_written_one_in_each_line_as_they_are_shown_r245() {
        let members = typed("DE\r\n us  ca\n\nUS NEW YORK\nUS CA 902*\nAT 10*\n").unwrap();
        assert_eq!(lines(&members), "AT 10*\nDE\nUS CA\nUS CA 902*\nUS NEW YORK");
        assert_eq!(typed(&lines(&members)).unwrap(), members);
        assert_eq!(lines(&typed("*").unwrap()), "*");
    }

    #[test]
    fn a_line_that_is_no_area_is_named_with_the_reason_r245_r249() {
        let refused = |raw: &str| typed(raw).unwrap_err().message.into_owned();
        assert!(refused("DE\nXX").starts_with("XX: must be an assigned ISO 3166-1"), "{}", refused("DE\nXX"));
        assert_eq!(refused("DE\nde"), "de: must not be in the list twice; case and blanks do not count");
        assert_eq!(refused("* CA"), "* CA: the region must not be given where country is *");
        assert!(refused("DE -1*").contains("must be what postal codes begin with"));
        assert_eq!(refused(" \n"), "must have 1 to 500 areas");
    }
}
