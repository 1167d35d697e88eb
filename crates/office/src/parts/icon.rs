use maud::{Markup, PreEscaped, html};

/// An icon of Lucide, which says nothing that the text beside it does not say.
pub(crate) fn icon(name: &'static str) -> Markup {
    // The shapes are written by `.ci/office`; nothing that anybody types is among them.
    let shape = SHAPES.iter().find(|(known, _)| *known == name).map_or("", |(_, shape)| shape);
    html! {
        svg.icon viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" { (PreEscaped(shape)) }
    }
}

include!("../../assets/icons.rs");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_icon_is_hidden_from_those_who_listen_r247() {
        let house = icon("house").into_string();
        assert!(house.contains("aria-hidden=\"true\"") && house.contains("<path"), "{house}");
    }
}
