use std::fmt;

use super::ProviderName;
use crate::orders::OrderId;
use crate::word::words;
use crate::{Code, Currency, Invalid, Rule, Ruled, UtcDateTime, Uuid};

/// Between what the ledger moves money: a transfer debits one account and credits another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LedgerAccount {
    /// What customers owe.
    Customer,
    /// What a provider holds for the shop.
    Clearing(ProviderName),
    /// What a provider holds back for disputes.
    Disputed(ProviderName),
    /// The shop's own account at its bank.
    Bank,
    /// What disputes cost.
    LossOfDisputes,
}

impl LedgerAccount {
    const CLEARING: &str = "clearing:";
    const DISPUTED: &str = "disputed:";

    /// Parses the name of an account.
    ///
    /// # Errors
    /// If there is no such account.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let of_provider = |prefix| raw.strip_prefix(prefix).and_then(|name| ProviderName::parse(name).ok());
        match raw {
            "customer" => Ok(Self::Customer),
            "bank" => Ok(Self::Bank),
            "loss:dispute" => Ok(Self::LossOfDisputes),
            _ => of_provider(Self::CLEARING)
                .map(Self::Clearing)
                .or_else(|| of_provider(Self::DISPUTED).map(Self::Disputed))
                .ok_or_else(|| Invalid::new(Code::NotAllowed, "must be an account of the ledger")),
        }
    }
}

impl Ruled for LedgerAccount {
    fn rule() -> Rule {
        let pattern = "^(customer|bank|loss:dispute|(clearing|disputed):[a-z0-9_]+)$";
        Rule::Pattern { pattern, min: "bank".len(), max: Self::CLEARING.len() + ProviderName::MAX }
    }
}

impl fmt::Display for LedgerAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Customer => f.write_str("customer"),
            Self::Clearing(provider) => write!(f, "{}{provider}", Self::CLEARING),
            Self::Disputed(provider) => write!(f, "{}{provider}", Self::DISPUTED),
            Self::Bank => f.write_str("bank"),
            Self::LossOfDisputes => f.write_str("loss:dispute"),
        }
    }
}

words! {
    /// What made money move.
    LedgerCause {
        /// A payment was captured.
        Payment = "payment",
        /// Money went back, or bounced.
        Refund = "refund",
        /// A payment was disputed, or the dispute was decided.
        Dispute = "dispute",
    }
}

/// Money that moved from one account to another. `(cause, cause_id, part)` is unique. Transfers are only added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// A `UUIDv7`: sorts by time of creation.
    pub id: Uuid,
    /// When it was written.
    pub at: UtcDateTime,
    /// The order that it is about.
    pub order_id: Option<OrderId>,
    /// The account that gets the amount.
    pub debit: LedgerAccount,
    /// The account that gives the amount.
    pub credit: LedgerAccount,
    /// Minor units, above 0.
    pub amount: i64,
    /// Of `amount`.
    pub currency: Currency,
    /// What made it move.
    pub cause: LedgerCause,
    /// The id of the payment, refund or dispute.
    pub cause_id: Uuid,
    /// Which transfer of its cause it is. Of a payment: what was captured so far. Else 0, 1 for the one that undoes or
    /// closes it, and 2 for the one that moves a refund recorded as paid outside to its provider.
    pub part: i64,
}

impl Transfer {
    /// The part of a refund that was recorded as paid outside, and turned out to be the provider's.
    pub(super) const REFUND_MOVED: i64 = 2;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_account_has_a_name_that_is_read_back_r97() {
        let stripe = || ProviderName::parse("stripe").unwrap();
        let all = [
            (LedgerAccount::Customer, "customer"),
            (LedgerAccount::Clearing(stripe()), "clearing:stripe"),
            (LedgerAccount::Disputed(stripe()), "disputed:stripe"),
            (LedgerAccount::Bank, "bank"),
            (LedgerAccount::LossOfDisputes, "loss:dispute"),
        ];
        for (account, name) in all {
            assert_eq!(account.to_string(), name);
            assert_eq!(LedgerAccount::parse(name).unwrap(), account);
        }
        for bad in ["", "sales!", "clearing:", "clearing:Stripe", "disputed"] {
            assert!(LedgerAccount::parse(bad).is_err(), "{bad}");
        }
    }
}
