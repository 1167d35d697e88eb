use std::fs::{self, Permissions};
use std::io::{self, IsTerminal, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use clap::Args;

use super::format::{HELP, WrittenKind, is_standard};
use crate::cli::error::Failure;
use crate::cli::progress::Progress;
use crate::cli::say;
use crate::cli::tools::Tools;
use crate::config::Settings;
use crate::files::{Exported, Format, Writer};

/// The arguments of `export`.
#[derive(Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Export {
    /// The file, or - for standard output
    ///
    /// An existing file is replaced only when the export is complete.
    #[arg(default_value = "-")]
    file: PathBuf,
    /// Format; by default that of the file extension (.csv, .ndjson, .jsonl), and CSV for standard output
    #[arg(long, value_enum)]
    format: Option<WrittenKind>,
}

impl Export {
    pub(in crate::cli) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let format = WrittenKind::of(self.format, &self.file)?;
        if is_standard(&self.file) {
            let tools = Tools::prepared(settings).await?;
            let out = io::stdout();
            let bar = !out.is_terminal();
            write(&tools, format, out, bar).await?;
            tools.database.close().await;
            return Ok(());
        }
        let target = ExportFile::of(&self.file)?;
        let part = target.part()?;
        let tools = Tools::prepared(settings).await?;
        let written = write(&tools, format, part.as_file(), true).await?;
        part.as_file().sync_all()?;
        part.persist(&target.path).map_err(|failed| failed.error)?;
        tools.database.close().await;
        say(format_args!("products: {written} exported"));
        Ok(())
    }
}

/// Writes all products in order of id and returns their number.
async fn write(tools: &Tools, format: Format, to: impl Write, bar: bool) -> Result<u64, Failure> {
    let mut exported = Exported::all(&tools.database.queries(), (tools.shop, &tools.pictures_base)).await?;
    let mut writer = Writer::of(format, to, exported.names());
    writer.start()?;
    let progress = Progress::of("products", tools.database.count_products().await?);
    let mut written = 0;
    while let Some(rows) = exported.next().await? {
        for row in &rows {
            writer.write(row)?;
            written += 1;
        }
        if bar {
            progress.add(rows.len());
        }
    }
    progress.finish();
    writer.finish()?.flush()?;
    Ok(written)
}

/// The path and the permissions of the file to write.
struct ExportFile {
    path: PathBuf,
    permissions: Permissions,
}

impl ExportFile {
    /// For an existing file, the target of symbolic links and the permissions of the file.
    ///
    /// # Errors
    /// [`Failure::Usage`] if the path cannot be a regular file.
    fn of(path: &Path) -> Result<Self, Failure> {
        let unusable = |why: &dyn std::fmt::Display| Failure::Usage(format!("{}: {why}", path.display()));
        match fs::metadata(path) {
            Ok(there) if there.is_dir() => Err(unusable(&"is a directory")),
            Ok(there) if !there.is_file() => Err(unusable(&"is not a regular file; use - for standard output")),
            Ok(there) => {
                let path = path.canonicalize().map_err(|error| unusable(&error))?;
                Ok(Self { path, permissions: there.permissions() })
            }
            // A new file has the default permissions of the process (umask).
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Ok(Self { path: path.to_owned(), permissions: Permissions::from_mode(0o666) })
            }
            Err(error) => Err(unusable(&error)),
        }
    }

    /// A temporary file in the same folder, deleted unless it is persisted.
    fn part(&self) -> Result<tempfile::NamedTempFile, Failure> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let unusable = |error| Failure::Usage(format!("{}: {error}", self.path.display()));
        // Checked first, because an error of the temporary file would name its path.
        fs::metadata(folder).map_err(unusable)?;
        tempfile::Builder::new().permissions(self.permissions.clone()).tempfile_in(folder).map_err(unusable)
    }
}
