//! Parsers of single values. An error message follows the key in a sentence: "must be …".

use std::collections::BTreeSet;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use actix_web::http::header::HeaderName;
use domain::Invalid;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;
use url::Url;

use super::{AllowedOrigin, Network};

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
    items(raw).map(parse).collect()
}

pub(super) fn networks(raw: &str) -> Result<Vec<Network>, String> {
    list(raw, Network::parse)
        .ok_or_else(|| "must be IP addresses or networks such as 10.0.0.0/8, separated by commas".into())
}

fn items(raw: &str) -> impl Iterator<Item = &str> {
    raw.split(',').map(str::trim).filter(|item| !item.is_empty())
}

/// Origins, each once. The error says which of them is wrong by its place, because it may hold a password.
pub(super) fn origins(raw: &str) -> Result<Vec<AllowedOrigin>, String> {
    let mut origins = Vec::new();
    for (place, item) in (1..).zip(items(raw)) {
        let allowed =
            "must be origins such as https://shop.example or https://*.shop.example, separated by commas, or *";
        let origin = AllowedOrigin::parse(item).map_err(|why| format!("{allowed}; number {place} {why}"))?;
        if !origins.contains(&origin) {
            origins.push(origin);
        }
    }
    Ok(origins)
}

/// Names of headers, or `*`, each once and in lower case.
pub(super) fn header_names(raw: &str) -> Result<Vec<String>, String> {
    let name = |item: &str| {
        let name = HeaderName::from_bytes(item.as_bytes()).ok();
        name.map(|name| name.as_str().to_owned())
    };
    let names: Option<BTreeSet<_>> = items(raw).map(name).collect();
    let names = names.ok_or("must be names of headers such as traceparent, separated by commas, or *")?;
    Ok(names.into_iter().collect())
}

/// Ways to pay as Stripe calls them, each once.
pub(super) fn method_types(raw: &str) -> Result<Vec<String>, String> {
    let name = |item: &str| {
        let is_plain = item.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        is_plain.then(|| item.to_owned())
    };
    let names: Option<BTreeSet<_>> = items(raw).map(name).collect();
    let names = names.ok_or("must be ways to pay as Stripe calls them, such as card, separated by commas")?;
    Ok(names.into_iter().collect())
}

/// The address under which customers see the shop: an origin, or a folder of it.
pub(super) fn public_url(raw: &str) -> Result<Url, String> {
    let good = |url: &Url| {
        matches!(url.scheme(), "https" | "http")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
    };
    let why = "must be an http:// or https:// URL without a query, such as https://shop.example";
    Url::parse(raw).ok().filter(good).ok_or_else(|| why.to_owned())
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
