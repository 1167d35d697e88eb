use std::sync::LazyLock;

use actix_web::dev::ServiceRequest;

use super::routes;
use crate::openapi::Routes;

/// Finds the route of a path: in a radix tree, where actix would try one route after the other, with a regular expression
/// for each that has parameters.
#[derive(Default)]
pub(crate) struct Finder {
    tree: matchit::Router<Found>,
    count: usize,
}

/// A route that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    /// Such as `/api/v1/products/{id}`.
    pub(crate) pattern: &'static str,
    /// Where it stands in the table.
    pub(super) place: usize,
}

static FINDER: LazyLock<Finder> = LazyLock::new(|| {
    let mut finder = Finder::default();
    routes(&mut Routes::Find(&mut finder));
    finder
});

impl Finder {
    pub(super) fn add(&mut self, pattern: &'static str) {
        // Of the patterns in the table none is refused: a test finds each of them.
        let _ = self.tree.insert(pattern, Found { pattern, place: self.count });
        self.count += 1;
    }
}

/// Finds the route of a request, and the variable parts of its path; `None` if it has no route.
pub(crate) fn find(request: &mut ServiceRequest) -> Option<Found> {
    let parts = request.match_info_mut();
    // Out of the parts while they are added.
    let path = std::mem::take(parts.get_mut());
    let found = FINDER.tree.at(path.path()).ok().map(|found| {
        for (name, value) in found.params.iter() {
            parts.add_static(name, value.to_owned());
        }
        *found.value
    });
    *parts.get_mut() = path;
    found
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn found(path: &str) -> (Option<&'static str>, Vec<(String, String)>) {
        let mut request = TestRequest::with_uri(path).to_srv_request();
        let route = find(&mut request).map(|found| found.pattern);
        (route, request.match_info().iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    #[test]
    fn every_route_of_the_table_is_found() {
        let table = include_str!("mod.rs");
        let mut count = 0;
        for line in table.split("at(\"").skip(1) {
            let pattern = line.split('"').next().unwrap();
            assert_eq!(found(&pattern.replace(['{', '}'], "")).0, Some(pattern));
            count += 1;
        }
        assert!(count > 40);
    }

    #[test]
    fn parameters_are_read_from_their_segments() {
        let movement = "/api/v1/products/{id}/stock/movements/{sequence}";
        let parts = |id: &str| vec![("id".to_owned(), id.to_owned()), ("sequence".to_owned(), "7".to_owned())];
        assert_eq!(found("/api/v1/products/a-b/stock/movements/7?x=1"), (Some(movement), parts("a-b")));
        assert_eq!(found("/api/v1/products/%61%2Fb/stock/movements/7"), (Some(movement), parts("a%2Fb")));
        assert_eq!(found("/api/v1/restocks/run").0, Some("/api/v1/restocks/run"));
        assert_eq!(found("/api/v1/restocks/other").0, Some("/api/v1/restocks/{id}"));
        for none in ["/", "/api/v1/products/", "/api/v1/products//stock", "/api/v1/products/a/b", "/API/v1/products"] {
            assert_eq!(found(none), (None, vec![]), "{none}");
        }
    }
}
