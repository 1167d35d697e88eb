use std::fmt;
use std::path::Path;

use sea_orm::sqlx::mysql::MySqlConnectOptions;
use sea_orm::sqlx::sqlite::SqliteConnectOptions;

/// Where the database is: `sqlite://path?mode=rwc` or `mysql://user:password@host:3306/name`, which is also the form
/// for MariaDB. `Debug` shows no password.
#[derive(Clone)]
pub struct DatabaseUrl(pub(super) Kind);

#[derive(Clone)]
pub(super) enum Kind {
    /// As sqlx has it, and as a URI. <https://www.sqlite.org/uri.html>
    Sqlite(SqliteConnectOptions, String),
    MySql(MySqlConnectOptions),
}

/// A URL that names no database that this program can use. It does not quote the URL, which may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be sqlite://path?mode=rwc or mysql://user:password@host:3306/name ({0})")]
pub struct InvalidDatabaseUrl(&'static str);

impl DatabaseUrl {
    /// Parses a URL.
    ///
    /// # Errors
    /// If the scheme is another one, or the rest is not of its form.
    pub fn parse(raw: &str) -> Result<Self, InvalidDatabaseUrl> {
        if raw.starts_with("sqlite:") {
            sqlite(raw)
        } else if raw.starts_with("mysql://") {
            mysql(raw)
        } else {
            Err(InvalidDatabaseUrl("the scheme is unknown"))
        }
    }

    /// The file of an embedded database; `None` if it is on a server.
    pub fn file(&self) -> Option<&Path> {
        match &self.0 {
            Kind::Sqlite(options, _) => Some(options.get_filename()),
            Kind::MySql(_) => None,
        }
    }

    /// The same database, which must exist: a missing file is not created.
    #[must_use]
    pub fn existing(self) -> Self {
        match self.0 {
            Kind::Sqlite(options, uri) => {
                let uri = uri.replace("mode=rwc", "mode=rw");
                Self(Kind::Sqlite(options.create_if_missing(false), uri))
            }
            server @ Kind::MySql(_) => Self(server),
        }
    }
}

/// The address for people and for the log: the whole path of a file, or user, host, port and name, without a password.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Sqlite(options, _) => {
                let file = options.get_filename();
                let file = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
                write!(f, "sqlite://{}", file.display())
            }
            Kind::MySql(options) => f.write_str(&server_place(options)),
        }
    }
}

/// Where a database server is, and who uses which of its databases.
pub(super) fn server_place(options: &MySqlConnectOptions) -> String {
    let (user, name) = (options.get_username(), options.get_database().unwrap_or_default());
    match options.get_socket() {
        Some(socket) => format!("mysql://{user}@{}/{name}", socket.display()),
        None => format!("mysql://{user}@{}:{}/{name}", options.get_host(), options.get_port()),
    }
}

fn sqlite(raw: &str) -> Result<DatabaseUrl, InvalidDatabaseUrl> {
    // Readers and the writer have connections of their own, and would each see another database in memory.
    if raw.contains(":memory:") || raw.contains("mode=memory") {
        return Err(InvalidDatabaseUrl("a database in memory is not supported"));
    }
    let options: SqliteConnectOptions = raw.parse().map_err(|_| InvalidDatabaseUrl("it is not a valid SQLite URL"))?;
    if options.get_filename().as_os_str().is_empty() {
        return Err(InvalidDatabaseUrl("it has no file name"));
    }
    if raw.contains("cache=shared") {
        return Err(InvalidDatabaseUrl("a shared cache is not supported"));
    }
    let uri = uri(options.get_filename(), raw.split_once('?').map_or("", |(_, query)| query));
    Ok(DatabaseUrl(Kind::Sqlite(options, uri)))
}

/// The URI of a file, whose query is that of the URL.
fn uri(file: &Path, query: &str) -> String {
    let path = file.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let authority = if path.starts_with('/') { "//" } else { "" };
    format!("file:{authority}{path}?{query}")
}

fn mysql(raw: &str) -> Result<DatabaseUrl, InvalidDatabaseUrl> {
    let options: MySqlConnectOptions = raw.parse().map_err(|_| InvalidDatabaseUrl("it is not a valid MySQL URL"))?;
    if options.get_database().is_none_or(str::is_empty) {
        return Err(InvalidDatabaseUrl("it has no database name"));
    }
    Ok(DatabaseUrl(Kind::MySql(options)))
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Sqlite(options, _) => write!(f, "sqlite://{}", options.get_filename().display()),
            Kind::MySql(options) => {
                let database = options.get_database().unwrap_or_default();
                write!(f, "mysql://…@{}:{}/{database}", options.get_host(), options.get_port())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_an_embedded_database_or_one_on_a_server_r74() {
        let sqlite = DatabaseUrl::parse("sqlite://shop.db?mode=rwc").unwrap();
        assert_eq!(sqlite.file(), Some(Path::new("shop.db")));
        let mysql = DatabaseUrl::parse("mysql://shop:hunter2@db.example:3307/shop").unwrap();
        assert_eq!(mysql.file(), None);
        assert_eq!(format!("{mysql:?}"), "mysql://…@db.example:3307/shop");
    }

    #[test]
    fn a_database_is_named_by_its_whole_path_or_its_server_without_the_password() {
        let named = |url: &str| DatabaseUrl::parse(url).unwrap().to_string();
        let here = std::env::current_dir().unwrap();
        assert_eq!(named("sqlite://shop.db?mode=rwc"), format!("sqlite://{}/shop.db", here.display()));
        assert_eq!(named("sqlite:///srv/shop.db"), "sqlite:///srv/shop.db");
        assert_eq!(named("mysql://shop:hunter2@db.example/shop"), "mysql://shop@db.example:3306/shop");
        assert_eq!(named("mysql://u:hunter2@h/n?socket=/run/m.sock"), "mysql://u@/run/m.sock/n");
    }

    #[test]
    fn sqlite_gets_the_same_file_as_a_uri_r74() {
        for (url, uri) in [
            ("sqlite:shop.db", "file:shop.db?"),
            ("sqlite://shop.db?mode=rwc", "file:shop.db?mode=rwc"),
            ("sqlite:///srv/shop.db?mode=ro", "file:///srv/shop.db?mode=ro"),
            ("sqlite:///srv/a%23b%3fc%25d e.db", "file:///srv/a%23b%3fc%25d e.db?"),
        ] {
            let DatabaseUrl(Kind::Sqlite(_, made)) = DatabaseUrl::parse(url).unwrap() else { panic!("{url}") };
            assert_eq!(made, uri, "{url}");
        }
        assert_eq!(uri(Path::new("//srv/shop.db"), ""), "file:////srv/shop.db?");
    }

    #[test]
    fn a_bad_url_is_refused_without_quoting_it_r73() {
        for bad in [
            "",
            "hunter2",
            "postgres://shop:hunter2@localhost/shop",
            "sqlite::memory:",
            "sqlite://x?mode=memory",
            "sqlite://x?cache=shared",
            "sqlite://x?mode=hunter2",
            "sqlite://",
            "mysql://shop:hunter2@localhost",
            "mysql://shop:hunter2@localhost:port/shop",
            "mysql:hunter2",
        ] {
            let error = DatabaseUrl::parse(bad).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
            assert!(error.to_string().starts_with("must be sqlite://"), "{error}");
        }
    }
}
