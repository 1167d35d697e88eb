use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use tokio::sync::Notify;

use super::counted_products::{CountedProducts, Recount};
use super::due_work::DueWork;
use super::topic::Topic;
use crate::system::ShopClock;

/// What is kept in memory, and reported to other servers when it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    /// What accounts may do.
    Access,
    /// Attributes and terms. It comes before products: what is rendered of a product after a change of both reads the new
    /// ones.
    Terms,
    /// Whether anything has a picture. It comes before products for the same reason.
    Media,
    /// Products, and whether they are in stock.
    Products,
    /// What prices are worked out from.
    Pricing,
}

impl Subject {
    /// Each of them.
    pub const ALL: [Self; 5] = [Self::Access, Self::Terms, Self::Media, Self::Products, Self::Pricing];

    /// Its name in the table of changes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Terms => "terms",
            Self::Media => "media",
            Self::Products => "products",
            Self::Pricing => "pricing",
        }
    }
}

/// What this server has heard of changes, its own and those of others.
#[derive(Debug, Default)]
pub struct Changes {
    access: Topic,
    terms: Topic,
    media: Topic,
    products: Topic,
    pricing: Topic,
    /// The products to be counted again.
    counted: CountedProducts,
    /// The time of the shop, by which servers tell each other of changes.
    clock: ShopClock,
    /// Whether personal data was erased, and may still stand in the write-ahead log of SQLite.
    has_erased: AtomicBool,
    /// Wakes whoever gives positions to events.
    events: Notify,
    /// Wakes whoever works on payments.
    due_work: DueWork,
    /// Wakes whoever sends mail.
    due_mail: DueWork,
}

impl Changes {
    /// The changes of one subject.
    pub(crate) fn of(&self, subject: Subject) -> &Topic {
        match subject {
            Subject::Access => &self.access,
            Subject::Terms => &self.terms,
            Subject::Media => &self.media,
            Subject::Products => &self.products,
            Subject::Pricing => &self.pricing,
        }
    }

    /// The products to be counted again.
    pub(crate) fn counted(&self) -> &CountedProducts {
        &self.counted
    }

    /// The time of the shop.
    pub(crate) fn clock(&self) -> &ShopClock {
        &self.clock
    }

    /// Notified when this server has committed events.
    pub fn events(&self) -> &Notify {
        &self.events
    }

    /// When work on payments is due that this server has committed. Any server may do it.
    pub(crate) fn due_work(&self) -> &DueWork {
        &self.due_work
    }

    /// Waits until work on payments is due that this server has committed for whoever comes next.
    pub async fn work_is_due(&self) {
        self.due_work.wait(&self.clock).await;
    }

    /// Mail that this server has queued.
    pub(crate) fn due_mail(&self) -> &DueWork {
        &self.due_mail
    }

    /// Waits until a mail is due that this server has queued.
    pub async fn mail_is_due(&self) {
        self.due_mail.wait(&self.clock).await;
    }

    /// Notes that personal data was erased, for [`Self::take_erased`].
    pub(crate) fn erased(&self) {
        self.has_erased.store(true, Ordering::Release);
    }

    /// Whether personal data was erased since the last call.
    pub(crate) fn take_erased(&self) -> bool {
        self.has_erased.swap(false, Ordering::AcqRel)
    }

    /// Notes that this server has looked for changes of other servers. It began to look at `began`; `is_new` says which
    /// subjects have changed since the look before.
    pub(crate) fn looked(&self, began: Instant, is_new: impl Fn(Subject) -> bool) {
        if !self.products.is_trusted() {
            self.counted.changed(&Recount::Any);
        }
        for subject in Subject::ALL {
            self.of(subject).looked(began, is_new(subject));
        }
    }
}
