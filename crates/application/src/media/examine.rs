use std::collections::BTreeSet;

use domain::media::{MediaFilter, MediaId, Picture};
use domain::{Limit, PageRequest};

use super::Pictures;
use super::pictures::{key, original, picture_of};
use crate::Error;

/// What is wrong with the files of pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaFinding {
    /// A picture lacks a file. Has its key.
    Missing(MediaId, String),
    /// A file belongs to no picture. The sweep removes it a day after the upload.
    Orphan(String),
}

impl Pictures {
    /// Compares the pictures with the files. Returns what is wrong, and how many pictures were compared.
    ///
    /// # Errors
    /// If the store or the database does not answer, or the shop has not said where files are kept.
    pub async fn examine(&self) -> Result<(Vec<MediaFinding>, u64), Error> {
        // Files first: what is uploaded meanwhile has a file that was not listed, and is looked up by itself.
        let keys = self.all_keys().await?;
        let (mut findings, mut compared, mut known) = (Vec::new(), 0, BTreeSet::new());
        let mut page = PageRequest { limit: Limit::DEFAULT, after: None };
        loop {
            let pictures = self.queries().list(&MediaFilter::default(), &page).await?;
            for picture in &pictures.items {
                known.insert(picture.id);
                compared += 1;
                for key in files_of(picture) {
                    if !keys.contains(&key) && self.store()?.open(&key).await?.is_none() {
                        findings.push(MediaFinding::Missing(picture.id, key));
                    }
                }
            }
            page.after = pictures.next;
            if page.after.is_none() {
                break;
            }
        }
        let orphans = keys.into_iter().filter(|key| !picture_of(key).is_some_and(|id| known.contains(&id)));
        findings.extend(orphans.map(MediaFinding::Orphan));
        Ok((findings, compared))
    }

    async fn all_keys(&self) -> Result<BTreeSet<String>, Error> {
        let (store, mut all) = (self.store()?, BTreeSet::new());
        loop {
            let keys = store.list(all.last().map_or("", String::as_str)).await?;
            if keys.is_empty() {
                return Ok(all);
            }
            all.extend(keys);
        }
    }
}

/// The keys of what a picture has.
fn files_of(picture: &Picture) -> Vec<String> {
    let sizes = picture.sizes().into_iter().map(|size| key(picture.id, size.edge, picture.encoding));
    sizes.chain([original(picture.id)]).collect()
}
