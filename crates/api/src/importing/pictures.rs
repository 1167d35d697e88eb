//! Fetches the pictures that rows of an import name by their URLs, and takes them as uploads are taken.

use std::collections::HashMap;
use std::time::Duration;

use application::imports::{Fetching, HoldImport, Item};
use application::{Clock, Error, Runner};
use domain::UtcDateTime;
use domain::imports::RowPictures;
use domain::media::{MediaId, Placed};

/// How many URLs are remembered.
const REMEMBERED: usize = 10_000;

/// How long pictures are fetched before a server says again that it works on the import.
const HELD: Duration = Duration::from_secs(15);

/// Renews the hold of this server on an import while it fetches pictures.
pub(crate) struct Hold<'a> {
    runner: &'a Runner,
    clock: &'a dyn Clock,
    command: HoldImport,
    since: UtcDateTime,
}

impl<'a> Hold<'a> {
    pub(super) fn new(runner: &'a Runner, clock: &'a dyn Clock, command: HoldImport) -> Self {
        Self { runner, clock, command, since: clock.now() }
    }

    /// Whether the import is still that of this server.
    async fn goes_on(&mut self) -> Result<bool, Error> {
        let now = self.clock.now();
        if now < self.since + HELD {
            return Ok(true);
        }
        self.since = now;
        self.runner.run(self.command).await
    }
}

/// Fetches pictures, each URL once.
pub(crate) struct Gathering {
    fetching: Fetching,
    runner: Runner,
    had: HashMap<String, Result<MediaId, String>>,
}

impl Gathering {
    /// Nothing is fetched yet.
    pub(crate) fn new(fetching: &Fetching, runner: &Runner) -> Self {
        Self { fetching: fetching.clone(), runner: runner.clone(), had: HashMap::new() }
    }

    /// Fetches the pictures of an item. Returns notes on those that cannot be fetched; `None` as soon as this server no
    /// longer holds the import.
    ///
    /// # Errors
    /// If the store or the database does not answer.
    pub(crate) async fn have(
        &mut self,
        item: &mut Item,
        mut hold: Option<&mut Hold<'_>>,
    ) -> Result<Option<Vec<String>>, Error> {
        let mut notes = Vec::new();
        let of_group = item.place.as_mut().and_then(|place| place.media.as_mut());
        for row in item.media.as_mut().into_iter().chain(of_group) {
            if !self.have_row(row, hold.as_deref_mut(), &mut notes).await? {
                return Ok(None);
            }
        }
        Ok(Some(notes))
    }

    async fn have_row(
        &mut self,
        row: &mut RowPictures,
        mut hold: Option<&mut Hold<'_>>,
        notes: &mut Vec<String>,
    ) -> Result<bool, Error> {
        for named in &row.named {
            if let Some(hold) = hold.as_deref_mut()
                && !hold.goes_on().await?
            {
                return Ok(false);
            }
            match self.picture(&named.url).await? {
                Ok(media_id) => row.placed.push(Placed { media_id, alt: named.alt.clone() }),
                Err(why) => {
                    row.lacks = true;
                    let url: String = named.url.chars().take(200).collect();
                    notes.push(format!("the picture {url} is left out: {why}"));
                }
            }
        }
        Ok(true)
    }

    async fn picture(&mut self, url: &str) -> Result<Result<MediaId, String>, Error> {
        if let Some(had) = self.had.get(url) {
            return Ok(had.clone());
        }
        let had = self.fetching.picture(&self.runner, url).await?;
        if self.had.len() >= REMEMBERED {
            self.had.clear();
        }
        self.had.insert(url.to_owned(), had.clone());
        Ok(had)
    }
}
