use actix_web::web::Bytes;
use application::Error;
use application::media::{PicturesOf, PlacePictures};
use domain::media::{Alt, Gallery, MOST_BYTES, MediaId, Placed, ProductPictures, Shown};
use domain::products::{Product, ProductId};
use domain::{Code, Invalid, Uuid, Version, plain_integer};
use maud::{Markup, html};

use super::{SECTION, address};
use crate::act::{after, mistyped, once};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{key, problems};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Pictures");

/// The pictures of a product, to be sorted and described, and a form to upload one.
pub(crate) async fn show(staff: Staff) -> Answer {
    let (product, pictures) = asked(&staff).await?;
    Ok(page(&staff, SECTION, PAGE.1, &contents(&staff, &product, &pictures, &Form::default())))
}

async fn asked(staff: &Staff) -> Result<(Product, Vec<Shown>), Error> {
    let id = staff.id::<ProductId>("product")?;
    let queries = &staff.office.queries;
    let product = queries.products.get(id, None).await?.ok_or(Error::NotFound("product"))?.product;
    let pictures = queries.media.of_products(&[id]).await?.remove(&id).unwrap_or_default();
    // Those of its group are changed there.
    let ProductPictures { shown, are_own } = pictures;
    Ok((product, if are_own { shown } else { Vec::new() }))
}

/// Saves the order of the pictures and what they show. A button may also move one up or down, or remove it.
pub(crate) async fn save(staff: Staff) -> Answer {
    let (product, pictures) = asked(&staff).await?;
    let mut form = staff.form();
    let version = form.required("version", plain_integer);
    let placed = placed(&mut form);
    let gallery = placed.map(Gallery::new).transpose();
    let (Some(version), Ok(Some(gallery))) = (version, gallery) else {
        return Ok(mistyped(&staff, PAGE, &contents(&staff, &product, &pictures, &form)));
    };
    let place = PlacePictures { of: PicturesOf::Product(product.id), gallery, expected: Some(Version(version)) };
    let saved = once(&staff, place).await;
    let then = format!("products/{}/media?done=saved", product.id);
    after(&staff, saved, &then, form, PAGE, |form| contents(&staff, &product, &pictures, form))
}

/// The pictures as the form has them, after what its button does.
fn placed(form: &mut Form) -> Option<Vec<Placed>> {
    let ids: Vec<_> = form.all("media_id").map(ToOwned::to_owned).collect();
    let mut placed = Vec::new();
    for id in ids {
        let is_decorative = form.text(&format!("decorative-{id}")).is_some();
        let alt = form.optional(&format!("alt-{id}"), Alt::parse)?;
        let alt = if is_decorative { Alt::parse("").ok() } else { alt };
        let media_id = Uuid::try_parse(&id).ok().map(MediaId)?;
        placed.push(Placed { media_id, alt });
    }
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

/// Takes pictures and puts them behind the others: all of them, or none.
pub(crate) async fn upload(staff: Staff) -> Answer {
    let (product, pictures) = asked(&staff).await?;
    let mut form = Form::default();
    let files: Vec<_> = staff.files("file").collect();
    if files.is_empty() {
        form.refuse::<()>("file", Invalid::new(Code::Required, "must be a picture: choose one"));
        return Ok(mistyped(&staff, PAGE, &contents(&staff, &product, &pictures, &form)));
    }
    let uploaded = match uploaded(&staff, &files).await {
        Ok(ids) => add(&staff, &product, &pictures, &ids).await,
        Err(error) => Err(error),
    };
    let then = format!("products/{}/media?done=saved", product.id);
    after(&staff, uploaded, &then, form, PAGE, |form| contents(&staff, &product, &pictures, form))
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

async fn add(staff: &Staff, product: &Product, pictures: &[Shown], ids: &[MediaId]) -> Result<(), Error> {
    let had = pictures.iter().map(|shown| Placed { media_id: shown.picture.id, alt: shown.alt.clone() });
    let new = ids.iter().map(|id| Placed { media_id: *id, alt: None });
    let placed: Vec<_> = had.filter(|one| !ids.contains(&one.media_id)).chain(new).collect();
    let gallery = Gallery::new(placed).map_err(|fault| Error::field("file", fault.invalid()))?;
    let of = PicturesOf::Product(product.id);
    staff.runner().run(PlacePictures { of, gallery, expected: Some(product.version) }).await.map(drop)
}

fn contents(staff: &Staff, product: &Product, pictures: &[Shown], form: &Form) -> Markup {
    let place = format!("products/{}", product.id);
    html! {
        p.back { a href=(staff.to(&place)) { (product.name.as_str()) } }
        h1 { "Pictures" }
        (problems(form))
        form.card.form method="post" enctype="multipart/form-data" hx-boost="false" data-drops="send"
            action=(staff.to(&format!("{place}/media/upload"))) {
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
            div.actions { button.main { "Upload" } }
        }
        @if !pictures.is_empty() {
            form.card.form method="post" action=(staff.to(&format!("{place}/media"))) {
                (key(staff, form))
                input type="hidden" name="version" value=(product.version.0);
                ol.sorted {
                    @for (place, shown) in pictures.iter().enumerate() {
                        (one(staff, form, (place, place + 1 == pictures.len()), shown))
                    }
                }
                div.actions { button.main name="do" value="save" { "Save" } }
            }
        }
    }
}

/// A picture of the form, with its place and whether it is the last one.
fn one(staff: &Staff, form: &Form, (place, is_last): (usize, bool), Shown { picture, alt }: &Shown) -> Markup {
    let id = picture.id.to_string();
    let (field, decorative) = (format!("alt-{id}"), format!("decorative-{id}"));
    let is_decorative = alt.as_ref().is_some_and(|alt| alt.as_str().is_empty());
    let shown =
        form.text(&field).map_or_else(|| alt.as_ref().map(ToString::to_string).unwrap_or_default(), ToOwned::to_owned);
    html! {
        li {
            input type="hidden" name="media_id" value=(id);
            img src=(address(staff, picture, 160)) alt={ "Picture " (place + 1) } width="96" height="96" loading="lazy";
            div.grow {
                div.field {
                    label for=(field) { "What picture " (place + 1) " shows" }
                    input id=(field) name=(field) value=(shown) maxlength=(Alt::MAX) autocomplete="off"
                        aria-invalid=[form.fault(&field).map(|_| "true")];
                    label.check { input type="checkbox" name=(decorative) value="true" checked[is_decorative]; " Decorative: it says nothing" }
                    @if let Some(fault) = form.fault(&field) { p.fault { (fault) } }
                }
            }
            div.actions {
                @if place > 0 { button name="do" value={ "up " (id) } aria-label={ "Move picture " (place + 1) " up" } { "Up" } }
                @if !is_last { button name="do" value={ "down " (id) } aria-label={ "Move picture " (place + 1) " down" } { "Down" } }
                button name="do" value={ "remove " (id) } aria-label={ "Remove picture " (place + 1) } { "Remove" }
            }
        }
    }
}
