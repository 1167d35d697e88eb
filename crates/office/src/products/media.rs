use actix_web::HttpResponse;
use actix_web::web::Bytes;
use application::Error;
use application::media::{PicturesOf, PlacePictures};
use domain::media::{Alt, Gallery, MOST_BYTES, MediaId, Placed, ProductPictures, Shown};
use domain::products::{Product, ProductId};
use domain::{Code, Invalid, Uuid};
use maud::{Markup, html};

use super::{SECTION, address};
use crate::act::{after, mistyped, once, outdated};
use crate::form::{Form, HeldAs};
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Field, key, problems};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Pictures");

/// A product and its pictures.
struct Around {
    product: Product,
    pictures: Vec<Shown>,
}

/// The pictures of a product, to be sorted and described, and the field to upload more. It is one form, so that nothing
/// that was typed is lost by an upload.
pub(crate) async fn show(staff: &Staff) -> Answer {
    let around = asked(staff).await?;
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &around, &around.filled())))
}

async fn asked(staff: &Staff) -> Result<Around, Error> {
    let id = staff.id::<ProductId>("product")?;
    let queries = &staff.office.queries;
    let product = queries.products.get(id, None).await?.ok_or(Error::NotFound("product"))?.product;
    let pictures = queries.media.of_products(&[id]).await?.remove(&id).unwrap_or_default();
    // Those of its group are changed there.
    let ProductPictures { shown, are_own } = pictures;
    Ok(Around { product, pictures: if are_own { shown } else { Vec::new() } })
}

impl Around {
    /// What the fields hold.
    fn held(&self) -> Vec<(String, String)> {
        let of = |Shown { picture, alt }: &Shown| {
            let is_decorative = alt.as_ref().is_some_and(|alt| alt.as_str().is_empty());
            let text = alt.as_ref().map(ToString::to_string).unwrap_or_default();
            let ticked = if is_decorative { "true" } else { "" };
            [(alt_field(&picture.id), text), (decorative_field(&picture.id), ticked.to_owned())]
        };
        self.pictures.iter().flat_map(of).collect()
    }

    fn filled(&self) -> Form {
        self.filling(Form::default())
    }

    /// Adds the version of the product and the stored values of the fields to a form that has no version.
    fn filling(&self, form: Form) -> Form {
        form.with_part(Form::VERSION, self.product.version, &named(&self.held()))
    }
}

fn named(held: &[(String, String)]) -> Vec<HeldAs<'_>> {
    held.iter().map(|(name, value)| (name.as_str(), value.clone())).collect()
}

fn alt_field(id: &MediaId) -> String {
    format!("alt-{id}")
}

fn decorative_field(id: &MediaId) -> String {
    format!("decorative-{id}")
}

/// Saves the order of the pictures and what they show. A button may also move one up or down, or remove it.
pub(crate) async fn save(staff: &Staff) -> Answer {
    let around = asked(staff).await?;
    let mut form = staff.form();
    let gallery = placed(&mut form).map(Gallery::new).transpose();
    let (Some(version), Ok(Some(gallery))) = (form.expected(), gallery) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &around, &form)));
    };
    let place = PlacePictures { of: PicturesOf::Product(around.product.id), gallery, expected: Some(version) };
    let saved = once(staff, place).await;
    answer(staff, saved, form, &around).await
}

/// The page after the pictures are placed, or the form again.
async fn answer(staff: &Staff, placed: Result<(), Error>, form: Form, around: &Around) -> Answer {
    if matches!(placed, Err(Error::Stale(_))) {
        return Ok(stale(staff, form, &asked(staff).await?));
    }
    let then = format!("products/{}/media?done=saved", around.product.id);
    after(staff, placed, &then, form, PAGE, |form| contents(staff, around, form))
}

/// The form with the current pictures. Where somebody else has changed a text, it shows both texts.
fn stale(staff: &Staff, form: Form, now: &Around) -> HttpResponse {
    let held = now.held();
    outdated(staff, form, (now.product.version, &named(&held)), PAGE, |form| contents(staff, now, form))
}

/// The pictures as the form has them, after what its button does.
fn placed(form: &mut Form) -> Option<Vec<Placed>> {
    let ids: Vec<_> = form.all("media_id").map(ToOwned::to_owned).collect();
    let mut placed = Some(Vec::new());
    for id in ids {
        let media_id = Uuid::try_parse(&id).ok().map(MediaId)?;
        let is_decorative = form.text(&decorative_field(&media_id)).is_some();
        let alt = form.optional(&alt_field(&media_id), Alt::parse);
        match (alt, &mut placed) {
            (Some(alt), Some(all)) => {
                let alt = if is_decorative { Alt::parse("").ok() } else { alt };
                all.push(Placed { media_id, alt });
            }
            (None, _) => placed = None,
            (Some(_), None) => {}
        }
    }
    let mut placed = placed?;
    let does = form.text("do").unwrap_or("save").to_owned();
    let at = |id: &str| placed.iter().position(|one| one.media_id.to_string() == id);
    match does.split_once(' ') {
        Some(("up", id)) => {
            if let Some(place) = at(id).filter(|place| *place > 0) {
                placed.swap(place, place - 1);
            }
        }
        Some(("down", id)) => {
            if let Some(place) = at(id).filter(|place| place + 1 < placed.len()) {
                placed.swap(place, place + 1);
            }
        }
        Some(("remove", id)) => placed.retain(|one| one.media_id.to_string() != id),
        _ => {}
    }
    Some(placed)
}

/// Takes pictures and puts them behind the others, which are saved as the form has them: all of them, or none.
pub(crate) async fn upload(staff: &Staff) -> Answer {
    let around = asked(staff).await?;
    let mut form = staff.form();
    let had = if form.expected().is_some() {
        placed(&mut form)
    } else {
        // A form that sends nothing but a file keeps the others as they are, and shows them if it is refused.
        form = around.filling(form);
        Some(around.as_placed())
    };
    let files: Vec<_> = staff.files("file").collect();
    if files.is_empty() {
        form.refuse::<()>("file", Invalid::new(Code::Required, "must be a picture: choose one"));
    }
    let (Some(had), false) = (had, files.is_empty()) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &around, &form)));
    };
    let new = match uploaded(staff, &files).await {
        Ok(new) => new,
        Err(error) => return answer(staff, Err(error), form, &around).await,
    };
    let gallery = match Gallery::new(with(had, &new)) {
        Ok(gallery) => gallery,
        Err(fault) => {
            form.refuse::<()>("file", fault.invalid());
            return Ok(mistyped(staff, PAGE, &contents(staff, &around, &form)));
        }
    };
    let expected = Some(form.expected().unwrap_or(around.product.version));
    let place = PlacePictures { of: PicturesOf::Product(around.product.id), gallery, expected };
    let added = once(staff, place).await;
    answer(staff, added, form, &around).await
}

async fn uploaded(staff: &Staff, files: &[&Bytes]) -> Result<Vec<MediaId>, Error> {
    let mut ids = Vec::new();
    for bytes in files {
        let id = staff.office.pictures.upload(&staff.runner(), bytes.to_vec()).await?.picture.id;
        // The same picture may be chosen twice.
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

impl Around {
    fn as_placed(&self) -> Vec<Placed> {
        let placed = |shown: &Shown| Placed { media_id: shown.picture.id, alt: shown.alt.clone() };
        self.pictures.iter().map(placed).collect()
    }
}

/// Pictures with new ones behind them. One that is there already moves there, and keeps what it shows.
fn with(had: Vec<Placed>, new: &[MediaId]) -> Vec<Placed> {
    let (again, mut placed): (Vec<_>, Vec<_>) = had.into_iter().partition(|one| new.contains(&one.media_id));
    let alt = |id: MediaId| again.iter().find(|one| one.media_id == id).and_then(|one| one.alt.clone());
    placed.extend(new.iter().map(|id| Placed { media_id: *id, alt: alt(*id) }));
    placed
}

fn contents(staff: &Staff, around: &Around, form: &Form) -> Markup {
    let Around { product, pictures } = around;
    let place = format!("products/{}", product.id);
    let version = form.expected().unwrap_or(product.version);
    html! {
        p.back { a href=(staff.to(&place)) { (product.name.as_str()) } }
        div.heading {
            h1 { "Pictures" }
            // The first button of a form is pressed by Enter in its fields.
            @if !pictures.is_empty() { div.actions { (saving(staff, &place, "save", "Save", None)) } }
        }
        (problems(form))
        form #pictures.card.form method="post" enctype="multipart/form-data" hx-boost="false" data-drops="send"
            action=(staff.to(&format!("{place}/media/upload"))) {
            (key(staff, form))
            input type="hidden" name=(Form::VERSION) value=(version.0);
            @if !pictures.is_empty() {
                ol.sorted {
                    @for (at, shown) in pictures.iter().enumerate() {
                        (one(staff, form, (&place, at, at + 1 == pictures.len()), shown))
                    }
                }
            }
            div.field {
                label for="field-file" { "Add pictures" }
                input #field-file type="file" name="file" accept="image/jpeg,image/png,image/webp,image/gif" multiple
                    data-most=(MOST_BYTES) autofocus[form.fault("file").is_some()]
                    aria-describedby="about-file" aria-invalid=[form.fault("file").map(|_| "true")];
                @match form.fault("file") {
                    Some(fault) => p.fault #about-file { "The file " (fault) "." },
                    None => p.hint #about-file { "JPEG, PNG, WebP or GIF, at most 15 MB each. Choose several at once, or drop or paste them anywhere on this page." },
                }
            }
            div.actions { button { "Upload" } }
        }
    }
}

/// A button that saves the pictures, and may do something else with one of them. It sends no file.
fn saving(staff: &Staff, place: &str, does: &str, shown: &str, about: Option<&str>) -> Markup {
    html! {
        button.main[does == "save"] form="pictures" name="do" value=(does) formaction=(staff.to(&format!("{place}/media")))
            formenctype="application/x-www-form-urlencoded" aria-label=[about] { (shown) }
    }
}

/// A picture of the form, with its place and whether it is the last one.
fn one(
    staff: &Staff,
    form: &Form,
    (page, place, is_last): (&str, usize, bool),
    Shown { picture, .. }: &Shown,
) -> Markup {
    let (field, decorative) = (alt_field(&picture.id), decorative_field(&picture.id));
    let (number, fault, about) = (place + 1, form.fault(&field), format!("about-{field}"));
    let label = format!("What picture {number} shows");
    let button = |verb: &str, shown: &str, about: &str| {
        saving(staff, page, &format!("{verb} {}", picture.id), shown, Some(about))
    };
    html! {
        li {
            input type="hidden" name="media_id" value=(picture.id);
            @for name in [&field, &decorative] {
                @if let Some(was) = form.before(name) { input type="hidden" name=(Form::memory_of(name)) value=(was); }
            }
            img src=(address(staff, picture, 160)) alt={ "Picture " (number) } width="96" height="96" loading="lazy";
            div.grow {
                div.field {
                    label for=(field) { (label) }
                    input id=(field) name=(field) value=(form.text(&field).unwrap_or_default()) maxlength=(Alt::MAX) autocomplete="off"
                        autofocus[form.first_fault() == Some(field.as_str())]
                        aria-describedby=[fault.map(|_| &about)] aria-invalid=[fault.map(|_| "true")];
                    @if let Some(fault) = fault { p.fault id=(about) { (label) " " (fault) "." } }
                    (Field::text(form, &field, &label).meanwhile())
                    label.check {
                        input type="checkbox" name=(decorative) value="true" checked[form.text(&decorative).is_some()];
                        " Decorative: it says nothing"
                    }
                    (Field::choice(form, &decorative, "Decorative", &DECORATIVE).meanwhile())
                }
            }
            div.actions {
                @if place > 0 { (button("up", "Up", &format!("Move picture {number} up"))) }
                @if !is_last { (button("down", "Down", &format!("Move picture {number} down"))) }
                (button("remove", "Remove", &format!("Remove picture {number}")))
            }
        }
    }
}

/// What the box says, for whoever is shown what somebody else has ticked.
const DECORATIVE: [(&str, &str); 2] = [("true", "decorative"), ("", "not decorative")];

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> MediaId {
        MediaId(Uuid::from_u128(number))
    }

    #[test]
    fn a_picture_that_is_uploaded_again_moves_to_the_end_and_keeps_what_it_shows_r211_r241() {
        let alt = |text| Alt::parse(text).ok();
        let had = [(1, "One"), (2, "Two")].map(|(number, text)| Placed { media_id: id(number), alt: alt(text) });
        let placed = with(had.to_vec(), &[id(1), id(3)]);
        let placed: Vec<_> = placed.into_iter().map(|one| (one.media_id, one.alt)).collect();
        assert_eq!(placed, [(id(2), alt("Two")), (id(1), alt("One")), (id(3), None)]);
    }

    #[test]
    fn a_refused_text_refuses_all_and_each_is_named_r211_r249() {
        let long = "x".repeat(Alt::MAX + 1);
        let fields = [("media_id", id(1).to_string()), ("media_id", id(2).to_string())];
        let fields = fields.map(|(name, value)| (name.to_owned(), value));
        let alts = [1, 2].map(|number| (alt_field(&id(number)), long.clone()));
        let mut form = Form::new(fields.into_iter().chain(alts).collect());
        assert!(placed(&mut form).is_none());
        assert!([1, 2].iter().all(|number| form.fault(&alt_field(&id(*number))).is_some()));
    }
}
