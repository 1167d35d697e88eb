use std::collections::HashSet;

use application::accounts::PasswordHasher as _;
use domain::Invalid;
use domain::accounts::{Account, AccountDetails, AccountId, Password, PasswordHash, Username};
use domain::customers::{Customer, CustomerDetails, CustomerId, CustomerName, EmailAddress, PhoneNumber};
use domain::roles::Role;
use infrastructure::passwords::{BcryptConfig, BcryptHasher};

use super::{batches, moment};
use crate::cli::error::Failure;
use crate::cli::progress::Progress;
use crate::cli::tools::Tools;
use crate::wiring::StartError;

/// The password of every demo customer.
pub(super) const PASSWORD: &str = "storekeeper-demo";

pub(super) async fn seed(tools: &Tools, all: u32, bcrypt_cost: u32) -> Result<(), Failure> {
    let hasher = BcryptHasher::new(BcryptConfig::new(bcrypt_cost)).map_err(StartError::from)?;
    let hash = hasher.hash(&Password::parse(PASSWORD)?).await?;
    let progress = Progress::of("customers", all.into());
    let mut made = 0;
    for batch in batches(all) {
        let mut some = batch.map(|n| customer(n, &hash)).collect::<Result<Vec<_>, _>>()?;
        let count = some.len();
        let names: Vec<_> = some.iter().map(|(_, account)| account.username.clone()).collect();
        let addresses: Vec<_> = some.iter().map(|(customer, _)| customer.email.clone()).collect();
        let accounts = tools.database.accounts_by_username(&names).await?;
        let customers = tools.database.customers_by_email(&addresses).await?;
        let names: HashSet<_> = accounts.into_iter().map(|account| account.username.as_str().to_owned()).collect();
        let keys: HashSet<_> = customers.into_iter().map(|customer| customer.email.key()).collect();
        some.retain(|(customer, account)| {
            !names.contains(account.username.as_str()) && !keys.contains(&customer.email.key())
        });
        made += some.len();
        let some: Vec<_> = some.into_iter().map(|(customer, account)| (customer, Some(account))).collect();
        tools.database.bulk_customers(&some).await?;
        progress.add(count);
    }
    progress.finish();
    tools
        .say(format_args!("customers: {made} created, {} already existed", u64::from(all).saturating_sub(made as u64)));
    Ok(())
}

/// The ids of the existing ones of the first `all` demo customers, in order of their number.
pub(super) async fn known(tools: &Tools, all: u32) -> Result<Vec<CustomerId>, Failure> {
    let mut known = Vec::new();
    for batch in batches(all) {
        let addresses = batch.map(email).collect::<Result<Vec<_>, _>>()?;
        let mut found = tools.database.customers_by_email(&addresses).await?;
        found.sort_unstable_by_key(|customer| customer.id);
        known.extend(found.into_iter().map(|customer| customer.id));
    }
    Ok(known)
}

fn email(n: u32) -> Result<EmailAddress, Invalid> {
    EmailAddress::parse(&format!("customer{n}@demo.example"))
}

fn customer(n: u32, hash: &PasswordHash) -> Result<(Customer, Account), Invalid> {
    let details = CustomerDetails {
        name: CustomerName::parse(&format!("Demo Customer {n}"))?,
        email: email(n)?,
        phone: PhoneNumber::parse(&format!("+1415{n:08}"))?,
    };
    let at = moment::made(n);
    let customer = Customer::new(CustomerId(moment::new_id(at)), details, at);
    let details = AccountDetails {
        customer_id: Some(customer.id),
        username: Username::parse(&format!("customer{n}"))?,
        password_hash: hash.clone(),
        role: Role::Customer,
    };
    let account = Account::new(AccountId(moment::new_id(at)), details, at);
    Ok((customer, account))
}
