//! Categories, to narrow the list of products by.

use application::Error;
use domain::slugs::Slug;
use domain::terms::{Leveled, Taxonomy, TermKey};

use super::narrowed::CATEGORY;
use crate::request::Staff;

/// The most categories to choose from. Of more, those of the upper levels are left.
const MOST: usize = 300;

/// The categories to choose from, each by its slug with what is shown for it, after the choice of all. One below another
/// stands further to the right.
pub(super) async fn options(staff: &Staff) -> Result<Vec<(String, String)>, Error> {
    let taxonomy = staff.office.taxonomies.current().await?;
    let all = taxonomy.categories().all();
    let here = chosen(staff, &taxonomy).and_then(|slug| taxonomy.categories().find(&TermKey::Slug(slug)));
    let deepest = (1..).take_while(|depth| all.iter().filter(|one| one.depth <= *depth).count() <= MOST);
    let deepest = deepest.take(domain::terms::MAX_DEPTH).last().unwrap_or(1);
    let is_shown = |one: &&Leveled| one.depth <= deepest || here.is_some_and(|here| here.node.id == one.node.id);
    let option = |one: &Leveled| {
        let shown = "\u{2003}".repeat(one.depth.saturating_sub(1)) + one.node.name.as_str();
        (one.node.slug.to_string(), shown)
    };
    let any = (String::new(), "Any".to_owned());
    Ok(std::iter::once(any).chain(all.iter().filter(is_shown).map(option)).collect())
}

fn chosen(staff: &Staff, taxonomy: &Taxonomy) -> Option<Slug> {
    let slug = Slug::parse(staff.query(CATEGORY)?).ok()?;
    taxonomy.categories().find(&TermKey::Slug(slug.clone())).map(|_| slug)
}
