use std::fmt;

use application::mails::Mails;
use lettre::Tokio1Executor;
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{AsyncSmtpTransport, Error};

/// How a connection to a mail server is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// From the beginning.
    Tls,
    /// After a greeting in the clear; not going on without it.
    StartTls,
    /// Not at all, to this machine.
    Plain,
}

/// Where the mail server is.
#[derive(Clone)]
pub struct SmtpConfig {
    /// Its name or address.
    pub host: String,
    /// The TCP port, such as 465 or 587.
    pub port: u16,
    /// How the connection is secured.
    pub security: Security,
    /// Name and password, if it wants them.
    pub login: Option<(String, String)>,
}

impl fmt::Debug for SmtpConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpConfig").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

/// The most connections to the mail server, which are kept for a while.
const CONNECTIONS: u32 = 4;

/// A client of the mail server, which greets as `domain`. It connects when there is something to send.
///
/// # Errors
/// If TLS cannot be set up.
pub fn client(config: &SmtpConfig, domain: &str) -> Result<AsyncSmtpTransport<Tokio1Executor>, Error> {
    let tls = match config.security {
        Security::Tls => Tls::Wrapper(TlsParameters::new(config.host.clone())?),
        Security::StartTls => Tls::Required(TlsParameters::new(config.host.clone())?),
        Security::Plain => Tls::None,
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&config.host)
        .port(config.port)
        .tls(tls)
        .hello_name(ClientId::Domain(domain.to_owned()))
        // A try is several commands.
        .timeout(Some(Mails::TIMEOUT / 3))
        .pool_config(PoolConfig::new().max_size(CONNECTIONS));
    if let Some((name, password)) = &config.login {
        builder = builder.credentials(Credentials::new(name.clone(), password.clone()));
    }
    Ok(builder.build())
}
