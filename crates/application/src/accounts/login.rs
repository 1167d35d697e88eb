use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::Uuid;
use domain::accounts::{
    Account, AccountId, AccountQueries, FamilyId, LoginName, Network, Password, PasswordHash, ThrottleKey, TokenHash,
    TokenSecret,
};
use domain::keys::Principal;
use domain::sessions::{Agent, Session, SessionId};

use super::session::refresh_token;
use super::{Issuer, PasswordHasher, Throttle, TokenPair};
use crate::audit_trail::Audited as _;
use crate::{Actor, AuditEntry, Command, Ctx, Error, Runner, Tx};

/// The input of a login.
#[derive(Debug, Clone)]
pub struct LoginAttempt {
    /// The user name or the email address of the customer, as sent.
    pub username: String,
    /// The password, as sent.
    pub password: Password,
    /// The address of the client, for throttling.
    pub address: IpAddr,
    /// The id of the request, for the audit log.
    pub request_id: String,
}

/// Logs callers in. The password is checked before the transaction that stores the outcome.
#[derive(Clone)]
pub struct Login {
    /// Reads accounts and failed logins.
    pub accounts: Arc<dyn AccountQueries>,
    /// Checks passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Issues the tokens.
    pub issuer: Issuer,
    /// Runs the command.
    pub runner: Runner,
    /// Limits failed logins.
    pub throttle: Throttle,
}

/// The outcome of a correct password: the account, and what is written together with the login.
struct Proof {
    account: Account,
    /// The keys under which the attempt was counted as a failure.
    counted: Vec<ThrottleKey>,
    /// Another hash of the same password.
    rehashed: Option<PasswordHash>,
}

impl Login {
    /// Logs a client of the API in.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`], after the same time for a wrong user and a wrong password; [`Error::TooMany`] after
    /// too many failures; [`Error::Busy`] if too many callers wait for the hasher.
    pub async fn run(&self, attempt: &LoginAttempt) -> Result<TokenPair, Error> {
        let secret = self.issuer.secrets.token();
        let opened = Opened::Tokens { hash: self.issuer.secrets.hash(&secret), ttl: self.issuer.ttl.refresh };
        let (account, login) = self.open(attempt, opened).await?;
        self.issuer.pair(&account, FamilyId(login), secret)
    }

    /// Logs staff in to the office. Returns the secret of the session.
    ///
    /// # Errors
    /// As [`Login::run`]; [`Error::Forbidden`] if the account is that of a customer.
    pub async fn enter(&self, attempt: &LoginAttempt, agent: Agent) -> Result<TokenSecret, Error> {
        let secret = self.issuer.secrets.token();
        self.open(attempt, Opened::Session { hash: self.issuer.secrets.hash(&secret), agent }).await?;
        Ok(secret)
    }

    /// Checks the password, and opens what was asked for. Returns its account and its id.
    async fn open(&self, attempt: &LoginAttempt, opened: Opened) -> Result<(Account, Uuid), Error> {
        let name = LoginName::parse(&attempt.username);
        let account = match &name {
            Some(LoginName::Username(username)) => self.accounts.by_username(username).await?,
            Some(LoginName::Email(email)) => self.accounts.by_email(email).await?,
            None => None,
        };
        let from = Network::of(attempt.address);
        let admitted = self.throttle.admit(name, account.as_ref(), from).await?;
        let welcomed = async {
            let proof = self.check(attempt, account, &admitted.keys).await?;
            opened.expect_open_to(&proof.account)?;
            self.complete(attempt, proof, from, opened).await
        };
        let welcomed = welcomed.await;
        if welcomed.as_ref().is_err_and(|error| !matches!(error, Error::Unauthenticated(_))) {
            // The attempt failed, the guess did not.
            self.throttle.forgive(admitted.keys).await;
        }
        welcomed
    }

    async fn check(
        &self,
        attempt: &LoginAttempt,
        account: Option<Account>,
        keys: &[ThrottleKey],
    ) -> Result<Proof, Error> {
        let hash = account.as_ref().map(|account| &account.password_hash);
        let right = self.hasher.verify(&attempt.password, hash).await?;
        let account = account.filter(|account| right && account.active).ok_or_else(wrong_credentials)?;
        let rehashed = self.rehash(&attempt.password, &account).await;
        Ok(Proof { account, counted: keys.to_vec(), rehashed })
    }

    /// A new hash of the correct password, if the configured cost has changed since it was hashed. If too many callers
    /// wait to hash now, a later login does it.
    async fn rehash(&self, password: &Password, account: &Account) -> Option<PasswordHash> {
        if !self.hasher.is_outdated(&account.password_hash) {
            return None;
        }
        self.hasher.hash(password).await.ok()
    }

    async fn complete(
        &self,
        attempt: &LoginAttempt,
        Proof { account, counted, rehashed }: Proof,
        from: Network,
        opened: Opened,
    ) -> Result<(Account, Uuid), Error> {
        let begin = BeginLogin {
            account_id: account.id,
            token_epoch: account.token_epoch,
            opened,
            from,
            counted,
            rehashed,
            request_id: attempt.request_id.clone(),
        };
        self.runner.run(begin).await
    }
}

/// What a login opens.
enum Opened {
    /// A family of refresh tokens, which begins with the one of this hash.
    Tokens { hash: TokenHash, ttl: Duration },
    /// A session of the office, whose secret has this hash.
    Session { hash: TokenHash, agent: Agent },
}

impl Opened {
    /// Refuses to open a session of the office for a customer.
    fn expect_open_to(&self, account: &Account) -> Result<(), Error> {
        match self {
            Self::Session { .. } if !account.role.is_staff() => Err(Error::Forbidden),
            Self::Session { .. } | Self::Tokens { .. } => Ok(()),
        }
    }
}

fn wrong_credentials() -> Error {
    Error::Unauthenticated("the user name or the password is wrong")
}

/// Opens what was asked for, stores the network as known, and resets the failures of the account.
struct BeginLogin {
    account_id: AccountId,
    token_epoch: i64,
    opened: Opened,
    from: Network,
    /// The keys under which the attempt was counted as a failure.
    counted: Vec<ThrottleKey>,
    /// Another hash of the same password, to be stored.
    rehashed: Option<PasswordHash>,
    /// The id of the request, which the log has too.
    request_id: String,
}

#[async_trait]
impl Command for BeginLogin {
    type Output = (Account, Uuid);
    const NAME: &'static str = "accounts.begin_login";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Self::Output, Error> {
        // The account may have been deleted, deactivated or given a new password while the password was checked.
        let unchanged = |account: &Account| account.active && account.token_epoch == self.token_epoch;
        let account = tx.accounts().lock(self.account_id).await?.filter(unchanged).ok_or_else(wrong_credentials)?;
        if let Some(hash) = &self.rehashed {
            tx.accounts().update(&account.rehashed(hash.clone())).await?;
        }
        self.opened.expect_open_to(&account)?;
        let id = ctx.ids.next();
        match &self.opened {
            Opened::Tokens { hash, ttl } => {
                let token = refresh_token(ctx, &account, FamilyId(id), *hash, *ttl);
                tx.refresh_tokens().insert(&token).await?;
            }
            Opened::Session { hash, agent } => {
                let network = self.from.to_string();
                let session = Session::begin(SessionId(id), &account, *hash, agent.clone(), network, ctx.now);
                tx.sessions().insert(&session).await?;
            }
        }
        tx.known_networks().remember(account.id, self.from, ctx.now).await?;
        tx.accounts().seen(account.id, ctx.now).await?;
        for key in &self.counted {
            match key {
                // Others may have failed at this address.
                ThrottleKey::Address(_) => tx.login_failures().forgive(std::slice::from_ref(key)).await?,
                ThrottleKey::Account(_) | ThrottleKey::Email(_) | ThrottleKey::Known(..) => {
                    tx.login_failures().forget(key).await?;
                }
                // A login counts none of these.
                ThrottleKey::Mail(..) | ThrottleKey::MailsFrom(_) | ThrottleKey::TokensFrom(_) => {}
            }
        }
        if account.role.is_staff() {
            tx.audit().append(&self.login_of_staff(&account, ctx)).await?;
        }
        Ok((account, id))
    }
}

impl BeginLogin {
    /// The entry in the audit log for a login of staff.
    fn login_of_staff(&self, account: &Account, ctx: &Ctx<'_>) -> AuditEntry {
        AuditEntry {
            id: ctx.ids.next(),
            actor: Actor { who: Principal::Account(account.id), request_id: self.request_id.clone() },
            action: "accounts.login".to_owned(),
            resource: Account::RESOURCE.to_owned(),
            resource_id: account.id.0,
            before: Vec::new(),
            after: vec![("network".to_owned(), Some(self.from.to_string()))],
            at: ctx.now,
        }
    }
}

#[cfg(test)]
mod tests;
