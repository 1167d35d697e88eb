use std::collections::{HashMap, HashSet};

use application::{Error, access};
use domain::Uuid;
use domain::access::Noun::{Accounts, Keys};
use domain::access::Scope::Read;
use domain::keys::Principal;

use crate::request::Staff;

/// How people name accounts and keys.
pub(crate) struct Names(HashMap<Principal, String>);

impl Names {
    /// The names of these, as far as the caller may see accounts and keys.
    pub(crate) async fn of(staff: &Staff, all: impl Iterator<Item = Principal>) -> Result<Self, Error> {
        let may_see = |who: Principal| staff.may(Read(if who.is_key() { Keys } else { Accounts }));
        Self::named(staff, all, may_see).await
    }

    /// The names of all of these, who have changed what the caller may read.
    pub(crate) async fn of_all(staff: &Staff, all: impl Iterator<Item = Principal>) -> Result<Self, Error> {
        Self::named(staff, all, |_| true).await
    }

    async fn named(
        staff: &Staff,
        all: impl Iterator<Item = Principal>,
        may_see: impl Fn(Principal) -> bool,
    ) -> Result<Self, Error> {
        let seen: HashSet<_> = all.filter(|who| may_see(*who)).collect();
        let found = access::names(&staff.office.queries, &seen.into_iter().collect::<Vec<_>>()).await?;
        let name = |who: Principal, name: String| if who.is_key() { format!("key {name}") } else { name };
        Ok(Self(found.into_iter().map(|(who, known)| (who, name(who, known))).collect()))
    }

    /// The name of one of them.
    pub(crate) fn get(&self, who: Principal) -> String {
        self.0.get(&who).cloned().unwrap_or_else(|| unnamed(who))
    }

    /// The name of the account or of the key with this id.
    pub(crate) fn get_by_id(&self, id: Uuid) -> String {
        let known = Principal::either(id).iter().find_map(|who| self.0.get(who)).cloned();
        known.unwrap_or_else(|| format!("account or key …{}", end_of(id)))
    }
}

/// The label of an account or key that is deleted or that the caller may not see: the end of its id.
fn unnamed(who: Principal) -> String {
    let end = end_of(who.id());
    if who.is_key() { format!("key …{end}") } else { format!("account …{end}") }
}

/// The last 8 digits of an id.
fn end_of(id: Uuid) -> String {
    let id = id.to_string();
    id.get(id.len().saturating_sub(8)..).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use domain::accounts::AccountId;
    use domain::keys::KeyId;

    use super::*;

    #[test]
    fn a_caller_without_a_name_is_shown_with_the_end_of_its_id_r262() {
        let id = Uuid::from_u128(0x0123_4567_89ab_cdef);
        assert_eq!(unnamed(Principal::Account(AccountId(id))), "account …89abcdef");
        assert_eq!(unnamed(Principal::Key(KeyId(id))), "key …89abcdef");
    }
}
