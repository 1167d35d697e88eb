use std::error::Error;
use std::fmt;
use std::process::ExitCode;

use crate::causes::Causes;
use crate::config::ConfigError;
use crate::wiring::StartError;

/// Why a command failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// The configuration or an argument of the command is wrong. Exit code 2.
    Usage(String),
    /// The command failed for another reason. Exit code 1.
    Failed(Box<dyn Error + Send + Sync>),
}

impl Failure {
    pub(super) fn code(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::from(2),
            Self::Failed(_) => ExitCode::FAILURE,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(why) => f.write_str(why),
            Self::Failed(error) => Causes(error.as_ref()).fmt(f),
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Currency(_) => Self::Usage(error.to_string()),
            other => Self::Failed(other.into()),
        }
    }
}

macro_rules! failed {
    ($($error:ty),*) => {$(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::Failed(error.into())
            }
        }
    )*};
}

failed!(std::io::Error, application::Error, domain::StoreError, infrastructure::db::MigrateError);
