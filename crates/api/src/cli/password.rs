use std::io::BufRead;

use domain::accounts::Password;

use super::error::Failure;

/// Reads a password from the first line of standard input.
pub(super) fn read() -> Result<Password, Failure> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']);
    Password::parse(password).map_err(|why| Failure::Usage(format!("the password {why}")))
}
