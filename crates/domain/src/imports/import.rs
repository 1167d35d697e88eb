use std::collections::HashSet;
use std::time::Duration;

use super::{Bulk, FileFormat, ImportId, Manner};
use crate::keys::Principal;
use crate::{Code, Currency, DecimalMark, Invalid, LEASE_MARGIN, Lease, UtcDateTime, Uuid, Version};

crate::word::words! {
    /// How far an import is.
    ImportStatus {
        /// Its rows are compared with what there is. Nothing is written.
        Checking = "checking",
        /// Its rows are checked. Nothing is written until somebody starts it.
        Checked = "checked",
        /// Its products are written.
        Running = "running",
        /// All is written.
        Done = "done",
        /// Somebody has stopped it. What was written stays.
        Cancelled = "cancelled",
        /// Its file cannot be read.
        Failed = "failed",
    }
}

crate::word::words! {
    /// What became of a row.
    RowStatus {
        /// It can be written.
        Ok = "ok",
        /// It is refused.
        Failed = "failed",
        /// It is written.
        Done = "done",
    }
}

crate::word::words! {
    /// What an import is made of.
    ImportKind {
        /// A file of products.
        Products = "products",
        /// One change of many products.
        Bulk = "bulk",
    }
}

/// Which imports are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ImportFilter {
    /// Only those of this status.
    pub status: Option<ImportStatus>,
    /// Only those of this kind.
    pub kind: Option<ImportKind>,
}

/// How the file of an import is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportOptions {
    /// Whose columns it has; `None` to find out.
    pub format: Option<FileFormat>,
    /// How decimal prices are written.
    pub decimal: Option<DecimalMark>,
    /// The shop's own names of columns, for those of the file.
    pub mapping: Vec<(String, String)>,
    /// Whether unknown columns are left out.
    pub ignore_unknown: bool,
    /// Whether known products get the stock of the file.
    pub stock: bool,
    /// Whether the pictures that it names are fetched.
    pub fetch_media: bool,
}

/// A change of them. `None` keeps a value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportOptionsChange {
    /// Whose columns it has.
    pub format: Option<Option<FileFormat>>,
    /// How decimal prices are written.
    pub decimal: Option<Option<DecimalMark>>,
    /// The shop's own names of columns.
    pub mapping: Option<Vec<(String, String)>>,
    /// Whether unknown columns are left out.
    pub ignore_unknown: Option<bool>,
    /// Whether known products get the stock of the file.
    pub stock: Option<bool>,
    /// Whether the pictures that it names are fetched.
    pub fetch_media: Option<bool>,
}

impl ImportOptions {
    /// The most columns that are mapped.
    pub const MOST_MAPPED: usize = 200;

    /// The place of the first of these columns that is mapped a second time.
    pub fn mapped_twice(mapping: &[(String, String)]) -> Option<usize> {
        let mut seen = HashSet::new();
        mapping.iter().position(|(theirs, _)| !seen.insert(theirs))
    }

    /// How a file is read in a shop.
    pub fn manner(&self, currency: Currency) -> Manner {
        let Self { format, decimal, mapping, ignore_unknown, fetch_media, .. } = self.clone();
        Manner { format, mapping, ignore_unknown, metafields: false, fetch_media, currency, decimal }
    }

    /// The options after a change.
    #[must_use]
    pub fn changed(&self, change: ImportOptionsChange) -> Self {
        Self {
            format: change.format.unwrap_or(self.format),
            decimal: change.decimal.unwrap_or(self.decimal),
            mapping: change.mapping.unwrap_or_else(|| self.mapping.clone()),
            ignore_unknown: change.ignore_unknown.unwrap_or(self.ignore_unknown),
            stock: change.stock.unwrap_or(self.stock),
            fetch_media: change.fetch_media.unwrap_or(self.fetch_media),
        }
    }
}

/// How many rows there are of which kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RowCounts {
    /// Rows that make products.
    pub creates: i64,
    /// Rows that change products.
    pub updates: i64,
    /// Rows that change nothing.
    pub unchanged: i64,
    /// Rows that are refused.
    pub failed: i64,
    /// Rows that are written.
    pub done: i64,
}

/// A file that makes and changes products, or one change of many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// A `UUIDv7`: sorts by time of creation.
    pub id: ImportId,
    /// How far it is.
    pub status: ImportStatus,
    /// How the file is read.
    pub options: ImportOptions,
    /// The names of the columns of the file.
    pub header: Vec<String>,
    /// The change of many products, each of which has a row; `None` for a file.
    pub bulk: Option<Bulk>,
    /// How many rows the file has, as far as it was received.
    pub rows: i64,
    /// Whether all of them were.
    pub is_received: bool,
    /// The rows, counted by result.
    pub counts: RowCounts,
    /// The line up to which the current step is done.
    pub position: i64,
    /// Whether refused rows are left out.
    pub skips_failed: bool,
    /// Why it has failed.
    pub problem: Option<String>,
    /// Who has sent it, and acts.
    pub actor: Option<Principal>,
    /// The server that works on it.
    pub lease: Option<Lease>,
    /// When its rows went; `None` while they are kept.
    pub rows_removed_at: Option<UtcDateTime>,
    /// Time of creation.
    pub created_at: UtcDateTime,
    /// Time of the last change.
    pub updated_at: UtcDateTime,
    /// 1 when created, one more with each change.
    pub version: Version,
}

/// Why a step of an import is refused: it is in this status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportStepRefused {
    /// The status does not allow it.
    Status(ImportStatus),
    /// So many rows are refused, and nobody said that they are to be left out.
    Failed(i64),
    /// It has no file that could be read in another way.
    NoFile,
}

/// What happens to an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportStep {
    /// More rows were received; the last ones, if so.
    Receive(i64, bool),
    /// It is checked again, with these options.
    Revise(ImportOptionsChange),
    /// It is checked, and waits to be started.
    Check(RowCounts),
    /// It is to be written.
    Start {
        /// Whether refused rows are left out.
        skip_failed: bool,
    },
    /// Rows up to a line are written, and some are refused.
    Write {
        /// The last line of the part.
        to: i64,
        /// How many rows were written.
        done: i64,
        /// How many were refused.
        failed: i64,
        /// Whether these were the last.
        is_last: bool,
    },
    /// It is stopped.
    Cancel,
    /// It cannot be read.
    Fail(String),
}

impl Import {
    /// The most rows of a file.
    pub const MOST_ROWS: i64 = 1_000_000;
    /// How long a file may bring nothing, before it is taken for broken off.
    pub const PATIENCE: Duration = Duration::from_mins(1);
    /// How long a server may work on a part of it.
    pub const PART: Duration = Duration::from_mins(1);

    /// An import whose rows are to come.
    pub fn new(
        id: ImportId,
        options: ImportOptions,
        header: Vec<String>,
        actor: Option<Principal>,
        now: UtcDateTime,
    ) -> Self {
        Self {
            id,
            status: ImportStatus::Checking,
            options,
            header,
            bulk: None,
            rows: 0,
            is_received: false,
            counts: RowCounts::default(),
            position: 0,
            skips_failed: false,
            problem: None,
            actor,
            lease: None,
            rows_removed_at: None,
            created_at: now,
            updated_at: now,
            version: Version::FIRST,
        }
    }

    /// The change of as many products. All its rows are there.
    #[must_use]
    pub fn of_bulk(self, bulk: Bulk, rows: i64) -> Self {
        Self { bulk: Some(bulk), rows, is_received: true, ..self }
    }

    /// What it is made of.
    pub const fn kind(&self) -> ImportKind {
        if self.bulk.is_some() { ImportKind::Bulk } else { ImportKind::Products }
    }

    /// Whether it waits for a server at `now`.
    pub fn is_due(&self, now: UtcDateTime) -> bool {
        let is_open = matches!(self.status, ImportStatus::Checking | ImportStatus::Running);
        let is_broken_off = self.updated_at + Self::PATIENCE < now;
        is_open && (self.is_received || is_broken_off) && self.lease.is_none_or(|lease| lease.until <= now)
    }

    /// The import that a server works on until some time after `now`, from the beginning of its step.
    #[must_use]
    pub fn taken(self, holder: Uuid, now: UtcDateTime) -> Self {
        Self { lease: Some(Lease { holder, until: now + Self::PART + LEASE_MARGIN }), ..self }
    }

    /// Whether a server works on it.
    pub fn is_held_by(&self, holder: Uuid) -> bool {
        self.lease.is_some_and(|lease| lease.holder == holder)
    }

    /// The import after a step.
    ///
    /// # Errors
    /// If its status does not allow the step.
    pub fn after(&self, step: ImportStep, now: UtcDateTime) -> Result<Self, ImportStepRefused> {
        use ImportStatus as S;
        let refused = Err(ImportStepRefused::Status(self.status));
        let after = match (self.status, step) {
            (S::Checking, ImportStep::Receive(rows, is_last)) => {
                Self { rows: self.rows + rows, is_received: is_last, ..self.clone() }
            }
            (S::Checking | S::Checked | S::Failed, ImportStep::Revise(change))
                if self.bulk.is_some() && change != ImportOptionsChange::default() =>
            {
                return Err(ImportStepRefused::NoFile);
            }
            (S::Checking | S::Checked | S::Failed, ImportStep::Revise(change)) if self.is_received => Self {
                status: S::Checking,
                options: self.options.changed(change),
                counts: RowCounts::default(),
                problem: None,
                lease: None,
                ..self.clone()
            },
            (S::Checking, ImportStep::Check(counts)) => {
                Self { status: S::Checked, counts, lease: None, ..self.clone() }
            }
            (S::Checked, ImportStep::Start { skip_failed }) => {
                if self.counts.failed > 0 && !skip_failed {
                    return Err(ImportStepRefused::Failed(self.counts.failed));
                }
                Self { status: S::Running, skips_failed: skip_failed, position: 0, ..self.clone() }
            }
            (S::Running, ImportStep::Write { to, done, failed, is_last }) => {
                let (done, failed) = (self.counts.done + done, self.counts.failed + failed);
                let status = if is_last { S::Done } else { S::Running };
                let lease = self.lease.filter(|_| !is_last);
                Self { status, position: to, counts: RowCounts { failed, done, ..self.counts }, lease, ..self.clone() }
            }
            (S::Checking | S::Checked | S::Running, ImportStep::Cancel) => {
                Self { status: S::Cancelled, lease: None, ..self.clone() }
            }
            (S::Checking, ImportStep::Fail(why)) => {
                Self { status: S::Failed, problem: Some(why), lease: None, ..self.clone() }
            }
            _ => return refused,
        };
        Ok(Self { updated_at: now, version: self.version.next(), ..after })
    }
}

impl ImportStepRefused {
    /// Why, for people.
    pub fn invalid(self) -> Invalid {
        match self {
            Self::Status(status) => Invalid::new(Code::NotAllowed, format!("the import is {}", status.as_str())),
            Self::Failed(rows) => Invalid::new(Code::NotAllowed, format!("{rows} rows are refused")),
            Self::NoFile => Invalid::new(Code::NotAllowed, "it has no file that could be read in another way"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UtcDateTime = UtcDateTime::UNIX_EPOCH;

    fn import() -> Import {
        let new = Import::new(ImportId(Uuid::nil()), ImportOptions::default(), vec!["sku".into()], None, NOW);
        new.after(ImportStep::Receive(3, true), NOW).unwrap()
    }

    #[test]
    fn an_import_is_checked_before_it_is_started_and_refused_rows_are_left_out_only_when_asked_r231() {
        let start = |skip_failed| ImportStep::Start { skip_failed };
        let checking = import();
        assert_eq!(checking.after(start(true), NOW).unwrap_err(), ImportStepRefused::Status(ImportStatus::Checking));
        let counts = RowCounts { creates: 2, failed: 1, ..RowCounts::default() };
        let checked = checking.after(ImportStep::Check(counts), NOW).unwrap();
        assert_eq!(checked.after(start(false), NOW).unwrap_err(), ImportStepRefused::Failed(1));
        let running = checked.after(start(true), NOW).unwrap();
        let write = |is_last| ImportStep::Write { to: 3, done: 2, failed: 0, is_last };
        let done = running.after(write(true), NOW).unwrap();
        assert_eq!((done.status, done.counts.done, done.counts.failed), (ImportStatus::Done, 2, 1));
        assert_eq!(running.after(write(false), NOW).unwrap().status, ImportStatus::Running);
        for step in [start(true), ImportStep::Cancel, ImportStep::Revise(ImportOptionsChange::default()), write(true)] {
            assert_eq!(done.after(step, NOW).unwrap_err(), ImportStepRefused::Status(ImportStatus::Done));
        }
        assert_eq!(running.after(ImportStep::Cancel, NOW).unwrap().status, ImportStatus::Cancelled);
        let change = ImportOptionsChange { stock: Some(true), ..ImportOptionsChange::default() };
        let again = checked.after(ImportStep::Revise(change), NOW).unwrap();
        assert_eq!(
            (again.status, again.options.stock, again.counts),
            (ImportStatus::Checking, true, RowCounts::default())
        );
        let failed = checking.after(ImportStep::Fail("no header".into()), NOW).unwrap();
        assert!(failed.problem.is_some() && failed.after(ImportStep::Cancel, NOW).is_err());
    }

    #[test]
    fn a_change_of_many_products_is_checked_again_and_has_no_file_to_read_in_another_way_r232() {
        let select = crate::collections::CollectionFilter::from_trusted([("tag".into(), "sale".into())].into());
        let bulk = Bulk { select, change: crate::imports::BulkChange::from_trusted("{}".into()) };
        let new = Import::new(ImportId(Uuid::nil()), ImportOptions::default(), vec!["id".into()], None, NOW);
        assert_eq!(new.kind(), ImportKind::Products);
        let new = new.of_bulk(bulk, 7);
        assert_eq!((new.kind(), new.rows, new.is_due(NOW)), (ImportKind::Bulk, 7, true));
        let checked = new.after(ImportStep::Check(RowCounts { updates: 7, ..RowCounts::default() }), NOW).unwrap();
        let change = ImportOptionsChange { stock: Some(true), ..ImportOptionsChange::default() };
        assert_eq!(checked.after(ImportStep::Revise(change), NOW).unwrap_err(), ImportStepRefused::NoFile);
        let again = checked.after(ImportStep::Revise(ImportOptionsChange::default()), NOW).unwrap();
        assert_eq!(again.status, ImportStatus::Checking);
    }

    #[test]
    fn one_server_works_on_an_import_that_was_received_or_broken_off_r231() {
        let received = import();
        assert!(received.is_due(NOW));
        let taken = received.clone().taken(Uuid::nil(), NOW);
        assert!(!taken.is_due(NOW) && taken.is_held_by(Uuid::nil()) && !taken.is_held_by(Uuid::max()));
        assert!(taken.is_due(NOW + Duration::from_secs(90)), "the server may have ended");
        let arriving = Import { is_received: false, ..received.clone() };
        assert!(!arriving.is_due(NOW) && arriving.is_due(NOW + Duration::from_secs(61)));
        assert!(!received.after(ImportStep::Cancel, NOW).unwrap().is_due(NOW));
    }
}
