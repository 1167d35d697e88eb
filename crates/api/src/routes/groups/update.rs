use std::sync::Arc;

use application::groups::{OptionInput, UpdateGroup, Values};
use domain::groups::{Group, GroupChange, GroupId, GroupName};
use domain::pages::PageTextsChange;
use domain::products::{Description, ProductId};
use domain::slugs::Slug;
use domain::{Code, Invalid};
use serde_json::{Value, json};

use super::super::products::page_change;
use super::TAG;
use super::body::GroupBody;
use super::given::ValuesOfMembers;
use crate::context::State;
use crate::example;
use crate::extract::read::{list_or_none, object, text};
use crate::extract::{Body, Fields, FromFields, IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::Resource;

/// What changes of a group and its members.
pub(crate) struct Change {
    of_group: GroupChange,
    page: PageTextsChange,
    options: Option<Vec<String>>,
    values: Vec<(ProductId, Values)>,
}

impl FromFields for Change {
    const NAME: &'static str = "ProductGroupChange";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let name = fields.change("name", &text(GroupName::parse));
        let slug = fields.change("slug", &text(Slug::parse));
        let description = fields.change_or_clear("description", &text(Description::parse));
        let page = page_change(fields);
        let options = fields.change("options", &list_or_none(object::<OptionInput>(), Group::MOST_OPTIONS));
        let values = fields.change("values", &ValuesOfMembers);
        let options = options?;
        for (place, option) in options.iter().flatten().enumerate() {
            if !option.terms.is_empty() {
                let invalid = Invalid::new(Code::Excluded, "is for products that are made with the group");
                fields.refuse(&format!("options[{place}].terms"), invalid);
                return None;
            }
        }
        let options = options.map(|all| all.into_iter().map(|option| option.attribute).collect());
        let empty_is_none = |text: Option<Description>| text.filter(|text| !text.as_str().is_empty());
        let page = page?;
        let description = page.described(description?).map(empty_is_none);
        let of_group = GroupChange { name: name?, slug: slug?, description, options: None };
        Some(Self { of_group, page, options, values: values?.unwrap_or_default() })
    }

    fn example() -> Value {
        json!({ "options": [{ "attribute": "size" }], "values": { example::ID: { "size": "m" } } })
    }
}

pub(crate) const UPDATE: Operation = Operation::new(
    TAG,
    "updateProductGroup",
    "Change a product group, its options, and the terms of its products",
    "Fields that are not named stay; null takes texts away. An old `slug` leads to the new one. New `options` replace those that were; `values` gives \
     products the terms that they lack, and may swap the terms of two. The names of its products stay. Versions of the \
     products rise with that of the group.",
)
.problems(&[Kind::DUPLICATE, Kind::DUPLICATE_COMBINATION]);

pub(crate) async fn update(
    staff: Staff,
    state: Arc<State>,
    id: Path<GroupId>,
    expected: IfMatch,
    change: Body<Change>,
) -> Result<Resource<GroupBody>, Problem> {
    let Change { of_group, page, options, values } = change.0;
    let update = UpdateGroup { id: id.0, change: of_group, page, options, values, expected: expected.0 };
    let view = staff.runner(&state).run(update).await?;
    Ok(Resource(GroupBody::of(&view, state.shop, &state.media.base, true)))
}
