use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use super::topic::Topic;
use crate::system::ShopClock;

/// What is kept in memory, and reported to other servers when it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    /// What accounts may do.
    Access,
    /// Products, and whether they are in stock.
    Products,
    /// What prices are worked out from.
    Pricing,
}

impl Subject {
    /// Each of them.
    pub const ALL: [Self; 3] = [Self::Access, Self::Products, Self::Pricing];

    /// Its name in the table of changes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Products => "products",
            Self::Pricing => "pricing",
        }
    }
}

/// What this server has heard of changes, its own and those of others.
#[derive(Debug, Default)]
pub struct Changes {
    access: Topic,
    products: Topic,
    pricing: Topic,
    /// The time of the shop, by which servers tell each other of changes.
    clock: ShopClock,
    /// Whether personal data was erased, and may still stand in the write-ahead log of SQLite.
    has_erased: AtomicBool,
}

impl Changes {
    /// What was heard of one subject.
    pub(crate) fn of(&self, subject: Subject) -> &Topic {
        match subject {
            Subject::Access => &self.access,
            Subject::Products => &self.products,
            Subject::Pricing => &self.pricing,
        }
    }

    /// The time of the shop.
    pub(crate) fn clock(&self) -> &ShopClock {
        &self.clock
    }

    /// Personal data was erased.
    pub(crate) fn erased(&self) {
        self.has_erased.store(true, Ordering::Release);
    }

    /// Whether personal data was erased since the last call.
    pub(crate) fn take_erased(&self) -> bool {
        self.has_erased.swap(false, Ordering::AcqRel)
    }

    /// All that others had changed when `began` was now is known.
    pub(crate) fn looked(&self, began: Instant, is_new: impl Fn(Subject) -> bool) {
        for subject in Subject::ALL {
            self.of(subject).looked(began, is_new(subject));
        }
    }
}
