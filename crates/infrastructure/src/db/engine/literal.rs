//! Statements with their values as literals, for MySQL and MariaDB. They mean the same whatever the `sql_mode` of the
//! server is, because nothing in them has to be escaped: what is not plain ASCII is written in hexadecimal.
//! <https://dev.mysql.com/doc/refman/8.4/en/hexadecimal-literals.html>

use std::fmt::{self, Write as _};

use sea_orm::Value;

use super::Statement;

/// The text of a statement; `None` if one of its values has no literal here, or their number is wrong.
pub(super) fn text(statement: &Statement) -> Option<String> {
    let mut values = statement.values.iter();
    let mut text = String::with_capacity(2 * statement.sql.len());
    let mut quote = None;
    for c in statement.sql.chars() {
        match (c, quote) {
            ('?', None) => write(&mut text, values.next()?)?,
            ('\'' | '"' | '`', None) => quote = Some(c),
            (_, Some(open)) if open == c => quote = None,
            _ => {}
        }
        if c != '?' || quote.is_some() {
            text.push(c);
        }
    }
    values.next().is_none().then_some(text)
}

fn write(to: &mut String, value: &Value) -> Option<()> {
    let written = match value {
        Value::Bool(Some(is)) => write!(to, "{}", u8::from(*is)),
        Value::Int(Some(number)) => write!(to, "{number}"),
        Value::BigInt(Some(number)) => write!(to, "{number}"),
        Value::BigUnsigned(Some(number)) => write!(to, "{number}"),
        Value::Uuid(Some(id)) => hexadecimal(to, id.as_bytes()),
        // A server takes longer to read digits than text.
        Value::Bytes(Some(all)) if all.iter().copied().all(is_plain) => {
            write!(to, "_binary '{}'", String::from_utf8_lossy(all))
        }
        Value::Bytes(Some(all)) => hexadecimal(to, all),
        Value::String(Some(text)) if text.bytes().all(is_plain) => write!(to, "'{text}'"),
        Value::String(Some(text)) => to.write_str("_utf8mb4 ").and_then(|()| hexadecimal(to, text.as_bytes())),
        null if *null == null.as_null() => to.write_str("NULL"),
        _ => return None,
    };
    written.ok()
}

/// Whether a character means itself between single quotes.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !matches!(byte, b'\'' | b'\\')
}

fn hexadecimal(to: &mut String, bytes: &[u8]) -> fmt::Result {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |half: u8| char::from(DIGITS.get(usize::from(half)).copied().unwrap_or_default());
    to.push_str("x'");
    to.extend(bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]));
    to.write_char('\'')
}

#[cfg(test)]
mod tests;
