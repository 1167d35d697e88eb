use domain::media::{MediaStore, StoredFile};

use crate::Error;

/// The beginning of the keys of probes. No picture has it.
const FOLDER: &str = "probe";

/// Stores a small file, reads it and deletes it again, to find out whether the settings of a store are right.
///
/// # Errors
/// If the store does not answer, or does not give back what it got.
pub async fn probe(store: &dyn MediaStore, name: &str) -> Result<(), Error> {
    let (key, bytes) = (format!("{FOLDER}/{name}.txt"), b"storekeeper".to_vec());
    store.put(StoredFile { key: key.clone(), media_type: "text/plain", bytes: bytes.clone() }).await?;
    let mut read = Vec::new();
    if let Some(mut file) = store.open(&key).await? {
        while let Some(piece) = file.next().await? {
            read.extend(piece);
        }
    }
    store.delete(&key).await?;
    if read == bytes { Ok(()) } else { Err(Error::Internal("what was stored was not read again".into())) }
}
