use std::borrow::Cow;
use std::marker::PhantomData;

use application::FieldError;
use domain::{Code, Invalid, Limit, PageRequest, Ruled, SearchText, UtcDateTime, Uuid};
use serde_json::{Value, json};

use super::Extract;
use super::read::{parse_id, parse_time};
use crate::context::{RequestContext, State};
use crate::operation::{Parameter, ParameterLocation, Signature};
use crate::problem::{Kind, Problem};
use crate::{cursor, schema};

/// The parameters of a query string.
pub(crate) struct Query<T>(pub(crate) T);

/// The parameters of a query string that the handler reads itself, if it needs them.
pub(crate) struct UnreadQuery<T>(PhantomData<T>);

impl<T: FromQuery> UnreadQuery<T> {
    /// The parameters in the query string.
    ///
    /// # Errors
    /// If one is refused.
    pub(crate) fn read(query: &str, state: &State) -> Result<T, Problem> {
        let mut params = Params::new(query, Some(state))?;
        let read = T::from_query(&mut params);
        params.finish(read)
    }
}

/// Parameters that were kept, by name.
///
/// # Errors
/// Those that are refused.
pub(crate) fn read_kept<'k, T: FromQuery>(
    kept: impl IntoIterator<Item = (&'k String, &'k String)>,
    state: &State,
) -> Result<T, Vec<FieldError>> {
    let given = kept.into_iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let mut params = Params::of(given, Some(state));
    let read = T::from_query(&mut params);
    params.read(read)
}

/// Parameters of a query string, and of the fields of a form beside it.
///
/// # Errors
/// If the query string is none; inside, those parameters that are refused.
pub(crate) fn read_both<T: FromQuery>(
    query: &str,
    fields: Vec<(String, String)>,
    state: &State,
) -> Result<Result<T, Vec<FieldError>>, Problem> {
    let mut params = Params::new(query, Some(state))?;
    params.given.extend(fields);
    let read = T::from_query(&mut params);
    Ok(params.read(read))
}

/// Parameters that read themselves from a query string.
pub(crate) trait FromQuery: Sized {
    /// Takes every parameter. `None` if one was refused.
    fn from_query(params: &mut Params<'_>) -> Option<Self>;
}

/// The parameters of a query string, taken one by one.
pub(crate) struct Params<'a> {
    given: Vec<(String, String)>,
    known: Vec<&'static str>,
    faults: Vec<FieldError>,
    /// `None` while the parameters are described for the API document.
    state: Option<&'a State>,
    described: Vec<Parameter>,
}

impl<'a> Params<'a> {
    fn new(query: &str, state: Option<&'a State>) -> Result<Self, Problem> {
        let given = actix_web::web::Query::<Vec<(String, String)>>::from_query(query).map_err(|_| {
            Problem::new(Kind::BAD_QUERY, "The query string must be of the form name=value&name=value.")
        })?;
        Ok(Self::of(given.into_inner(), state))
    }

    fn of(given: Vec<(String, String)>, state: Option<&'a State>) -> Self {
        Self { given, known: Vec::new(), faults: Vec::new(), state, described: Vec::new() }
    }

    /// An optional parameter; `description` is for the API document.
    pub(crate) fn optional<T: Ruled>(
        &mut self,
        name: &'static str,
        description: &'static str,
        parse: impl Fn(&str) -> Result<T, Invalid>,
    ) -> Option<Option<T>> {
        self.take(name, description, || schema::of(&T::rule()), parse)
    }

    /// A parameter that may be given up to `most` times; empty if it is not given.
    pub(crate) fn several<T: Ruled>(
        &mut self,
        name: &'static str,
        description: &'static str,
        most: usize,
        parse: impl Fn(&str) -> Result<T, Invalid>,
    ) -> Option<Vec<T>> {
        if self.state.is_none() {
            let items = schema::of(&T::rule());
            let schema = json!({ "type": "array", "items": items, "maxItems": most, "collectionFormat": "multi" });
            self.described.push(Parameter { location: ParameterLocation::Query, name, description, schema });
            return None;
        }
        self.known.push(name);
        let values: Vec<_> = self.given.extract_if(.., |(given, _)| given == name).map(|(_, value)| value).collect();
        if values.len() > most {
            return self.refuse(name, Invalid::new(Code::TooLong, format!("must be given at most {most} times")));
        }
        let parsed = values.iter().map(|value| parse(value)).collect::<Result<Vec<_>, _>>();
        parsed.or_else(|invalid| self.refuse(name, invalid).ok_or(())).ok()
    }

    /// A parameter that may be given several times, which means the same as its values with commas between them.
    pub(crate) fn joined(&mut self, name: &'static str, description: &'static str) -> Option<String> {
        if self.state.is_none() {
            let schema = json!({ "type": "string", "minLength": 1 });
            self.described.push(Parameter { location: ParameterLocation::Query, name, description, schema });
            return None;
        }
        self.known.push(name);
        let values = self.given.extract_if(.., |(given, _)| given == name).map(|(_, value)| value);
        values.reduce(|all, value| all + "," + &value)
    }

    /// Every parameter whose name begins so, without that beginning, in order. They are not described. Several of one
    /// name are joined.
    pub(crate) fn prefixed(&mut self, prefix: &'static str, known_as: &'static str) -> Vec<(String, String)> {
        if self.state.is_some() {
            self.known.push(known_as);
        }
        let mut all: Vec<(String, String)> = Vec::new();
        for (name, value) in self.given.extract_if(.., |(given, _)| given.starts_with(prefix)) {
            let name = name.strip_prefix(prefix).unwrap_or_default();
            match all.iter_mut().find(|(known, _)| known == name) {
                Some((_, values)) => *values = format!("{values},{value}"),
                None => all.push((name.to_owned(), value)),
            }
        }
        all
    }

    fn take<T>(
        &mut self,
        name: &'static str,
        description: &'static str,
        schema: impl Fn() -> Value,
        parse: impl Fn(&str) -> Result<T, Invalid>,
    ) -> Option<Option<T>> {
        if self.state.is_none() {
            self.described.push(Parameter { location: ParameterLocation::Query, name, description, schema: schema() });
            return None;
        }
        self.known.push(name);
        let mut values = self.given.extract_if(.., |(given, _)| given == name);
        let Some((_, value)) = values.next() else { return Some(None) };
        if values.count() > 0 {
            return self.refuse(name, Invalid::new(Code::Repeated, "must be given once"));
        }
        parse(&value).map(Some).or_else(|invalid| self.refuse(name, invalid).ok_or(())).ok()
    }

    /// The parameter `q` of lists that are searched by name.
    pub(crate) fn name_search(&mut self) -> Option<Option<SearchText>> {
        let search = self.optional(
            "q",
            "Only those whose name holds all these words: at most 10, in any case and order; the last may be the \
             beginning of a word.",
            SearchText::parse,
        );
        search.map(Option::flatten)
    }

    /// The parameters `limit` and `cursor`. The cursor must come from the list named `list`.
    pub(crate) fn page(&mut self, list: &'static str) -> Option<PageRequest> {
        let state = self.state;
        let default = || {
            let mut schema = schema::of(&Limit::rule());
            schema::add(&mut schema, "default", Limit::DEFAULT.get().into());
            schema
        };
        let limit = self.take("limit", "How many items a page has at most.", default, limit);
        let after = self.take(
            "cursor",
            NEXT,
            || json!({ "type": "string" }),
            |raw| {
                state
                    .and_then(|state| cursor::decode(&state.seal, list, raw))
                    .ok_or_else(|| Invalid::new(Code::Format, "must be a next_cursor of this list"))
            },
        );
        Some(PageRequest { limit: limit?.unwrap_or(Limit::DEFAULT), after: after? })
    }

    /// What `sort` says. It is refused beside `updated_after`, which sorts by the last change.
    pub(crate) fn sort_unless_by_change<T>(
        &mut self,
        is_by_change: bool,
        sort: Option<Option<T>>,
    ) -> Option<Option<T>> {
        if is_by_change && sort.as_ref().is_some_and(Option::is_some) {
            let message = "cannot be given together with updated_after, which sorts by the last change";
            return self.refuse("sort", Invalid::new(Code::Excluded, message));
        }
        sort
    }

    /// Lets parameters be that nobody has taken.
    pub(crate) fn pass_over_others(&mut self) {
        self.given.clear();
    }

    /// Refuses a parameter. It may have been read before, for a rule about several parameters.
    pub(crate) fn refuse<T>(&mut self, name: &str, invalid: Invalid) -> Option<T> {
        self.faults.push(FieldError::new(name, invalid));
        None
    }

    fn finish<T>(self, read: Option<T>) -> Result<T, Problem> {
        self.read(read).map_err(bad_query)
    }

    /// What was read, or what was refused; nothing, if that was not said.
    fn read<T>(mut self, read: Option<T>) -> Result<T, Vec<FieldError>> {
        for (name, _) in std::mem::take(&mut self.given) {
            let name: String = name.chars().take(64).collect();
            self.refuse::<()>(&name, Invalid::new(Code::UnknownField, self.allowed()));
        }
        self.faults.truncate(100);
        read.filter(|_| self.faults.is_empty()).ok_or(self.faults)
    }

    fn allowed(&self) -> Cow<'static, str> {
        match self.known.as_slice() {
            [] => "is not known; there are no parameters here".into(),
            known => format!("is not known; allowed are: {}", known.join(", ")).into(),
        }
    }
}

/// The problem of refused parameters.
pub(crate) fn bad_query(faults: Vec<FieldError>) -> Problem {
    let detail = match faults.first() {
        Some(first) => format!("The query parameter `{}` {}.", first.field, first.invalid.message),
        None => "The query string is not valid.".to_owned(),
    };
    Problem::new(Kind::BAD_QUERY, detail).with_faults(faults)
}

const NEXT: &str = "The `next_cursor` of the page before. It is good only for the same list in the same order.";

fn limit(raw: &str) -> Result<Limit, Invalid> {
    Limit::parse(raw.parse().unwrap_or_default())
}

/// A parser of a whole number.
pub(crate) fn number<T>(parse: impl Fn(i64) -> Result<T, Invalid>) -> impl Fn(&str) -> Result<T, Invalid> {
    move |raw| raw.parse().map_err(|_| Invalid::new(Code::Format, "must be a whole number")).and_then(&parse)
}

/// Parses a time of RFC 3339. Its offset may have a raw plus sign, which in a query string means a space.
pub(crate) fn time(raw: &str) -> Result<UtcDateTime, Invalid> {
    parse_time(east(raw).as_deref().unwrap_or(raw))
}

/// `…T12:00:00 02:00` with the plus sign that was there before the query string was read.
fn east(raw: &str) -> Option<String> {
    let (time, offset) = raw.split_at_checked(raw.len().checked_sub("+02:00".len())?)?;
    offset.strip_prefix(' ').map(|offset| format!("{time}+{offset}"))
}

/// A parser of a UUID.
pub(crate) fn id<T>(make: impl Fn(Uuid) -> T) -> impl Fn(&str) -> Result<T, Invalid> {
    move |raw| parse_id(raw).map(&make)
}

/// Parses `true` or `false`.
pub(crate) fn boolean(raw: &str) -> Result<bool, Invalid> {
    raw.parse().map_err(|_| Invalid::new(Code::NotAllowed, "must be true or false"))
}

impl<T: FromQuery> Extract for UnreadQuery<T> {
    async fn extract(_: &mut RequestContext) -> Result<Self, Problem> {
        Ok(Self(PhantomData))
    }

    fn describe(signature: &mut Signature) {
        Query::<T>::describe(signature);
    }
}

impl<T: FromQuery> Extract for Query<T> {
    async fn extract(context: &mut RequestContext) -> Result<Self, Problem> {
        let query = context.http.uri().query().unwrap_or_default();
        UnreadQuery::read(query, &context.state).map(Self)
    }

    fn describe(signature: &mut Signature) {
        let Ok(mut params) = Params::new("", None) else { return };
        T::from_query(&mut params);
        signature.parameters.extend(params.described);
        signature.problems.push(Kind::BAD_QUERY);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_raw_plus_sign_in_the_offset_of_a_time_is_read_as_meant() {
        let read = |raw: &str| time(raw).ok();
        assert!(read("2026-11-27T13:00:50 02:00").is_some());
        for (raw, meant) in [
            ("2026-11-27T13:00:50 02:00", "2026-11-27T11:00:50Z"),
            ("2026-11-27T13:00:50.25 14:00", "2026-11-26T23:00:50.25Z"),
            ("2026-11-27 13:00:50 02:00", "2026-11-27T11:00:50Z"),
            ("2026-11-27T13:00:50-02:00", "2026-11-27T15:00:50Z"),
        ] {
            assert_eq!(read(raw), read(meant), "{raw}");
        }
        for bad in ["", " ", " 02:00", "2026-11-27 13:00", "2026-11-27T13:00:50 2:00", "2026-11-27T13:00:50  02:00"] {
            assert_eq!(read(bad), None, "{bad:?}");
        }
    }
}
