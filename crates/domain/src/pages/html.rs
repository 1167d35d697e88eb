use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use url::Url;

use crate::media::Encoding;
use crate::products::Description;
use crate::{Code, Invalid, Lines, Rule, Ruled, Uuid};

/// A description in HTML, cleaned: it has the elements of texts, tables, links to `https` addresses and pictures of the
/// shop, and nothing that a browser would run or load from elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescriptionHtml(String);

/// What is kept of HTML.
const TAGS: [&str; 19] = [
    "p", "br", "ul", "ol", "li", "strong", "em", "a", "h2", "h3", "h4", "img", "table", "caption", "thead", "tbody",
    "tr", "th", "td",
];

/// What pictures of the shop begin with, on the server itself.
const MEDIA: &str = "/media/";

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from(TAGS))
        .clean_content_tags(HashSet::from(["script", "style", "template", "title"]))
        .generic_attributes(HashSet::new())
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("img", HashSet::from(["src", "alt"])),
            ("th", HashSet::from(["colspan", "rowspan"])),
            ("td", HashSet::from(["colspan", "rowspan"])),
        ]))
        .url_schemes(HashSet::from(["https"]))
        .link_rel(Some("noopener noreferrer"))
        // The filter comes first, and lets no relative address pass but those of pictures.
        .url_relative(UrlRelative::PassThrough)
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("a", "href") => link(value).map(Cow::Owned),
            ("img", "src") => picture(value).map(Cow::Owned),
            _ => Some(Cow::Borrowed(value)),
        });
    builder
});

/// An `https` address as browsers read it.
fn link(raw: &str) -> Option<String> {
    let url = Url::parse(raw).ok().filter(|url| url.scheme() == "https")?;
    Some(url.into())
}

/// The path of a picture of the shop, whatever server it is read from.
fn picture(raw: &str) -> Option<String> {
    let path = match Url::parse(raw) {
        Ok(url) if url.scheme() == "https" || url.scheme() == "http" => url.path().to_owned(),
        Ok(_) => return None,
        Err(_) => raw.trim().to_owned(),
    };
    let (_, rest) = path.rsplit_once(MEDIA)?;
    let (id, file) = rest.split_once('/')?;
    let (edge, extension) = file.split_once('.')?;
    let is_size = edge.len() <= 4 && !edge.starts_with('0') && edge.parse::<u16>().is_ok();
    let id = Uuid::try_parse(id).ok().filter(|_| id.len() == 36 && is_size)?;
    let encoding = Encoding::parse(extension).ok()?;
    Some(format!("{MEDIA}{id}/{edge}.{}", encoding.as_str()))
}

impl DescriptionHtml {
    /// The most bytes, before it is cleaned and after.
    pub const MAX: usize = 50_000;

    /// Cleans HTML.
    ///
    /// Unlike other texts it is not put into Unicode NFC, which would join the sign at the end of a tag with a combining
    /// character behind it.
    ///
    /// # Errors
    /// If it is too long, has control characters, or nothing is left of it.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let too_long = || Err(Invalid::new(Code::TooLong, "must have at most 50,000 bytes, also when it is cleaned"));
        if raw.len() > Self::MAX {
            return too_long();
        }
        if raw.contains(is_refused) {
            return Err(Invalid::new(Code::Format, "must not contain control characters"));
        }
        let mut clean = CLEANER.clean(raw).to_string();
        // They may have been written as references. No text is a tag afterwards: its signs are references still.
        clean.retain(|c| !is_refused(c));
        let clean = clean.trim();
        match clean.len() {
            0 => Err(Invalid::new(Code::Blank, "must have something that is kept, such as a paragraph")),
            length if length > Self::MAX => too_long(),
            _ => Ok(Self(clean.to_owned())),
        }
    }

    /// The cleaned HTML, in which pictures have paths on this server.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A stored value, which was cleaned before it was stored. It is not cleaned again.
    pub fn from_trusted(stored: String) -> Self {
        Self(stored)
    }

    /// The HTML with URLs of pictures that begin with this.
    pub fn with_pictures_at(&self, base: &str) -> Cow<'_, str> {
        let source = format!(" src=\"{MEDIA}");
        if base.is_empty() || !self.0.contains(&source) {
            return Cow::Borrowed(&self.0);
        }
        let mut parts = self.0.split("<img ");
        let mut shown = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            // A quotation mark in another attribute is a reference, so that this is the source, if it is in the tag.
            let (tag, rest) = part.split_once('>').unwrap_or((part, ""));
            let tag = format!(" {tag}").replacen(&source, &format!(" src=\"{base}{MEDIA}"), 1);
            shown.push_str("<img");
            shown.push_str(&tag);
            shown.push('>');
            shown.push_str(rest);
        }
        Cow::Owned(shown)
    }

    /// Its text, a line for each paragraph, heading, item and row, cut where a description ends; `None` if there is none.
    pub fn text(&self) -> Option<Description> {
        let mut text = String::new();
        let mut pieces = self.0.split('<');
        text.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            let (tag, after) = piece.split_once('>').unwrap_or((piece, ""));
            let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
            match name {
                "a" | "strong" | "em" | "img" => {}
                "td" | "th" => text.push(' '),
                _ => text.push('\n'),
            }
            text.push_str(&after.replace(['\n', '\r', '\t'], " "));
        }
        let text = text.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
        let text = text.replace("&amp;", "&");
        let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        let text = lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
        let cut: String = text.chars().take(Description::MAX).collect();
        Description::parse(&cut).ok().filter(|text| !text.as_str().is_empty())
    }
}

/// Whether a character is refused in texts of many lines.
fn is_refused(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\t')
}

impl Ruled for DescriptionHtml {
    fn rule() -> Rule {
        Rule::Text { min: 1, max: Self::MAX, lines: Lines::Many }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

    fn clean(raw: &str) -> String {
        DescriptionHtml::parse(raw).unwrap().0
    }

    #[test]
    fn text_markup_is_kept_and_all_other_html_is_removed_r218() {
        for (raw, kept) in [
            (
                "<p class=\"x\" style=\"color:red\" onclick=\"x()\" id=\"y\">Of <b>fine</b> cotton</p>",
                "<p>Of fine cotton</p>",
            ),
            ("a<script>alert(1)</script><style>p{}</style>b", "ab"),
            ("<h1>Big</h1><h2>Less</h2>", "Big<h2>Less</h2>"),
            ("<ul><li>One<li>Two</ul>", "<ul><li>One</li><li>Two</li></ul>"),
            (
                "<table><tr><td colspan=\"2\" width=\"9\">x</table>",
                "<table><tbody><tr><td colspan=\"2\">x</td></tr></tbody></table>",
            ),
            ("<!-- x --><iframe src=\"https://a.example\"></iframe><p>1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>"),
            ("<svg onload=alert(1)><p>x</p>", "<p>x</p>"),
        ] {
            assert_eq!(clean(raw), kept, "{raw}");
            assert_eq!(clean(kept), kept, "it is clean");
        }
    }

    #[test]
    fn links_lead_to_https_addresses_only_r218() {
        let rel = "rel=\"noopener noreferrer\"";
        let href = |raw: &str| clean(&format!("<a href=\"{raw}\" target=_blank>x</a>"));
        assert_eq!(href("https://a.example/b?c=1"), format!("<a href=\"https://a.example/b?c=1\" {rel}>x</a>"));
        for bad in [
            "http://a.example",
            "javascript:alert(1)",
            " jAvascript&#58;alert(1)",
            "//a.example",
            "/b",
            "data:text/html,x",
            "java\tscript:x",
        ] {
            assert_eq!(href(bad), format!("<a {rel}>x</a>"), "{bad}");
        }
    }

    #[test]
    fn pictures_are_those_of_the_shop_whatever_server_they_are_named_at_r218() {
        let ours = format!("/media/{ID}/640.jpg");
        let src = |raw: &str| clean(&format!("<img src=\"{raw}\" alt=\"A &quot;mug&quot;\" onerror=x()>"));
        let kept = format!("<img src=\"{ours}\" alt=\"A &quot;mug&quot;\">");
        for good in [ours.clone(), format!("https://cdn.example/shop{ours}"), format!("https://cdn.example{ours}?x=1")]
        {
            assert_eq!(src(&good), kept, "{good}");
        }
        for bad in [
            "https://a.example/x.jpg".to_owned(),
            format!("/media/{ID}/original"),
            format!("/media/{ID}/640.svg"),
            format!("/media/{ID}/0640.jpg"),
            format!("/media/{}/640.jpg", ID.replace('-', "")),
            format!("data:/media/{ID}/640.jpg"),
        ] {
            assert_eq!(src(&bad), "<img alt=\"A &quot;mug&quot;\">", "{bad}");
        }
        let signs = clean(&format!("<img alt=\"a > b <i\" src=\"{ours}\">"));
        assert_eq!(signs, format!("<img alt=\"a &gt; b &lt;i\" src=\"{ours}\">"), "a tag ends where it seems to");
        let html =
            DescriptionHtml::parse(&format!("{kept}<p> src=\"{ours}</p><img alt=\"x\" src=\"{ours}\">")).unwrap();
        let there = format!("https://cdn.example{ours}");
        let shown = format!(
            "<img src=\"{there}\" alt=\"A &quot;mug&quot;\"><p> src=\"{ours}</p><img alt=\"x\" src=\"{there}\">"
        );
        assert_eq!(html.with_pictures_at("https://cdn.example"), shown);
        assert_eq!(html.with_pictures_at(""), html.as_str());
    }

    #[test]
    fn html_has_50_000_bytes_and_something_that_is_kept_r218() {
        let code = |raw: &str| DescriptionHtml::parse(raw).map_err(|invalid| invalid.code);
        assert!(code(&"ä".repeat(25_000)).is_ok());
        assert_eq!(code(&"ä".repeat(25_001)), Err(Code::TooLong));
        assert_eq!(code(&"&".repeat(20_000)), Err(Code::TooLong), "when it is cleaned");
        for nothing in ["", " ", "<script>x</script>", "<div></div>"] {
            assert_eq!(code(nothing), Err(Code::Blank), "{nothing}");
        }
        assert_eq!(code("a\0b"), Err(Code::Format));
        assert_eq!(clean("a&#1;b"), "ab");
        assert_eq!(clean("<p>\u{338}x</p>"), "<p>\u{338}x</p>", "a tag is not joined with what follows");
        let nested = |depth: usize| "<strong>".repeat(depth) + "x";
        assert_eq!(clean(&nested(2_500)).len(), 2_500 * 17 + 1, "deep nesting is no harm");
        assert_eq!(code(&nested(6_000)), Err(Code::TooLong));
    }

    #[test]
    fn its_text_has_a_line_for_each_block_and_is_cut_r218() {
        let text = |raw: &str| DescriptionHtml::parse(raw).unwrap().text().map(|text| text.to_string());
        assert_eq!(
            text("<h2>Mug</h2><p>Of <em>stone</em>ware,\n holds&nbsp;&lt;&amp;lt; 300&nbsp;ml.<br>Blue.</p><ul><li>A<li>B</ul>").unwrap(),
            "Mug\nOf stoneware, holds <&lt; 300 ml.\nBlue.\nA\nB"
        );
        assert_eq!(text("<table><tr><td>a<td>b<tr><td>c</table>").unwrap(), "a b\nc");
        assert_eq!(text(&format!("<img src=\"/media/{ID}/640.jpg\">")), None);
        assert_eq!(text(&format!("<p>{}</p>", "x".repeat(10_001))).unwrap().len(), 10_000);
    }
}
