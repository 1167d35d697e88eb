//! Why there is no connection to a server.

use std::io::ErrorKind;

use sea_orm::sqlx;
use sea_orm::sqlx::mysql::{MySqlConnectOptions, MySqlDatabaseError};

use super::engine::Error;
use super::url::server_place;

/// The error of connecting to this server, which says where it is and what is wrong, without secrets.
pub(super) fn cannot_connect(options: &MySqlConnectOptions, cause: sqlx::Error) -> Error {
    let text = format!("cannot connect to {}: {}", server_place(options), obstacle(&cause));
    let Error { kind, code, .. } = cause.into();
    let mut error = Error::new(kind, text);
    error.code = code;
    error
}

fn obstacle(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Io(error) => match error.kind() {
            ErrorKind::ConnectionRefused => {
                format!("the connection is refused; is the port right, and does the server run? ({error})")
            }
            ErrorKind::InvalidData => format!("TLS failed: {error}"),
            _ if error.to_string().contains("lookup address") => format!("the host name is not known ({error})"),
            _ => error.to_string(),
        },
        sqlx::Error::Tls(cause) => format!("TLS failed: {cause}"),
        sqlx::Error::Database(error) => {
            let number = error.try_downcast_ref().map_or(0, MySqlDatabaseError::number);
            let message = error.message();
            match number {
                1044 | 1045 | 1698 | 3118 => {
                    format!("the server refuses the user or the password ({number}: {message})")
                }
                1049 => format!("the server has no such database ({number}: {message})"),
                _ => format!("{number}: {message}"),
            }
        }
        other => other.to_string(),
    }
}
