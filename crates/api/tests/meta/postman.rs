//! The Postman collections: what they cover, and that each request says what it is for and what comes back.

use std::collections::BTreeSet;

use serde_json::Value;

use super::sources::top;

fn read(file: &str) -> Value {
    let text = std::fs::read_to_string(top().join("postman").join(file)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The files of the collections.
fn collections() -> Vec<String> {
    let files = std::fs::read_dir(top().join("postman")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let collections: Vec<_> = names.filter(|name| name.ends_with(".postman_collection.json")).collect();
    assert!(collections.len() >= 4, "{collections:?}");
    collections
}

/// Every request of every collection.
fn requests() -> Vec<Value> {
    let folders = collections().into_iter().flat_map(|file| read(&file)["item"].as_array().unwrap().clone());
    folders.flat_map(|folder| folder["item"].as_array().unwrap().clone()).collect()
}

/// `GET /api/v1/products/*`: a method and a path without what is another each time.
fn shape(method: &str, path: &str) -> String {
    let is_variable = |part: &str| part.starts_with('{') || part.len() == 36;
    let parts: Vec<_> = path.split('/').map(|part| if is_variable(part) { "*" } else { part }).collect();
    format!("{} {}", method.to_uppercase(), parts.join("/"))
}

/// The routes of the API, from its table.
fn routes() -> BTreeSet<String> {
    let read = |file: &str| std::fs::read_to_string(top().join("crates/api/src/routes").join(file)).unwrap();
    let table = read("mod.rs") + &read("staff.rs");
    let mut routes = BTreeSet::new();
    for route in table.split("at(\"/api/").skip(1) {
        let (path, rest) = route.split_once('"').unwrap();
        let verbs = rest.split("at(\"").next().unwrap();
        for method in ["get", "post", "put", "patch", "delete"] {
            if verbs.contains(&format!(".{method}(")) {
                routes.insert(shape(method, &format!("/api/{path}")));
            }
        }
    }
    routes
}

#[test]
fn every_route_of_the_api_is_in_a_postman_collection_with_a_successful_example_r76() {
    let answered: BTreeSet<_> = requests()
        .iter()
        .filter(|one| one["response"][0]["code"].as_u64().unwrap() < 300)
        .map(|one| {
            let parts: Vec<_> =
                one["request"]["url"]["path"].as_array().unwrap().iter().map(|p| p.as_str().unwrap()).collect();
            shape(one["request"]["method"].as_str().unwrap(), &format!("/{}", parts.join("/")))
        })
        .collect();
    let routes = routes();
    assert!(routes.len() > 40, "{routes:?}");
    // An operation can be resolved only after its provider was away for long. Its request shows the 409.
    let resolve = "POST /api/v1/payments/operations/*/resolve".to_owned();
    // A stream goes on for 15 minutes. Its request shows the 401.
    let live = "GET /api/v1/orders/*/events".to_owned();
    // A token that is good stands in a mail alone. Their requests show the 422.
    let verify = "POST /api/v1/auth/email/verify".to_owned();
    let reset = "POST /api/v1/auth/password/reset".to_owned();
    let expected = [&live, &verify, &reset, &resolve];
    assert_eq!(routes.difference(&answered).collect::<Vec<_>>(), expected);
    assert_eq!(answered.difference(&routes).count(), 0, "{answered:?}");
}

#[test]
fn every_postman_request_has_a_description_tests_and_an_example_r76() {
    let mut errors = BTreeSet::new();
    for one in requests() {
        let name = one["name"].as_str().unwrap();
        assert!(one["request"]["description"].as_str().unwrap().ends_with('.'), "{name} has no description");
        let example = &one["response"][0];
        let code = example["code"].as_u64().unwrap();
        assert_eq!(example["body"] == "", matches!(code, 204 | 304 | 308), "{name}");
        let test = one["event"].as_array().unwrap().iter().find(|event| event["listen"] == "test").unwrap();
        let script = test["script"]["exec"].to_string();
        assert!(script.contains(&format!("to.have.status({code})")), "{name} does not check the status");
        assert!(script.matches("pm.test(").count() >= 2, "{name} checks nothing but the status");
        if code >= 400 {
            errors.insert(code);
        }
    }
    assert_eq!(errors, BTreeSet::from([400, 401, 403, 404, 409, 412, 415, 422]));
}

#[test]
fn the_postman_environment_holds_no_secret_r76() {
    let environment = read("storekeeper.postman_environment.json");
    let secrets: Vec<_> =
        environment["values"].as_array().unwrap().iter().filter(|one| one["type"] == "secret").collect();
    assert_eq!(
        secrets.iter().map(|one| (&one["key"], &one["value"])).collect::<Vec<_>>(),
        [(&Value::from("admin_password"), &Value::from(""))]
    );
}
