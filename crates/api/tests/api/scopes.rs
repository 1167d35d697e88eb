//! Who may do what, generated: every route of the table as it stands in the source, for every kind of caller.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use testkit::{App, Call, NOTHING, Reply, spawn};

/// What a route needs, as the route table says it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Needs {
    Anybody,
    Catalog,
    Own,
    OwnOr(Scopes),
    Scopes(Scopes),
}

/// Words such as `orders:write`.
type Scopes = BTreeSet<String>;

/// The scopes `Read(Orders), Write(Stock)` as words.
fn words(source: &str) -> Scopes {
    let parts = source.split([',', '[', ']']).map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (access, noun) = part.trim_end_matches(')').split_once('(').unwrap();
            assert!(matches!(access, "Read" | "Write"), "{part}");
            format!("{}:{}", noun.to_lowercase(), access.to_lowercase())
        })
        .collect()
}

fn needs(source: &str) -> Needs {
    match source {
        "Anybody" => Needs::Anybody,
        "Catalog" => Needs::Catalog,
        "Own" => Needs::Own,
        _ => match source.strip_prefix("OwnOr(") {
            Some(scope) => Needs::OwnOr(words(scope.strip_suffix(')').unwrap())),
            None => Needs::Scopes(words(source)),
        },
    }
}

/// What stands before the parenthesis that ends a call.
fn arguments(rest: &str) -> &str {
    let mut depth = 0_i32;
    let end = rest.find(|c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth < 0
    });
    rest[..end.unwrap()].trim().trim_end_matches(',')
}

/// Every documented route: method, path, and what it needs.
fn routes() -> Vec<(&'static str, String, Needs)> {
    let table = concat!(include_str!("../../src/routes/mod.rs"), include_str!("../../src/routes/staff.rs"));
    let mut routes = Vec::new();
    for route in table.split("at(\"").skip(1) {
        let (path, methods) = route.split_once('"').unwrap();
        for (verb, method) in
            [(".get(", "GET"), (".post(", "POST"), (".put(", "PUT"), (".patch(", "PATCH"), (".delete(", "DELETE")]
        {
            let Some((_, rest)) = methods.split_once(verb) else { continue };
            // The operation, the handler, and what it needs.
            let last = arguments(rest).splitn(3, ',').nth(2).unwrap().trim();
            routes.push((method, path.to_owned(), needs(last)));
        }
    }
    assert!(routes.len() > 150, "{}", routes.len());
    routes
}

/// Somebody who calls.
struct Caller {
    name: String,
    token: String,
    scopes: Scopes,
    is_key: bool,
    /// Whether it has things of its own to see.
    has_own: bool,
}

impl Caller {
    /// Whether it has all of these scopes. Who may write may read.
    fn has(&self, needed: &Scopes) -> bool {
        let writes = |scope: &String| self.scopes.contains(&scope.replace(":read", ":write"));
        needed.iter().all(|scope| self.scopes.contains(scope) || writes(scope))
    }

    /// Whether a route that needs this refuses it.
    fn is_refused(&self, needs: &Needs) -> bool {
        match needs {
            Needs::Anybody => false,
            // It is not public in this shop.
            Needs::Catalog => self.is_key && !self.has(&["products:read".to_owned()].into()),
            Needs::Own => self.is_key,
            Needs::OwnOr(scopes) => !self.has(scopes) && !self.has_own,
            Needs::Scopes(scopes) => !self.has(scopes),
        }
    }
}

async fn call(app: &App, (method, path): (&str, &str), token: Option<&str>) -> Reply {
    let filled = |part: &str| match part {
        "{sequence}" => "1".to_owned(),
        _ if part.starts_with('{') => NOTHING.to_owned(),
        _ => part.to_owned(),
    };
    let path = path.split('/').map(filled).collect::<Vec<_>>().join("/");
    let call = app.call(method, &path);
    let call = if method == "GET" { call } else { call.json(&json!({})) };
    token.into_iter().fold(call, Call::token).send().await
}

/// The scopes of each role, as the shop says them.
async fn roles(app: &App) -> BTreeMap<String, Scopes> {
    let listed = app.get("/api/v1/roles").token(&app.admin).send().await.expect(200);
    let role = |role: &Value| {
        let scopes = role["scopes"].as_array().unwrap().iter().map(|scope| scope.as_str().unwrap().to_owned());
        (role["name"].as_str().unwrap().to_owned(), scopes.collect())
    };
    listed.items().iter().map(role).collect()
}

/// An account with a fixed role.
async fn staff(app: &App, role: &str, scopes: Scopes) -> Caller {
    let body = json!({ "username": format!("the-{role}"), "password": testkit::PASSWORD, "role": role });
    app.post("/api/v1/accounts").token(&app.admin).json(&body).send().await.expect(201);
    let token = app.login(&format!("the-{role}"), testkit::PASSWORD).await;
    Caller { name: role.to_owned(), token, scopes, is_key: false, has_own: false }
}

async fn key(app: &App, name: String, scopes: Scopes) -> Caller {
    let body = json!({ "name": name, "scopes": scopes });
    let made = app.post("/api/v1/keys").token(&app.admin).json(&body).send().await.expect(201);
    Caller { name, token: made.text("/secret").to_owned(), scopes, is_key: true, has_own: false }
}

/// The words that are not among `needed`, and include none of them.
fn others(all: &Scopes, needed: &Scopes) -> Scopes {
    let nouns: BTreeSet<_> = needed.iter().map(|scope| scope.split(':').next().unwrap()).collect();
    all.iter().filter(|scope| !nouns.contains(scope.split(':').next().unwrap())).cloned().collect()
}

#[tokio::test]
async fn every_route_lets_in_exactly_those_who_have_what_it_needs_r255_r259_r260() {
    let app = spawn().await;
    let mut callers = Vec::new();
    let roles = roles(&app).await;
    let all = roles["admin"].clone();
    for (role, scopes) in roles {
        match role.as_str() {
            "admin" => {
                callers.push(Caller { name: role, token: app.admin.clone(), scopes, is_key: false, has_own: false });
            }
            "customer" => {
                let token = app.customer("ann").await.token;
                callers.push(Caller { name: role, token, scopes, is_key: false, has_own: true });
            }
            role => callers.push(staff(&app, role, scopes).await),
        }
    }
    assert_eq!(callers.len(), 5);
    let everything = [key(&app, "everything".to_owned(), all.clone()).await];
    // A key with exactly the scopes of a route, and one with all others, for each set of scopes that a route needs.
    let mut keys: BTreeMap<Scopes, [Caller; 2]> = BTreeMap::new();
    for (method, path, needs) in routes() {
        let needed = match &needs {
            Needs::Anybody | Needs::Own => Scopes::new(),
            Needs::Catalog => ["products:read".to_owned()].into(),
            Needs::OwnOr(scopes) | Needs::Scopes(scopes) => scopes.clone(),
        };
        if !needed.is_empty() && !keys.contains_key(&needed) {
            let named = needed.iter().cloned().collect::<Vec<_>>().join(" ");
            let exact = key(&app, format!("only {named}"), needed.clone()).await;
            let rest = key(&app, format!("all but {named}"), others(&all, &needed)).await;
            keys.insert(needed.clone(), [exact, rest]);
        }
        let route = (method, path.as_str());
        for stranger in [None, Some("nonsense"), Some("stk_nonsense")] {
            let status = call(&app, route, stranger).await.status;
            assert_eq!(status == 401, needs != Needs::Anybody, "{method} {path} with {stranger:?}: {status}");
        }
        let of_route = keys.get(&needed).map_or(&everything[..], |keys| &keys[..]);
        for caller in callers.iter().chain(of_route) {
            let reply = call(&app, route, Some(&caller.token)).await;
            let (status, name) = (reply.status, &caller.name);
            assert_eq!(status == 403, caller.is_refused(&needs), "{method} {path} by {name}: {status}");
            assert!(!matches!(status, 401 | 405 | 500..), "{method} {path} by {name}: {status}");
            if status == 403 && needs != Needs::Own {
                let scope = reply.text("/scope").to_owned();
                assert_eq!(scope.split(' ').map(str::to_owned).collect::<Scopes>(), needed, "{method} {path}");
                let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{scope}\"");
                assert_eq!(reply.header("www-authenticate"), Some(challenge.as_str()));
            }
        }
    }
    assert!(keys.len() > 15, "{}", keys.len());
}

#[tokio::test]
async fn the_document_names_the_scopes_of_each_route_r255() {
    let app = spawn().await;
    let document = app.get("/openapi/openapi.json").send().await.expect(200);
    for (method, path, needs) in routes() {
        if !path.starts_with("/api/") {
            continue;
        }
        let operation = &document.body["paths"][&path][method.to_lowercase()];
        let Needs::Scopes(scopes) = &needs else {
            assert!(operation["security"] == json!([]) || operation["security"] == json!([{ "JWT": [] }]), "{path}");
            continue;
        };
        let documented = operation["security"][0]["JWT"].as_array().unwrap();
        let documented: Scopes = documented.iter().map(|scope| scope.as_str().unwrap().to_owned()).collect();
        assert_eq!(&documented, scopes, "{method} {path}");
    }
}

/// The cells of the rows of a table that begin with a word in backticks.
fn rows(text: &str) -> BTreeMap<String, String> {
    let row = |line: &str| {
        let mut cells = line.strip_prefix("| `")?.splitn(2, "` | ");
        Some((cells.next()?.to_owned(), cells.next()?.to_owned()))
    };
    text.lines().filter_map(row).collect()
}

#[tokio::test]
async fn the_document_about_access_has_the_roles_and_scopes_of_the_shop_r255() {
    let app = spawn().await;
    let rows = rows(include_str!("../../../../docs/access.md"));
    let roles = roles(&app).await;
    for (role, scopes) in &roles {
        let row = rows.get(role).unwrap_or_else(|| panic!("docs/access.md has no role `{role}`"));
        if role == "admin" || role == "customer" {
            continue;
        }
        let named: Scopes = row.split('`').filter(|word| word.contains(':')).map(str::to_owned).collect();
        assert_eq!(&named, scopes, "the scopes of `{role}` in docs/access.md");
    }
    let nouns: BTreeSet<_> = roles["admin"].iter().map(|scope| scope.split(':').next().unwrap()).collect();
    for noun in nouns {
        assert!(rows.contains_key(noun), "docs/access.md has no noun `{noun}`");
    }
}
