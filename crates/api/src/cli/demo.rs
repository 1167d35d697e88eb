//! `serve --demo`: a shop to look at, in a database of its own.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Instant;

use application::accounts::PasswordHasher as _;
use clap::Args;
use domain::accounts::Password;
use infrastructure::db::is_in_use;
use infrastructure::passwords::{BcryptConfig, BcryptHasher};

use super::backup::at;
use super::error::Failure;
use super::tools::Tools;
use super::{hint, seed};
use crate::config::{Hidden, MediaPlace, Settings};
use crate::secret;
use crate::wiring::{self, StartError};

/// The database of the demo, beside the one that is configured.
const DATABASE: &str = "demo.db";
/// The folder of its pictures.
const PICTURES: &str = "demo-media";
/// What the administrator logs in with, on loopback alone.
pub(super) const PASSWORD: &str = "demo-demo-demo";

/// The arguments of `serve`.
#[derive(Args, Debug, Default)]
pub(super) struct Serve {
    /// Serve a shop to look at, in a database of its own: demo.db, with products, pictures, promotions and orders
    ///
    /// The example shop stands at the root. Everybody may look and register, payments are those of the test provider, and
    /// the administrator is demo with the password demo-demo-demo. The first start fills the database, beside that of
    /// `database.url`; later ones go on with it. It listens on loopback only.
    #[arg(long)]
    pub demo: bool,
    /// Throw the database of the demo away first
    #[arg(long, requires = "demo")]
    fresh: bool,
    /// Let the demo listen on an address that others reach; the administrator's password is generated
    #[arg(long, requires = "demo")]
    demo_open: bool,
}

/// Makes the settings those of the demo, and fills its database unless that was done before.
pub(super) async fn prepare(asked: &Serve, settings: &mut Settings) -> Result<(), Failure> {
    let addresses = [("server.bind", Some(settings.server.bind)), ("office.bind", settings.office.own_address())];
    let open =
        addresses.into_iter().find_map(|(key, address)| Some((key, address.filter(|at| !at.ip().is_loopback())?)));
    let is_on_loopback = open.is_none();
    if let Some((key, address)) = open.filter(|_| !asked.demo_open) {
        return Err(Failure::Usage(format!(
            "serve --demo lets everybody in who reaches it, so it listens on loopback only, and {key} is {address}; \
             set it to 127.0.0.1:{}, or add --demo-open",
            address.port()
        )));
    }
    let file = database_of(settings)?;
    if asked.fresh {
        throw_away(&file)?;
    }
    settings.media.place = Some(MediaPlace::Folder(file.with_file_name(PICTURES)));
    if !file.try_exists().map_err(|error| at(&file, &error))? {
        Box::pin(fill(&file, settings)).await?;
    }
    settings.database.url = Hidden(url_of(&file));
    if is_on_loopback {
        settings.admin.password.get_or_insert(Password::parse(PASSWORD)?);
    } else {
        refuse_known_password(settings).await?;
    }
    Ok(())
}

/// Where the demo's database is.
fn database_of(settings: &Settings) -> Result<PathBuf, Failure> {
    let url = wiring::database_url(settings)?;
    let configured = url.file().ok_or_else(|| Failure::Usage("serve --demo needs no database server".to_owned()))?;
    let file = configured.with_file_name(DATABASE);
    if file == configured {
        let why = "database.url names demo.db, which serve --demo makes by itself: leave it out, or name another file";
        return Err(Failure::Usage(why.to_owned()));
    }
    Ok(file)
}

/// Fills a file of another name, which becomes the database when it is done. A start that was interrupted begins anew.
async fn fill(file: &Path, settings: &Settings) -> Result<(), Failure> {
    let began = Instant::now();
    hint(format_args!("filling {} with a shop, which is done once …", file.display()));
    let filling = file.with_added_extension("filling");
    remove(&filling)?;
    absent(fs::remove_dir_all(file.with_file_name(PICTURES))).map_err(|error| at(&filling, &error))?;
    let mut settings = settings.clone();
    settings.database.url = Hidden(url_of(&filling));
    let database = wiring::open_database(&settings).await?;
    database.migrate_up().await?;
    database.close().await;
    let tools = Tools::writing(&settings).await?.quiet();
    seed::demo(&tools, &settings).await?;
    tools.database.close().await;
    // Only then is everything in the one file that gets its name.
    if is_in_use(&filling)? {
        return Err(Failure::Failed(format!("{} is in use by another start", filling.display()).into()));
    }
    fs::rename(&filling, file).map_err(|error| at(file, &error))?;
    hint(format_args!("filled in {:.1} s", began.elapsed().as_secs_f32()));
    Ok(())
}

/// Deletes the database with its keys and pictures.
fn throw_away(file: &Path) -> Result<(), Failure> {
    if file.exists() && is_in_use(file).map_err(|error| at(file, &error))? {
        return Err(Failure::Failed(format!("{} is in use: stop the demo that runs", file.display()).into()));
    }
    remove(file)?;
    absent(fs::remove_dir_all(file.with_file_name(PICTURES))).map_err(|error| at(file, &error))
}

/// Deletes a database with what is beside it. The file itself goes last.
fn remove(file: &Path) -> Result<(), Failure> {
    let logs = ["-wal", "-shm", "-journal"].map(|end| PathBuf::from(format!("{}{end}", file.display())));
    for name in secret::all_beside(file).into_iter().chain(logs).chain([file.to_owned()]) {
        absent(fs::remove_file(&name)).map_err(|error| at(&name, &error))?;
    }
    Ok(())
}

/// Whether something is not there any more.
fn absent(removed: io::Result<()>) -> io::Result<()> {
    removed.or_else(|error| if error.kind() == ErrorKind::NotFound { Ok(()) } else { Err(error) })
}

/// A demo that began on loopback has an administrator whose password everybody knows.
async fn refuse_known_password(settings: &Settings) -> Result<(), Failure> {
    let database = wiring::open_database(settings).await?;
    database.migrate_up().await?;
    let known = database.accounts_by_username(std::slice::from_ref(&settings.admin.username)).await?;
    database.close().await;
    let hasher = BcryptHasher::new(BcryptConfig::new(settings.auth.bcrypt_cost)).map_err(StartError::from)?;
    for account in known {
        if hasher.verify(&Password::parse(PASSWORD)?, Some(&account.password_hash)).await? {
            let why = "the administrator of this demo.db has the password that everybody knows: add --fresh for a new \
                       database with a generated one, or change it by `set-password`";
            return Err(Failure::Usage(why.to_owned()));
        }
    }
    Ok(())
}

/// The URL of a SQLite file, which is made if it is not there.
fn url_of(file: &Path) -> String {
    let path = file.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("sqlite://{path}?mode=rwc")
}
