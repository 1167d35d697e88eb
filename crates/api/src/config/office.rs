use std::net::SocketAddr;

use super::parse::{boolean, from_str};
use super::reader::{Reader, Show};

/// `office.*`: whether the office is served, and where.
#[derive(Debug, Clone, Copy)]
pub struct OfficeSettings {
    /// Whether it is served at all.
    pub enabled: bool,
    /// Its own address and port; `None` for `server.bind`.
    bind: Option<SocketAddr>,
}

impl OfficeSettings {
    /// The address and port that is bound for it beside `server.bind`.
    pub fn own_address(self) -> Option<SocketAddr> {
        self.bind.filter(|_| self.enabled)
    }
}

/// Reads the settings. `server` is `server.bind`.
pub(super) fn office(reader: &mut Reader, server: Option<SocketAddr>) -> Option<OfficeSettings> {
    let enabled = reader.setting("office.enabled", "true", boolean);
    let bind = reader.optional("office.bind", Show::Value, from_str("an address and port such as 127.0.0.1:8081"))?;
    // Port 0 is any free one, so that two of them differ.
    if bind.is_some_and(|bind: SocketAddr| bind.port() != 0) && bind == server {
        let origin = reader.origin("office.bind");
        reader.refuse("office.bind", "must differ from server.bind; without it, the office is served there", origin);
        return None;
    }
    Some(OfficeSettings { enabled: enabled?, bind })
}
