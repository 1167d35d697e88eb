//! Parsers of single values. An error message follows the key in a sentence: "must be …".

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use domain::Invalid;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use super::Network;

pub(super) fn number<T>(range: RangeInclusive<T>) -> impl Fn(&str) -> Result<T, String>
where
    T: FromStr + PartialOrd + Display,
{
    move |raw| {
        let number = raw.parse().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| format!("must be a whole number from {} to {}", range.start(), range.end()))
    }
}

pub(super) fn boolean(raw: &str) -> Result<bool, String> {
    raw.parse().map_err(|_| "must be true or false".to_owned())
}

/// A duration such as `15m`, `24h` or `30d`.
pub(super) fn duration(range: RangeInclusive<Duration>) -> impl Fn(&str) -> Result<Duration, String> {
    move |raw| {
        let duration = humantime::parse_duration(raw).ok().filter(|duration| range.contains(duration));
        let (shortest, longest) =
            (humantime::format_duration(*range.start()), humantime::format_duration(*range.end()));
        duration.ok_or_else(|| format!("must be a duration such as 15m, 24h or 30d, from {shortest} to {longest}"))
    }
}

pub(super) fn from_str<T: FromStr>(allowed: &'static str) -> impl Fn(&str) -> Result<T, String> {
    move |raw| raw.parse().map_err(|_| format!("must be {allowed}"))
}

pub(super) fn domain<T>(parse: impl Fn(&str) -> Result<T, Invalid>) -> impl Fn(&str) -> Result<T, String> {
    move |raw| parse(raw).map_err(|invalid| invalid.message.into_owned())
}

fn list<T>(raw: &str, parse: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    raw.split(',').map(str::trim).filter(|item| !item.is_empty()).map(parse).collect()
}

pub(super) fn networks(raw: &str) -> Result<Vec<Network>, String> {
    list(raw, Network::parse)
        .ok_or_else(|| "must be IP addresses or networks such as 10.0.0.0/8, separated by commas".into())
}

pub(super) fn origins(raw: &str) -> Result<Vec<String>, String> {
    let origin = |item: &str| {
        let host = item.strip_prefix("https://").or_else(|| item.strip_prefix("http://"))?;
        let bare =
            !host.is_empty() && host.bytes().all(|b| b.is_ascii_graphic()) && !host.contains(['/', '?', '#', '@', '*']);
        // Lower case, as browsers send it: origins are compared byte by byte.
        bare.then(|| item.to_ascii_lowercase())
    };
    list(raw, origin).ok_or_else(|| "must be origins such as https://shop.example, separated by commas".into())
}

pub(super) fn jwt_secret(raw: &str) -> Result<super::Hidden, String> {
    let long_enough = raw.len() >= crate::secret::SHORTEST;
    long_enough
        .then(|| super::Hidden(raw.to_owned()))
        .ok_or_else(|| format!("must have at least {} bytes", crate::secret::SHORTEST))
}

/// A level, or filters. A word alone is a level: the syntax of `RUST_LOG` would take a misspelt one for a target.
pub(super) fn log_level(raw: &str) -> Result<String, String> {
    let is_level = |item: &str| item.is_empty() || item.parse::<LevelFilter>().is_ok();
    let is_filter = |item: &str| item.contains(['=', '[', ':']);
    let good = raw.split(',').map(str::trim).all(|item| is_filter(item) || is_level(item))
        && EnvFilter::builder().parse(raw).is_ok();
    let allowed = "must be off, error, warn, info, debug or trace, or filters such as info,api=debug";
    good.then(|| raw.to_owned()).ok_or_else(|| allowed.to_owned())
}
