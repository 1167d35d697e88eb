use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Format, document};

fn openapi() -> Value {
    serde_json::from_str(document(Format::OpenapiJson)).unwrap()
}

fn swagger() -> Value {
    serde_yaml::from_str(document(Format::SwaggerYaml)).unwrap()
}

/// Every operation with its method and path.
fn operations(document: &Value) -> Vec<(String, Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    let operations = paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (format!("{method} {path}"), operation.clone()))
    });
    operations.collect()
}

fn walk(value: &Value, see: &mut impl FnMut(&serde_json::Map<String, Value>)) {
    match value {
        Value::Object(members) => {
            see(members);
            members.values().for_each(|member| walk(member, see));
        }
        Value::Array(elements) => elements.iter().for_each(|element| walk(element, see)),
        _ => {}
    }
}

#[test]
fn the_yaml_document_equals_the_json_document_r75() {
    let yaml: Value = serde_yaml::from_str(document(Format::OpenapiYaml)).unwrap();
    assert_eq!(yaml, openapi());
}

#[test]
fn every_operation_has_a_summary_its_security_and_its_responses_r75() {
    for document in [openapi(), swagger()] {
        let tags: Vec<_> = document["tags"].as_array().unwrap().iter().map(|tag| tag["name"].clone()).collect();
        let mut ids = BTreeSet::new();
        let operations = operations(&document);
        assert!(operations.len() > 40, "{}", operations.len());
        for (place, operation) in operations {
            assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{place}");
            assert!(operation["summary"].as_str().is_some_and(|summary| summary.len() < 100), "{place}");
            let description = operation["description"].as_str().unwrap();
            let access = description.rsplit("\n\n").next().unwrap_or_default();
            assert!(access.starts_with("Public") || access.starts_with("Needs "), "{place}: {description}");
            assert!(
                description.split("\n\n").count() > 1 && description.trim() == description,
                "{place}: {description}"
            );
            assert!(operation["tags"].as_array().unwrap().iter().all(|tag| tags.contains(tag)), "{place}");
            assert!(operation["security"].is_array(), "{place}");
            let answers = operation["responses"].as_object().unwrap();
            assert!(answers.keys().any(|status| status.starts_with('2')), "{place}");
            assert!(answers.contains_key("500"), "{place}");
            assert!(operation["security"] == json!([]) || answers.contains_key("401"), "{place}");
        }
    }
}

#[test]
fn an_operation_with_a_body_an_id_or_a_version_lists_their_errors_r75() {
    for (place, operation) in operations(&openapi()) {
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let has = |kind: &str, name: &str| {
            parameters.iter().any(|one| one["in"] == kind && (name.is_empty() || one["name"] == name))
        };
        let expected = [
            (operation.get("requestBody").is_some(), &["400", "408", "413", "415", "422"][..]),
            (has("path", ""), &["400", "404"]),
            (has("query", ""), &["400"]),
            (has("header", "If-Match"), &["400", "412"]),
            (has("header", "If-None-Match"), &["304", "400"]),
            (has("header", "Idempotency-Key"), &["409", "422"]),
            (place.contains(" /api/"), &["414", "429", "431", "500", "503"]),
        ];
        for status in expected.iter().filter(|(applies, _)| *applies).flat_map(|(_, statuses)| *statuses) {
            assert!(operation["responses"].get(status).is_some(), "{place}: {status}");
        }
        let named = parameters.iter().filter(|one| one["in"] == "path").map(|one| one["name"].as_str().unwrap());
        assert!(named.clone().all(|name| place.contains(&format!("{{{name}}}"))), "{place}");
        assert_eq!(named.count(), place.matches('{').count(), "{place}");
        assert!(parameters.iter().all(|one| one["schema"].is_object()), "{place}");
    }
}

#[test]
fn every_reference_resolves_r75() {
    for document in [openapi(), swagger()] {
        let mut references = 0;
        walk(&document, &mut |members| {
            if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                references += 1;
                assert!(document.pointer(reference.strip_prefix('#').unwrap()).is_some(), "{reference}");
                assert_eq!(members.len(), 1, "{members:?}");
            }
        });
        assert!(references > 100, "{references}");
    }
}

#[test]
fn each_document_uses_only_the_keywords_of_its_version_r75() {
    walk(&openapi(), &mut |members| {
        assert!(!members.contains_key("x-nullable") && !members.contains_key("nullable"), "{members:?}");
    });
    walk(&swagger(), &mut |members| {
        assert!(!members.contains_key("anyOf"), "{members:?}");
        assert!(members.get("type").is_none_or(|data_type| data_type.is_string() || data_type.is_object()));
    });
    for document in [openapi(), swagger()] {
        assert!(!document.to_string().contains("\"ours\""));
    }
}

#[test]
fn nullable_members_have_a_type_in_swagger() {
    let mut nullable = 0;
    walk(&swagger(), &mut |members| {
        if members.contains_key("x-nullable") {
            nullable += 1;
            assert!(members["type"].is_string() && members["type"] != "", "{members:?}");
        }
    });
    assert!(nullable > 20, "{nullable}");
}

/// The one operation whose body is bytes, and their types.
const BYTES: (&str, [&str; 5]) =
    ("post /api/v1/media", ["application/octet-stream", "image/gif", "image/jpeg", "image/png", "image/webp"]);

/// The other body that is no JSON: a file of products.
const CSV: (&str, [&str; 3]) =
    ("post /api/v1/imports", ["application/octet-stream", "multipart/form-data", "text/csv"]);

/// The media types of a body that is no JSON.
fn raw(place: &str) -> Option<&'static [&'static str]> {
    match place {
        _ if place == BYTES.0 => Some(&BYTES.1[..]),
        _ if place == CSV.0 => Some(&CSV.1[..]),
        _ => None,
    }
}

#[test]
fn a_form_with_a_file_has_no_other_fields_than_those_named_r231() {
    let document = openapi();
    let forms = operations(&document).into_iter().filter_map(|(_, operation)| {
        operation["requestBody"]["content"].get("multipart/form-data").map(|form| form["schema"].clone())
    });
    let forms: Vec<_> = forms.collect();
    assert_eq!(forms.len(), 1);
    assert_eq!((&forms[0]["additionalProperties"], &forms[0]["required"]), (&json!(false), &json!(["file"])));
}

#[test]
fn a_patch_takes_both_media_types() {
    let both = ["application/json", "application/merge-patch+json"];
    for (place, operation) in operations(&openapi()) {
        let Some(content) = operation["requestBody"]["content"].as_object() else { continue };
        let expected = match place.as_str() {
            _ if raw(place.as_str()).is_some() => raw(place.as_str()).unwrap_or_default(),
            _ if place.starts_with("patch ") => &both[..],
            _ => &both[..1],
        };
        assert_eq!(content.keys().collect::<Vec<_>>(), expected, "{place}");
    }
    for (place, operation) in operations(&swagger()) {
        let mut consumes: Vec<_> =
            operation["consumes"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        consumes.sort_unstable();
        let expected = match place.as_str() {
            _ if raw(place.as_str()).is_some() => raw(place.as_str()).unwrap_or_default(),
            _ if place.starts_with("patch ") => &both[..],
            _ => &[],
        };
        assert_eq!(consumes, expected, "{place}");
    }
}

#[test]
fn every_example_matches_its_schema_r75() {
    let document = openapi();
    let mut examples = 0;
    walk(&document, &mut |members| {
        let Some(schema) = members.get("schema") else { return };
        let named = members.get("examples").and_then(Value::as_object).into_iter().flatten();
        for example in members.get("example").into_iter().chain(named.map(|(_, example)| &example["value"])) {
            examples += 1;
            let root = json!({ "allOf": [schema], "components": document["components"] });
            let validator = jsonschema::options().should_validate_formats(true).build(&root).unwrap();
            let errors: Vec<_> = validator.iter_errors(example).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{example}: {errors:?}");
        }
    });
    assert!(examples > 80, "{examples}");
    for (place, operation) in operations(&document) {
        let body = &operation["requestBody"]["content"]["application/json"];
        let has_json = operation.get("requestBody").is_some() && raw(place.as_str()).is_none();
        assert!(!has_json || body["example"].is_object(), "{place}");
        for (status, answer) in operation["responses"].as_object().unwrap() {
            let content = &answer["content"]["application/json"];
            assert!(content.is_null() || !content["example"].is_null(), "{place}: {status}");
        }
    }
}

/// The examples of a response by the kind of problem.
fn problems(answer: &Value) -> Vec<Value> {
    let content = &answer["content"]["application/problem+json"];
    match content["examples"].as_object() {
        Some(examples) => examples.values().map(|example| example["value"].clone()).collect(),
        None => content.get("example").cloned().into_iter().collect(),
    }
}

#[test]
fn each_problem_has_a_true_example() {
    let document = openapi();
    let root = json!({ "$ref": "#/components/schemas/Problem", "components": document["components"] });
    let validator = jsonschema::options().should_validate_formats(true).build(&root).unwrap();
    let shared = &document["components"]["responses"];
    let mut seen = BTreeSet::new();
    for (name, answer) in shared.as_object().unwrap() {
        let paths: Vec<_> = operations(&document)
            .into_iter()
            .filter(|(_, operation)| operation.to_string().contains(&format!("\"#/components/responses/{name}\"")))
            .map(|(place, _)| place.split_once(' ').unwrap().1.to_owned())
            .collect();
        let examples = problems(answer);
        assert_eq!(examples.len(), answer["description"].as_str().unwrap().split("\n\n").count(), "{name}");
        for example in examples {
            assert!(validator.is_valid(&example), "{name}: {example}");
            let instance = example["instance"].as_str().unwrap();
            let parts = |path: &str| path.split('/').map(str::to_owned).collect::<Vec<_>>();
            let is_of = |path: &String| {
                let (path, instance) = (parts(path), parts(instance));
                path.len() == instance.len()
                    && path.iter().zip(&instance).all(|(part, value)| part.starts_with('{') || part == value)
            };
            assert!(paths.iter().any(is_of), "{name}: no operation at {instance} answers so");
            let kind = example["type"].as_str().unwrap();
            assert!(answer["description"].as_str().unwrap().contains(kind), "{name}: {kind}");
            match kind {
                "/problems/invalid-fields" => assert!(example["errors"][0]["code"].is_string(), "{example}"),
                "/problems/duplicate" => assert_eq!(example["errors"][0]["code"], "duplicate"),
                "/problems/lines-not-orderable" => assert_eq!(example["lines"][0]["available"], 1, "{example}"),
                _ => {}
            }
            seen.insert(kind.to_owned());
        }
    }
    assert!(seen.len() > 28, "{seen:?}");
}

#[test]
fn every_code_is_enumerated() {
    for schema in [&openapi()["components"]["schemas"]["Problem"], &swagger()["definitions"]["Problem"]] {
        let codes = |list: &str| schema["properties"][list]["items"]["properties"]["code"]["enum"].clone();
        let mut fields: Vec<_> = domain::Code::ALL.iter().map(|code| code.as_str()).collect();
        fields.push("duplicate");
        fields.extend(domain::pricing::Refusal::CODES);
        assert_eq!(codes("errors"), json!(fields));
        assert_eq!(codes("lines"), json!(["unknown_product", "archived_product", "insufficient_stock"]));
    }
}

#[test]
fn headers_of_every_response_are_described_once() {
    for document in [openapi(), swagger()] {
        for header in ["X-Request-Id", "RateLimit", "RateLimit-Policy"] {
            walk(&document, &mut |members| assert!(!members.contains_key(header), "{header}"));
            assert!(document["info"]["description"].as_str().unwrap().contains(&format!("`{header}`")));
        }
        walk(&document, &mut |members| assert!(!members.contains_key("x-examples"), "{members:?}"));
        for (name, answer) in
            document.pointer("/components/responses").or(document.get("responses")).unwrap().as_object().unwrap()
        {
            let schema = answer.pointer("/content/application~1problem+json/schema").or(answer.get("schema")).unwrap();
            assert!(schema["$ref"].as_str().unwrap().ends_with("/Problem"), "{name}: one schema for all");
        }
    }
}

#[test]
fn the_schemas_have_the_limits_of_the_domain_r75() {
    let schemas = &openapi()["components"]["schemas"];
    let at = |pointer: &str| schemas.pointer(pointer).unwrap_or_else(|| panic!("nothing at {pointer}")).clone();
    assert_eq!(at("/NewProduct/properties/name/maxLength"), domain::products::ProductName::MAX);
    assert_eq!(at("/NewProduct/properties/initial_stock/maximum"), domain::stock::MAX_ON_HAND);
    assert_eq!(at("/Price/properties/amount/maximum"), domain::Price::MAX);
    assert_eq!(at("/NewOrder/properties/items/maxItems"), domain::carts::MAX_LINES);
    assert_eq!(at("/Registration/properties/phone/pattern"), domain::customers::PhoneNumber::PATTERN);
    assert_eq!(at("/Registration/properties/password/maxLength"), domain::accounts::Password::MAX);
    assert_eq!(
        at("/Order/properties/status/enum"),
        json!(domain::orders::OrderStatus::ALL.iter().map(|status| status.as_str()).collect::<Vec<_>>())
    );
    assert_eq!(at("/NewProduct/additionalProperties"), false);
    assert_eq!(at("/ProductPage/properties/next_cursor/type"), json!(["string", "null"]));
    assert_eq!(at("/Account/properties/customer/anyOf/1/type"), "null");
}

/// Checks that a schema and a parser accept the same values.
fn agree<T>(
    rule: &domain::Rule,
    parse: impl Fn(&Value) -> Result<T, domain::Invalid>,
    values: impl Iterator<Item = Value>,
) {
    let validator = jsonschema::options().should_validate_formats(true).build(&crate::schema::of(rule)).unwrap();
    for value in values {
        assert_eq!(validator.is_valid(&value), parse(&value).is_ok(), "{value:?}");
    }
}

#[test]
fn a_schema_accepts_what_its_parser_accepts_r75() {
    use domain::Ruled;
    use domain::accounts::Username;
    use domain::addresses::CountryCode;
    use domain::customers::PhoneNumber;
    use domain::products::{Description, ProductName};
    use domain::stock::Adjustment;

    let characters = || (0..0x3200).chain(0xf900..0x1_0000).filter_map(char::from_u32).chain(['😀', '\u{10ffff}']);
    let texts = || {
        let around =
            |c: char| [format!("{c}"), format!("a{c}"), format!("{c}a"), format!("{c}\u{a0}"), format!("a{c}b")];
        let long = ["é".repeat(200), "é".repeat(201), format!("{} ", "x".repeat(200)), String::new()];
        characters().flat_map(around).chain(long).map(Value::from)
    };
    agree(&ProductName::rule(), |text| ProductName::parse(text.as_str().unwrap()), texts());
    agree(&Description::rule(), |text| Description::parse(text.as_str().unwrap()), texts());
    agree(&Username::rule(), |text| Username::parse(text.as_str().unwrap()), texts());
    let names = ["ann", "an", "Ann.B-c_9", "ann ", "änn", &"a".repeat(32), &"a".repeat(33)].map(Value::from);
    agree(&Username::rule(), |text| Username::parse(text.as_str().unwrap()), names.into_iter());
    let numbers =
        ["+14155550100", "+1415555010\n", "+12345678", "+1234567", "+0123456789", "14155550100", "+1234567890123456"];
    agree(
        &PhoneNumber::rule(),
        |text| PhoneNumber::parse(text.as_str().unwrap()),
        numbers.map(Value::from).into_iter(),
    );
    let letters = || ('A'..='Z').chain(['a', '1']);
    let codes = letters().flat_map(|first| letters().map(move |second| format!("{first}{second}").into()));
    agree(&CountryCode::rule(), |text| CountryCode::parse(text.as_str().unwrap()), codes);
    let most = domain::stock::MAX_ON_HAND;
    let quantities = [0, 1, -1, most, most + 1, -most, -most - 1].map(Value::from);
    agree(&Adjustment::rule(), |number| Adjustment::parse(number.as_i64().unwrap()), quantities.into_iter());
}
