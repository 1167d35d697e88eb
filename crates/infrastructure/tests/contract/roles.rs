use std::time::Duration;

use application::access::note_refusal;
use application::accounts::{CreateAccount, DeleteAccount, UpdateAccount};
use application::roles::{CreateRole, DeleteRole, UpdateRole};
use application::{Actor, AuditFilter, Conflict, Error, Runner};
use domain::access::{Noun, Scope, Scopes};
use domain::accounts::{Account, AccountChange, PasswordHash, Username};
use domain::keys::Principal;
use domain::roles::{CustomRole, Role, RoleName};
use domain::{StoreError, Uuid};

use crate::support::{NOW, TestDb, at_once, first, id};

on_every_database!(
    a_role_can_be_locked_changed_and_deleted_r255,
    the_name_of_a_role_is_unique_r255,
    the_scopes_of_an_account_follow_its_role_r256,
    nobody_grants_what_they_have_not_and_each_attempt_is_recorded_r257_r262,
    a_role_is_either_given_or_deleted_r255,
    the_last_administrator_stays_whatever_roles_there_are_r257,
);

fn name(name: &str) -> RoleName {
    RoleName::parse(name).unwrap()
}

fn scopes(scopes: &[Scope]) -> Scopes {
    scopes.iter().copied().collect()
}

async fn add(db: &TestDb, name: &str, scopes: Scopes) -> CustomRole {
    let role = CustomRole::new(id(), RoleName::parse(name).unwrap(), scopes, NOW);
    let mut tx = db.begin().await;
    tx.roles().insert(&role).await.unwrap();
    tx.commit().await.unwrap();
    role
}

/// A runner for an account of this role.
async fn acting(db: &TestDb, username: &str, role: Role) -> (Account, Runner) {
    let account = give(db, username, role).await;
    let actor = Actor { who: Principal::Account(account.id), request_id: "r-1".into() };
    (account, db.runner().acting(actor))
}

/// An account with this role, however it came to it.
async fn give(db: &TestDb, username: &str, role: Role) -> Account {
    db.runner().run(made(username, role)).await.unwrap().account
}

fn made(username: &str, role: Role) -> CreateAccount {
    let username = Username::parse(username).unwrap();
    CreateAccount { customer_id: None, username, password_hash: PasswordHash::new("x".repeat(60)), role }
}

async fn a_role_can_be_locked_changed_and_deleted_r255(db: TestDb) {
    let roles = db.database.queries().roles;
    let longest = "z".repeat(32);
    let all: Scopes = Scope::all().collect();
    let (last, role) = (add(&db, &longest, all).await, add(&db, "packing", scopes(&[Scope::Read(Noun::Orders)])).await);
    assert_eq!(roles.all().await.unwrap(), [role.clone(), last.clone()], "by name");
    assert_eq!(roles.get(&last.name).await.unwrap(), Some(last.clone()));
    let changed = role.allowing(scopes(&[Scope::Write(Noun::Orders)]), NOW + Duration::from_secs(1));
    let mut tx = db.begin().await;
    assert_eq!(tx.roles().lock(&role.name).await.unwrap(), Some(role.clone()));
    assert_eq!(tx.roles().lock(&name("nobody")).await.unwrap(), None);
    assert_eq!(tx.roles().count().await.unwrap(), 2);
    tx.roles().update(&changed).await.unwrap();
    tx.roles().delete(&last).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(roles.all().await.unwrap(), [changed]);
    let holder = give(&db, "ann", Role::Custom(name("packing"))).await;
    assert_eq!(holder.role.as_str(), "packing");
    assert_eq!(roles.accounts(&[Role::Admin, holder.role, Role::Viewer]).await.unwrap(), [0, 1, 0]);
}

async fn the_name_of_a_role_is_unique_r255(db: TestDb) {
    add(&db, "packing", scopes(&[Scope::Read(Noun::Orders)])).await;
    let again = CustomRole::new(id(), name("packing"), scopes(&[Scope::Read(Noun::Stock)]), NOW);
    let mut tx = db.begin().await;
    let refused = tx.roles().insert(&again).await.unwrap_err();
    assert!(matches!(refused, StoreError::Duplicate(key) if key == CustomRole::UNIQUE_NAME), "{refused:?}");
}

async fn the_scopes_of_an_account_follow_its_role_r256(db: TestDb) {
    let accounts = db.database.queries().accounts;
    let longest = "night-shift_of-the-warehouse_4711";
    let role = add(&db, &longest[..32], scopes(&[Scope::Read(Noun::Orders)])).await;
    let ann = give(&db, "ann", Role::Custom(role.name)).await;
    let may = async || accounts.access(ann.id, None).await.unwrap().unwrap().scopes;
    assert_eq!(may().await, role.scopes);
    let more = scopes(&[Scope::Write(Noun::Orders), Scope::Read(Noun::Stock)]);
    let update = UpdateRole { role: Role::Custom(role.name), scopes: Some(more), expected: None };
    db.runner().run(update).await.unwrap();
    assert_eq!(may().await, more);
    give(&db, "root", Role::Admin).await;
    for (role, scopes) in [(Role::Admin, Scopes::EVERYTHING), (Role::Customer, Scopes::NONE)] {
        let change = AccountChange { role: Some(role), ..AccountChange::default() };
        db.runner().run(UpdateAccount { id: ann.id, change, expected: None }).await.unwrap();
        assert_eq!(may().await, scopes);
    }
}

/// The scopes that were missing.
fn missing<T>(result: Result<T, Error>) -> String {
    match result {
        Err(Error::Beyond(beyond)) => beyond.missing.to_string(),
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was granted"),
    }
}

async fn nobody_grants_what_they_have_not_and_each_attempt_is_recorded_r257_r262(db: TestDb) {
    let boss = scopes(&[Scope::Write(Noun::Accounts), Scope::Write(Noun::Orders)]);
    let boss = Role::Custom(add(&db, "boss", boss).await.name);
    let (root, _) = acting(&db, "root", Role::Admin).await;
    let (_, bob) = acting(&db, "bob", boss).await;
    let payer = Role::Custom(add(&db, "payer", scopes(&[Scope::Write(Noun::Payments)])).await.name);

    bob.run(made("packer", boss)).await.unwrap();
    assert_eq!(missing(bob.run(made("payer", payer)).await), "payments:write");
    assert_eq!(missing(bob.run(made("admin", Role::Admin)).await), all_but_boss());
    let deactivate = AccountChange { active: Some(false), ..AccountChange::default() };
    let of_root = |change| UpdateAccount { id: root.id, change, expected: None };
    missing(bob.run(of_root(deactivate)).await);
    let password_hash = Some(PasswordHash::new("y".repeat(60)));
    missing(bob.run(of_root(AccountChange { password_hash, ..AccountChange::default() })).await);
    missing(bob.run(DeleteAccount { id: root.id, expected: None }).await);
    let wider = Some(scopes(&[Scope::Write(Noun::Accounts), Scope::Read(Noun::Keys)]));
    assert_eq!(missing(bob.run(UpdateRole { role: boss, scopes: wider, expected: None }).await), "keys:read");
    let role = Role::parse("keeper").unwrap();
    let create = CreateRole { role, scopes: scopes(&[Scope::Read(Noun::Audit)]) };
    let attempted = application::access::Attempted::new::<CreateRole, CustomRole>(Uuid::nil());
    assert_eq!(missing(note_refusal(&bob, attempted, bob.run(create).await).await), "audit:read");

    let log = db.database.queries().audit.list(&AuditFilter::default(), &first(100)).await.unwrap().items;
    let actions: Vec<_> = log.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["roles.create.refused", "accounts.create"]);
    assert_eq!(log[0].after, [("missing".to_owned(), Some("audit:read".to_owned()))]);
}

/// All scopes that a boss has not, as a refusal names them.
fn all_but_boss() -> String {
    let others = Noun::ALL.iter().filter(|noun| !matches!(noun, Noun::Accounts | Noun::Orders));
    let most = others.map(|noun| if noun.is_read_only() { Scope::Read(*noun) } else { Scope::Write(*noun) });
    most.collect::<Scopes>().to_string()
}

/// Somebody gives an account a role while somebody else deletes it: one of them comes too late.
async fn a_role_is_either_given_or_deleted_r255(db: TestDb) {
    for round in 0..4 {
        let role = Role::Custom(add(&db, &format!("role-{round}"), scopes(&[Scope::Read(Noun::Orders)])).await.name);
        let ann = give(&db, &format!("ann-{round}"), Role::Viewer).await;
        let (runner, other) = (db.runner(), db.runner());
        let change = AccountChange { role: Some(role), ..AccountChange::default() };
        let give = UpdateAccount { id: ann.id, change, expected: None };
        let (given, deleted) = tokio::join!(runner.run(give), other.run(DeleteRole { role, expected: None }));
        assert_ne!(given.is_ok(), deleted.is_ok(), "{given:?} {deleted:?}");
        match (given, deleted) {
            (Err(refused), _) => assert!(matches!(refused, Error::Invalid(_)), "{refused:?}"),
            (_, Err(refused)) => assert!(matches!(refused, Error::Conflict(Conflict::InUse { .. })), "{refused:?}"),
            _ => {}
        }
    }
}

async fn the_last_administrator_stays_whatever_roles_there_are_r257(db: TestDb) {
    let (one, _) = acting(&db, "one", Role::Admin).await;
    let (two, _) = acting(&db, "two", Role::Admin).await;
    let demoted = at_once(2, |number| {
        let (runner, id) = (db.runner(), [one.id, two.id][number]);
        async move {
            let change = AccountChange { role: Some(Role::Viewer), ..AccountChange::default() };
            runner.run(UpdateAccount { id, change, expected: None }).await
        }
    })
    .await;
    assert_eq!(demoted.iter().filter(|demoted| demoted.is_ok()).count(), 1, "{demoted:?}");
}
