use domain::pricing::{MethodCode, ZoneId};

use crate::{Error, Tx, Users};

/// What names a zone, and so keeps it from being deleted. Each noun that has a zone is asked here.
pub(super) async fn users(tx: &mut dyn Tx, id: ZoneId) -> Result<Vec<Users>, Error> {
    let methods = tx.shipping_methods().in_zone(id).await?;
    Ok(vec![Users { kind: "shipping methods", names: codes(&methods, MethodCode::as_str) }])
}

fn codes<T>(all: &[T], as_str: impl Fn(&T) -> &str) -> Vec<String> {
    all.iter().map(|code| as_str(code).to_owned()).collect()
}
