use std::sync::Arc;

use application::imports::CreateImport;
use domain::imports::{FileFormat, ImportOptions};
use domain::{Code, DecimalMark, Invalid, Rule, Ruled};

use super::TAG;
use super::body::ImportBody;
use crate::context::State;
use crate::extract::{FileWith, FromQuery, Params, Staff, boolean};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::receiving::{open, receive};
use crate::respond::Taken;

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
            DecimalMark::parse,
        );
        let mapping = params.several(
            "map",
            "Reads a column as another one, such as `Their name=sku`; may be given several times.",
            ImportOptions::MOST_MAPPED,
            Mapped::parse,
        );
        let ignore_unknown = params.optional("ignore_unknown", "`true`: leaves unknown columns out.", boolean);
        let stock = params.optional("stock", "`true`: known products get the stock of the file.", boolean);
        let fetch_media = params.optional(
            "fetch_media",
            "`true`: fetches the pictures that rows name by URLs, which are public and have at most 15,000,000 bytes.",
            boolean,
        );
        let mapping: Vec<_> = mapping?.into_iter().map(|mapped| mapped.0).collect();
        if ImportOptions::mapped_twice(&mapping).is_some() {
            return params.refuse("map", repeated());
        }
        Some(Self(ImportOptions {
            format: format?.and_then(|GivenFormat(format)| format),
            decimal: decimal?,
            mapping,
            ignore_unknown: ignore_unknown?.unwrap_or_default(),
            stock: stock?.unwrap_or_default(),
            fetch_media: fetch_media?.unwrap_or_default(),
        }))
    }
}

pub(crate) const CREATE: Operation = Operation::new(
    TAG,
    "createImport",
    "Send a file of products",
    "The body is the file, alone or as the part `file` of a form whose other fields may say what parameters say: CSV with a \
     header, as spreadsheets, Shopify and WooCommerce write it, of at most 1,000,000 rows, and of as many bytes as the \
     setting `imports.max_bytes` says (200,000,000). Columns of a plain file are those of `storekeeper export`, any of them. It is checked, and \
     nothing is written before it is started. One import is worked on at a time.",
)
.problems(&[Kind::INVALID]);

pub(crate) async fn create(
    staff: Staff,
    state: Arc<State>,
    file: FileWith<Manner>,
) -> Result<Taken<ImportBody>, Problem> {
    let FileWith { upload, said: Manner(options) } = file;
    let rows = open(upload).await?;
    let columns = rows.header().to_vec();
    let create = CreateImport { options, columns };
    let import = staff.runner(&state).run(create).await?;
    receive(state.runner.clone(), import.id, rows);
    Ok(Taken(ImportBody::of(&import, state.shop.currency)))
}
