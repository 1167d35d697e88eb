use application::FieldError;
use domain::{Code, Invalid, Shop};
use serde_json::{Map, Value, json};

use super::read::Read;
use crate::schema::{self, Definitions};

/// The most refused fields in one response.
const MAX_FAULTS: usize = 100;
/// The most characters of the name of an unknown field in a response.
const MAX_NAME: usize = 64;

/// A request body that is parsed from the fields of a JSON object. The same function also describes its schema.
pub(crate) trait FromFields: Sized {
    /// The name of the body in the API document.
    const NAME: &'static str;

    /// Takes every field of the body. `None` if one was refused. Implementations take all fields before they return, so
    /// that the client gets all errors at once.
    fn from_fields(fields: &mut Fields<'_>) -> Option<Self>;

    /// An example for the API document. Every documented body overrides it.
    fn example() -> Value {
        json!({})
    }

    /// Whether no field has to be given.
    fn is_optional() -> bool {
        describe::<Self>(&mut Definitions::new()).1.is_empty()
    }

    /// Adds the schema of the body, and the named schemas of its parts, to `definitions`.
    fn define(definitions: &mut Definitions) {
        let (properties, required) = describe::<Self>(definitions);
        let mut schema = schema::closed(properties, required);
        schema::add(&mut schema, "example", Self::example());
        definitions.insert(Self::NAME.to_owned(), schema);
    }
}

/// The schemas of the fields, and the names of those that must be given.
fn describe<T: FromFields>(definitions: &mut Definitions) -> (Map<String, Value>, Vec<String>) {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    let description = Description { properties: &mut properties, required: &mut required, definitions };
    T::from_fields(&mut Fields(Walk::Describe(description)));
    (properties, required)
}

/// A body without fields.
pub(crate) struct Nothing;

impl FromFields for Nothing {
    const NAME: &'static str = "Nothing";

    fn from_fields(_: &mut Fields<'_>) -> Option<Self> {
        Some(Self)
    }
}

/// The refused fields of a body so far.
pub(crate) struct Report {
    shop: Shop,
    errors: Vec<FieldError>,
}

impl Report {
    pub(crate) fn new(shop: Shop) -> Self {
        Self { shop, errors: Vec::new() }
    }

    /// Adds a refused field, up to [`MAX_FAULTS`].
    pub(crate) fn refuse(&mut self, path: &str, invalid: Invalid) {
        if self.errors.len() < MAX_FAULTS {
            self.errors.push(FieldError::new(path, invalid));
        }
    }

    /// The value, or `None` after adding the refusal.
    pub(crate) fn keep<T>(&mut self, path: &str, read: Result<T, Invalid>) -> Option<T> {
        read.map_err(|invalid| self.refuse(path, invalid)).ok()
    }

    /// Parses an object and refuses its unknown fields.
    pub(crate) fn object<T: FromFields>(&mut self, value: Value, path: &str) -> Option<T> {
        let Value::Object(values) = value else {
            self.refuse(path, Invalid::new(Code::WrongType, "must be an object"));
            return None;
        };
        let mut fields = Fields(Walk::Read { values, path, report: self });
        let read = T::from_fields(&mut fields);
        fields.refuse_the_rest();
        read
    }

    /// The value.
    ///
    /// # Errors
    /// Every refused field, if there is one.
    pub(crate) fn finish<T>(self, read: Option<T>) -> Result<T, application::Error> {
        read.filter(|_| self.errors.is_empty()).ok_or(application::Error::Invalid(self.errors))
    }
}

/// The fields of one object, taken one by one.
pub(crate) struct Fields<'a>(Walk<'a>);

enum Walk<'a> {
    Read { values: Map<String, Value>, path: &'a str, report: &'a mut Report },
    Describe(Description<'a>),
}

/// The schema of a body so far.
struct Description<'a> {
    properties: &'a mut Map<String, Value>,
    required: &'a mut Vec<String>,
    definitions: &'a mut Definitions,
}

impl Description<'_> {
    fn add(&mut self, name: &str, reader: &impl Read, is_nullable: bool) {
        let described = if is_nullable {
            schema::nullable(reader.optional_schema(self.definitions))
        } else {
            reader.schema(self.definitions)
        };
        self.properties.insert(name.to_owned(), described);
    }
}

impl Fields<'_> {
    /// A required field.
    pub(crate) fn required<R: Read>(&mut self, name: &str, reader: &R) -> Option<R::Out> {
        match &mut self.0 {
            Walk::Read { values, path, report } => {
                let path = join(path, name);
                match values.remove(name) {
                    None | Some(Value::Null) => {
                        report.refuse(&path, Invalid::new(Code::Required, "is required"));
                        None
                    }
                    Some(value) => reader.read(value, &path, report),
                }
            }
            Walk::Describe(description) => {
                description.required.push(name.to_owned());
                description.add(name, reader, false);
                None
            }
        }
    }

    /// A field that may be missing, null, or an empty text if that is no value of its own.
    pub(crate) fn optional<R: Read>(&mut self, name: &str, reader: &R) -> Option<Option<R::Out>> {
        match &mut self.0 {
            Walk::Read { values, path, report } => match values.remove(name) {
                None | Some(Value::Null) => Some(None),
                Some(value) if reader.is_absent(&value) => Some(None),
                Some(value) => reader.read(value, &join(path, name), report).map(Some),
            },
            Walk::Describe(description) => {
                description.add(name, reader, true);
                None
            }
        }
    }

    /// A field of a change: `Some(None)` if it is missing. Null is refused, because the value cannot be removed.
    pub(crate) fn change<R: Read>(&mut self, name: &str, reader: &R) -> Option<Option<R::Out>> {
        match &mut self.0 {
            Walk::Read { values, path, report } if values.get(name) == Some(&Value::Null) => {
                values.remove(name);
                report.refuse(&join(path, name), Invalid::new(Code::Required, "must not be null"));
                None
            }
            Walk::Read { values, path, report } => match values.remove(name) {
                None => Some(None),
                Some(value) => reader.read(value, &join(path, name), report).map(Some),
            },
            Walk::Describe(description) => {
                description.add(name, reader, false);
                None
            }
        }
    }

    /// A field of a change whose value null, or an empty text that is no value of its own, removes: `Some(None)` if it
    /// is missing, `Some(Some(None))` if it is removed.
    pub(crate) fn change_or_clear<R: Read>(&mut self, name: &str, reader: &R) -> Option<Option<Option<R::Out>>> {
        let named = matches!(&self.0, Walk::Read { values, .. } if values.contains_key(name));
        self.optional(name, reader).map(|value| named.then_some(value))
    }

    /// Every field that was not taken, by its name; none while the schema is described.
    pub(crate) fn rest(&mut self) -> Map<String, Value> {
        match &mut self.0 {
            Walk::Read { values, .. } => std::mem::take(values),
            Walk::Describe(_) => Map::new(),
        }
    }

    /// The shop; `None` while the schema is described.
    pub(crate) fn shop(&self) -> Option<Shop> {
        match &self.0 {
            Walk::Read { report, .. } => Some(report.shop),
            Walk::Describe(_) => None,
        }
    }

    /// Refuses a field that was read before, for a rule about several fields.
    pub(crate) fn refuse(&mut self, name: &str, invalid: Invalid) {
        if let Walk::Read { path, report, .. } = &mut self.0 {
            report.refuse(&join(path, name), invalid);
        }
    }

    /// Refuses the object itself, for a rule about several of its fields.
    pub(crate) fn refuse_object(&mut self, invalid: Invalid) {
        if let Walk::Read { path, report, .. } = &mut self.0 {
            report.refuse(path, invalid);
        }
    }

    fn refuse_the_rest(&mut self) {
        let Walk::Read { values, path, report } = &mut self.0 else { return };
        for name in values.keys().take(MAX_FAULTS) {
            let shown: String = name.chars().take(MAX_NAME).collect();
            report.refuse(&join(path, &shown), Invalid::new(Code::UnknownField, "there is no such field"));
        }
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}
