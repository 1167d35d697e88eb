use std::fs::{self, Permissions};
use std::io::{self, IsTerminal, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use clap::Args;

use super::format::{Format, HELP, is_standard};
use super::written::Writer;
use crate::cli::error::Failure;
use crate::cli::progress::Progress;
use crate::cli::say;
use crate::cli::tools::Tools;
use crate::config::Settings;

/// How many products are read at once.
const PAGE: u64 = 500;

/// Where products are written to.
#[derive(Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Export {
    /// The file, or - for the standard output
    ///
    /// It appears when it is whole, in place of an older one.
    #[arg(default_value = "-")]
    file: PathBuf,
    /// The format, if the name of the file does not say it; CSV on the standard output
    #[arg(long, value_enum)]
    format: Option<Format>,
}

impl Export {
    pub(in crate::cli) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let format = Format::of(self.format, &self.file)?;
        if is_standard(&self.file) {
            let tools = Tools::prepared(settings).await?;
            let out = io::stdout();
            let bar = !out.is_terminal();
            write(&tools, format, out, bar).await?;
            tools.database.close().await;
            return Ok(());
        }
        let place = Place::of(&self.file)?;
        let part = place.part()?;
        let tools = Tools::prepared(settings).await?;
        let written = write(&tools, format, part.as_file(), true).await?;
        part.as_file().sync_all()?;
        part.persist(&place.path).map_err(|failed| failed.error)?;
        tools.database.close().await;
        say(format_args!("products: {written} exported"));
        Ok(())
    }
}

/// Writes all products in order of id; says how many. Each is as it was when it was read.
async fn write(tools: &Tools, format: Format, to: impl Write, bar: bool) -> Result<u64, Failure> {
    let mut writer = Writer::new(format, to, tools.shop)?;
    let progress = Progress::of("products", tools.database.count_products().await?);
    let (mut after, mut written) = (None, 0);
    loop {
        let page = tools.database.products_after(after, PAGE).await?;
        let Some((last, _)) = page.last() else { break };
        after = Some(last.id);
        for (product, stock) in &page {
            writer.write(product, *stock)?;
            written += 1;
        }
        if bar {
            progress.add(page.len());
        }
    }
    progress.finish();
    writer.finish()?;
    Ok(written)
}

/// Where a file shall be, and what may be done with it.
struct Place {
    path: PathBuf,
    permissions: Permissions,
}

impl Place {
    /// If there is a file, the one that a link leads to, with its permissions.
    fn of(path: &Path) -> Result<Self, Failure> {
        let unusable = |why: &dyn std::fmt::Display| Failure::Usage(format!("{}: {why}", path.display()));
        match fs::metadata(path) {
            Ok(there) if there.is_dir() => Err(unusable(&"is a directory")),
            Ok(there) if !there.is_file() => Err(unusable(&"is not a file; - stands for the standard output")),
            Ok(there) => {
                let path = path.canonicalize().map_err(|error| unusable(&error))?;
                Ok(Self { path, permissions: there.permissions() })
            }
            // All may read it that the process lets read what it makes.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Ok(Self { path: path.to_owned(), permissions: Permissions::from_mode(0o666) })
            }
            Err(error) => Err(unusable(&error)),
        }
    }

    /// A file beside it, that goes away if it is not finished.
    fn part(&self) -> Result<tempfile::NamedTempFile, Failure> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let unusable = |error| Failure::Usage(format!("{}: {error}", self.path.display()));
        // An error of the file itself would name the part.
        fs::metadata(folder).map_err(unusable)?;
        tempfile::Builder::new().permissions(self.permissions.clone()).tempfile_in(folder).map_err(unusable)
    }
}
