//! What `serve` says on standard output: text for people or, if the log is JSON, an event in each line.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::time::Duration;

use infrastructure::db::Product;
use serde_json::{Map, Value, json};

use super::demo::PASSWORD;
use super::say;
use crate::causes::Causes;
use crate::config::{Effective, LogFormat, Origin};
use crate::logging;
use crate::wiring::{NewAdmin, StartError};

/// Something that an operator wants to know.
pub(super) enum Event<'a> {
    /// The database is not available, and the server waits for it.
    Waiting(&'a StartError),
    /// The first administrator was created, with a password that is shown only now.
    FirstAdmin(&'a NewAdmin),
    /// The server answers requests.
    Started {
        address: SocketAddr,
        office: Option<SocketAddr>,
        database: &'a str,
        product: Option<&'a Product>,
        effective: &'a Effective,
    },
    /// The server has stopped in order.
    Stopped { ran: Duration },
}

/// Says it in the format of the log.
pub(super) fn announce(format: LogFormat, event: &Event<'_>) {
    match format {
        LogFormat::Pretty => say(event.text()),
        LogFormat::Json => say(event.json()),
    }
}

impl Event<'_> {
    fn text(&self) -> String {
        match self {
            Self::Waiting(error) => {
                format!("The database is not available: {}.\nRequests get status 503 until it is.", Causes(*error))
            }
            Self::FirstAdmin(made) => format!(
                "The first administrator was created. The password is shown only this once:\n  username  {}\n  password  {}",
                made.username.as_str(),
                made.password.reveal()
            ),
            Self::Started { address, office, effective, .. } if effective.settings.is_demo => {
                demo(*address, *office, effective)
            }
            Self::Started { address, office: at, .. } => {
                let office = at.map(|address| format!("\n  office  {}", office(address)));
                format!(
                    "Storekeeper is running.\n  API     http://{address}/api/v1\n  docs    http://{address}/docs{}\n  health  http://{address}/health/ready",
                    office.unwrap_or_default()
                )
            }
            Self::Stopped { .. } => "Storekeeper has stopped.".to_owned(),
        }
    }

    /// An object with the members of a line of the log.
    fn json(&self) -> String {
        let (level, message, members) = match self {
            Self::Waiting(error) => {
                ("WARN", "waiting for the database", json!({ "error": Causes(*error).to_string() }))
            }
            Self::FirstAdmin(made) => (
                "INFO",
                "the first administrator was created; the password is shown only this once",
                json!({ "username": made.username.as_str(), "password": made.password.reveal() }),
            ),
            Self::Started { address, office: at, database, product, effective } => {
                let (file, variables) = sources(effective);
                let is_demo = effective.settings.is_demo;
                let members = json!({
                    "version": env!("CARGO_PKG_VERSION"),
                    "database_kind": product.map(|product| product.name),
                    "database_version": product.map(|product| &product.version),
                    "database": database,
                    "address": address.to_string(),
                    "api": format!("http://{address}/api/v1"),
                    "docs": format!("http://{address}/docs"),
                    "shop": is_demo.then(|| format!("http://{address}/")),
                    "office": at.map(office),
                    "health": format!("http://{address}/health/ready"),
                    "config_file": file,
                    "config_variables": variables,
                });
                ("INFO", "started", members)
            }
            Self::Stopped { ran } => ("INFO", "stopped", json!({ "ran_seconds": ran.as_secs() })),
        };
        let head = json!({ "timestamp": logging::now(), "level": level, "target": "storekeeper", "message": message });
        let parts = [head, members].into_iter().filter_map(|part| match part {
            Value::Object(members) => Some(members),
            _ => None,
        });
        Value::Object(parts.flatten().collect::<Map<_, _>>()).to_string()
    }
}

/// The message at the start of a demo: the addresses of shop, office and documents, and how to log in.
fn demo(address: SocketAddr, at: Option<SocketAddr>, effective: &Effective) -> String {
    let admin = &effective.settings.admin;
    let known = admin.password.as_ref().filter(|password| password.reveal() == PASSWORD);
    let login =
        known.map_or_else(String::new, |known| format!("   ({} / {})", admin.username.as_str(), known.reveal()));
    let office = at.map(|address| format!("\n  office  {}{login}", office(address))).unwrap_or_default();
    format!("The demo of Storekeeper is running.\n  shop    http://{address}/{office}\n  docs    http://{address}/docs")
}

/// The address of the office.
fn office(address: SocketAddr) -> String {
    format!("http://{address}/office/")
}

/// The configuration file and the environment variables that settings come from.
fn sources(effective: &Effective) -> (Option<Cow<'_, str>>, Vec<&str>) {
    let (mut file, mut variables) = (None, Vec::new());
    for shown in &effective.shown {
        match &shown.origin {
            Origin::File(path) | Origin::Line(path, _) => file = Some(path.to_string_lossy()),
            Origin::Environment(name) => variables.push(name.as_str()),
            Origin::Default | Origin::Demo => {}
        }
    }
    (file, variables)
}
