use std::sync::Arc;

use application::imports::{CreateImport, FailImport, ReceiveRows};
use application::{Error, Runner};
use domain::imports::{FileFormat, FileRow, ImportId, ImportOptions};
use domain::{Code, DecimalMark, Invalid, Rule, Ruled};

use super::TAG;
use super::body::ImportBody;
use crate::context::State;
use crate::extract::{FileUpload, FromQuery, Params, Query, Staff, boolean};
use crate::files::{CsvRows, Format, Text};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::Taken;

/// Rows that are stored at once.
const ROWS: usize = 500;

/// The most bytes of the cells of a row, as they are stored.
const ROW: usize = 64 * 1024;

/// How decimal prices are written.
pub(super) struct Mark(pub(super) DecimalMark);

impl Mark {
    const POINT: &str = "point";
    const COMMA: &str = "comma";

    pub(super) fn parse(raw: &str) -> Result<Self, Invalid> {
        match raw {
            Self::POINT => Ok(Self(DecimalMark::Point)),
            Self::COMMA => Ok(Self(DecimalMark::Comma)),
            _ => Err(Invalid::new(Code::NotAllowed, "must be one of: point, comma")),
        }
    }
}

impl Ruled for Mark {
    fn rule() -> Rule {
        Rule::one_of(&[Self::POINT, Self::COMMA], |word| word)
    }
}

/// What a column of the file is read as: `Their name=sku`.
pub(super) struct Mapped(pub(super) (String, String));

impl Mapped {
    const MOST: usize = 200;

    pub(super) fn parse(raw: &str) -> Result<Self, Invalid> {
        let malformed = || {
            let message =
                "must be as `Their name=sku`, of at most 200 characters, with one of our columns in small letters";
            Invalid::new(Code::Format, message)
        };
        let (theirs, ours) = raw.split_once('=').ok_or_else(malformed)?;
        let is_ours = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'.';
        let is_pair = !theirs.is_empty() && !theirs.starts_with(' ') && !ours.is_empty() && ours.bytes().all(is_ours);
        if !is_pair || raw.chars().count() > Self::MOST {
            return Err(malformed());
        }
        Ok(Self((theirs.to_owned(), ours.to_owned())))
    }
}

impl Ruled for Mapped {
    fn rule() -> Rule {
        Rule::Pattern { pattern: "^[^= ][^=]*=[a-z0-9_.]+$", min: 3, max: Self::MOST }
    }
}

/// The refusal of a column that is mapped a second time.
pub(super) fn repeated() -> Invalid {
    Invalid::new(Code::Repeated, "names a column a second time")
}

/// Whose columns a file has; `None` for what its header says.
struct GivenFormat(Option<FileFormat>);

impl GivenFormat {
    const AUTO: &str = "auto";

    fn parse(raw: &str) -> Result<Self, Invalid> {
        if raw == Self::AUTO {
            return Ok(Self(None));
        }
        FileFormat::parse(raw).map(Some).map(Self).map_err(|_| {
            let words = Self::words().join(", ");
            Invalid::new(Code::NotAllowed, format!("must be one of: {words}"))
        })
    }

    fn words() -> Vec<&'static str> {
        [Self::AUTO].into_iter().chain(FileFormat::ALL.iter().map(|format| format.as_str())).collect()
    }
}

impl Ruled for GivenFormat {
    fn rule() -> Rule {
        Rule::OneOf(Self::words())
    }
}

/// How the file is read.
pub(crate) struct Manner(ImportOptions);

impl FromQuery for Manner {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let format = params.optional(
            "format",
            "Whose columns the file has; `auto`, the default, for what its header says.",
            GivenFormat::parse,
        );
        let decimal = params.optional(
            "decimal",
            "How decimal prices are written: 1,999.00 is `point`. Without it, prices of plain files are whole minor units.",
            Mark::parse,
        );
        let mapping = params.several(
            "map",
            "Reads a column as another one, such as `Their name=sku`; may be given several times.",
            ImportOptions::MOST_MAPPED,
            Mapped::parse,
        );
        let ignore_unknown = params.optional("ignore_unknown", "`true`: leaves unknown columns out.", boolean);
        let stock = params.optional("stock", "`true`: known products get the stock of the file.", boolean);
        let mapping: Vec<_> = mapping?.into_iter().map(|mapped| mapped.0).collect();
        if ImportOptions::mapped_twice(&mapping).is_some() {
            return params.refuse("map", repeated());
        }
        Some(Self(ImportOptions {
            format: format?.and_then(|GivenFormat(format)| format),
            decimal: decimal?.map(|mark| mark.0),
            mapping,
            ignore_unknown: ignore_unknown?.unwrap_or_default(),
            stock: stock?.unwrap_or_default(),
        }))
    }
}

pub(crate) const CREATE: Operation = Operation::new(
    TAG,
    "createImport",
    "Send a file of products",
    "The body is the file: CSV of at most 200,000,000 bytes and 1,000,000 rows, with a header, as spreadsheets, Shopify and \
     WooCommerce write it. Columns of a plain file are those of `storekeeper export`, any of them. It is checked, and \
     nothing is written before it is started. One import is worked on at a time.",
)
.problems(&[Kind::INVALID]);

pub(crate) async fn create(
    staff: Staff,
    state: Arc<State>,
    manner: Query<Manner>,
    upload: FileUpload,
) -> Result<Taken<ImportBody>, Problem> {
    let length = upload.length;
    let read = tokio::task::spawn_blocking(move || {
        let text = Text::of(upload.file, length, Format::Csv, None)?;
        let mut file = text.file;
        std::io::Seek::rewind(&mut file)?;
        CsvRows::new(file, text.length)
    });
    let rows = match read.await {
        Ok(Ok(rows)) => rows,
        Ok(Err(error)) if error.kind() == std::io::ErrorKind::InvalidData => {
            let message = error.to_string();
            return Err(Error::field("file", Invalid::new(Code::Format, message)).into());
        }
        Ok(Err(error)) => return Err(Error::Internal(error.into()).into()),
        Err(panicked) => return Err(Error::Internal(panicked.into()).into()),
    };
    let columns = rows.header().to_vec();
    let create = CreateImport { options: manner.0.0, columns };
    let import = staff.runner(&state).run(create).await?;
    let (id, runner) = (import.id, state.runner.clone());
    actix_web::rt::spawn(async move {
        if let Err(error) = receive(&runner, id, rows).await {
            tracing::warn!(%id, %error, "the rows of an import were not stored");
        }
    });
    Ok(Taken(ImportBody::of(&import, state.shop.currency)))
}

/// Stores the rows of a file. What cannot be read makes the import fail.
async fn receive(runner: &Runner, id: ImportId, mut file: CsvRows) -> Result<(), Error> {
    loop {
        let mut rows = Vec::new();
        let mut why = None;
        while rows.len() < ROWS {
            match file.next() {
                Ok(None) => break,
                Ok(Some((_, Ok(row)))) if size(&row) <= ROW => rows.push(row),
                Ok(Some((line, Ok(_)))) => why = Some(format!("Line {line} is longer than {} KiB.", ROW / 1024)),
                Ok(Some((line, Err(fault)))) => why = Some(format!("Line {line}: {} {}.", fault.field, fault.message)),
                Err(error) => why = Some(format!("The file cannot be read: {error}.")),
            }
            if why.is_some() {
                break;
            }
        }
        if let Some(why) = why {
            return runner.run(FailImport { id, why }).await.map(drop);
        }
        let is_last = rows.len() < ROWS;
        let received = runner.run(ReceiveRows { id, rows, is_last }).await;
        match received {
            Err(Error::Invalid(fields)) => {
                let why = fields.first().map(|fault| format!("The file {}.", fault.invalid.message));
                return runner.run(FailImport { id, why: why.unwrap_or_default() }).await.map(drop);
            }
            result => drop(result?),
        }
        if is_last {
            return Ok(());
        }
    }
}

/// The bytes of a row as it is stored.
fn size(row: &FileRow) -> usize {
    serde_json::to_string(&row.cells).map_or(usize::MAX, |text| text.len())
}
