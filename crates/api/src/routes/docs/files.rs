use std::sync::LazyLock;

use crate::respond::File;

/// What the page loads, and the page itself, which has no name.
static FILES: LazyLock<Vec<(&str, File)>> = LazyLock::new(|| {
    vec![
        ("", File::plain("text/html; charset=utf-8", include_str!("../../../assets/docs/index.html"))),
        ("docs.css", File::plain("text/css; charset=utf-8", include_str!("../../../assets/docs/docs.css"))),
        ("docs.js", File::plain("text/javascript; charset=utf-8", include_str!("../../../assets/docs/docs.js"))),
        ("favicon.svg", File::plain("image/svg+xml", include_str!("../../../assets/docs/favicon.svg"))),
        (
            "swagger-ui.css",
            File::gzipped("text/css; charset=utf-8", include_bytes!("../../../assets/docs/swagger-ui.css.gz")),
        ),
        (
            "swagger-ui-bundle.js",
            File::gzipped(
                "text/javascript; charset=utf-8",
                include_bytes!("../../../assets/docs/swagger-ui-bundle.js.gz"),
            ),
        ),
        (
            "swagger-ui-bundle.js.LICENSE.txt",
            File::plain(
                "text/plain; charset=utf-8",
                include_str!("../../../assets/docs/swagger-ui-bundle.js.LICENSE.txt"),
            ),
        ),
    ]
});

/// A file of the page by its name.
pub(super) fn named(name: &str) -> Option<&'static File> {
    FILES.iter().find(|(known, _)| *known == name).map(|(_, file)| file)
}
