//! Cursors as clients see them: opaque, and good only for the list that they come from.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Cursor, CursorKey, Uuid};

use crate::context::Seal;

/// Bytes of the seal that a cursor carries.
const SEAL: usize = 8;
/// Bytes of an id.
const ID: usize = 16;

/// The cursor as text: seal, id, kind of key, key.
pub(crate) fn encode(seal: &Seal, list: &str, cursor: &Cursor) -> String {
    let mut body = cursor.id.as_bytes().to_vec();
    match &cursor.key {
        CursorKey::Id => body.push(b'i'),
        CursorKey::Int(number) => {
            body.push(b'n');
            body.extend(number.to_be_bytes());
        }
        CursorKey::Text(text) => {
            body.push(b't');
            body.extend(text.as_bytes());
        }
        CursorKey::Pin(place) => {
            body.push(b'p');
            body.extend(place.to_be_bytes());
        }
    }
    let mut bytes = sealed(seal, list, &body).to_vec();
    bytes.extend(body);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The cursor in a text that [`encode`] made for the same list.
pub(crate) fn decode(seal: &Seal, list: &str, text: &str) -> Option<Cursor> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (mark, body) = bytes.split_at_checked(SEAL)?;
    if mark != sealed(seal, list, body) {
        return None;
    }
    let (id, key) = body.split_at_checked(ID)?;
    let key = match key.split_first()? {
        (b'i', []) => CursorKey::Id,
        (b'n', number) => CursorKey::Int(i64::from_be_bytes(number.try_into().ok()?)),
        (b'p', place) => CursorKey::Pin(i64::from_be_bytes(place.try_into().ok()?)),
        (b't', text) => CursorKey::Text(String::from_utf8(text.to_vec()).ok()?),
        _ => return None,
    };
    Some(Cursor { key, id: Uuid::from_slice(id).ok()? })
}

fn sealed(seal: &Seal, list: &str, body: &[u8]) -> [u8; SEAL] {
    let mut mark = [0; SEAL];
    mark.iter_mut().zip(seal.hash("cursor", &[list.as_bytes(), body])).for_each(|(mark, byte)| *mark = byte);
    mark
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_decoded_unchanged_and_only_for_its_own_list() {
        let seal = Seal::new(b"secret");
        let keys = [
            CursorKey::Id,
            CursorKey::Int(-5),
            CursorKey::Pin(3),
            CursorKey::Text("Äpfel".to_owned()),
            CursorKey::Text(String::new()),
        ];
        for key in keys {
            let cursor = Cursor { key, id: Uuid::from_u128(7) };
            let text = encode(&seal, "products", &cursor);
            assert_eq!(decode(&seal, "products", &text), Some(cursor));
            assert_eq!(decode(&seal, "orders", &text), None);
            assert_eq!(decode(&Seal::new(b"another"), "products", &text), None);
        }
    }

    #[test]
    fn an_invalid_cursor_is_refused() {
        for bad in ["", "x", "!!!!", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
            assert_eq!(decode(&Seal::new(b"secret"), "products", bad), None, "{bad}");
        }
    }
}
