//! The example shop is the API's worked example: it is short, and calls nothing that is not documented.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::sources::top;

fn read(file: &str) -> String {
    std::fs::read_to_string(top().join("examples/storefront").join(file)).unwrap()
}

/// The calls of the shop: method and path by operation.
fn calls() -> BTreeMap<String, (String, String)> {
    let text = read("api.js");
    let call = |line: &str| {
        let (operation, at) = line.strip_prefix("  ")?.strip_suffix("',")?.split_once(": '")?;
        let (method, path) = at.split_once(' ')?;
        Some((operation.to_owned(), (method.to_lowercase(), path.to_owned())))
    };
    text.lines().filter_map(call).collect()
}

#[test]
fn the_example_shop_calls_documented_operations_only_r252() {
    let document = std::fs::read_to_string(top().join("openapi/openapi.yaml")).unwrap();
    let document: Value = serde_yaml::from_str(&document).unwrap();
    let calls = calls();
    assert!(calls.len() > 20, "{calls:?}");
    for (operation, (method, path)) in &calls {
        let documented = &document["paths"][path.as_str()][method.as_str()]["operationId"];
        assert_eq!(documented, operation.as_str(), "{method} {path}");
    }
}

#[test]
fn every_call_of_the_example_shop_stands_in_one_file_and_is_used_r252() {
    let (shop, api) = (read("shop.js"), read("api.js"));
    for hidden in ["fetch(", "/api/v1", "XMLHttpRequest", "new EventSource", "Authorization"] {
        assert!(!shop.contains(hidden), "shop.js has {hidden}");
    }
    let word = |rest: &str| rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default().to_owned();
    let used = |text: &str| text.split("call.").skip(1).map(word).collect::<BTreeSet<_>>();
    let named = api.contains("address('streamOrderEvents'").then(|| "streamOrderEvents".to_owned());
    let used: BTreeSet<_> = used(&shop).into_iter().chain(used(&api)).chain(named).collect();
    let known: BTreeSet<_> = calls().into_keys().collect();
    assert_eq!(used, known);
}

#[test]
fn the_example_shop_is_short_and_has_no_inline_style_or_script_r251_r252() {
    for (file, most) in [("api.js", 80), ("shop.js", 500)] {
        let lines = read(file).lines().count();
        assert!(lines <= most, "{file} has {lines} lines");
    }
    assert!(read("api.js").starts_with("export const API = "), "the first line is the address of the API");
    let page = read("index.html");
    for inline in ["<style", "style=", "onload", "onclick", "<script>", "http://", "https://"] {
        assert!(!page.contains(inline), "index.html has {inline}");
    }
    for inner in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
        assert!(!read("shop.js").contains(inner), "shop.js has {inner}");
    }
}
