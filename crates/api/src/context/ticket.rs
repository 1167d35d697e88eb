use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::orders::OrderId;
use domain::{Code, Invalid, Rule, Ruled, UtcDateTime};
use subtle::ConstantTimeEq as _;

use super::Seal;

/// How long a ticket opens streams.
pub(crate) const TICKET_LASTS: Duration = Duration::from_mins(1);

const PURPOSE: &str = "order stream ticket";

/// A ticket that opens the event streams of one order for a minute. It is for clients that cannot send an access token.
/// `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct StreamTicket(String);

impl StreamTicket {
    /// The most characters.
    const MAX: usize = 64;

    /// A ticket for an order.
    pub(crate) fn new(order: OrderId, now: UtcDateTime, seal: &Seal) -> Self {
        let until = (now + TICKET_LASTS).unix_timestamp();
        let mut bytes = until.to_be_bytes().to_vec();
        bytes.extend(hash(order, until, seal));
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Checks the form of a ticket. [`Self::opens`] checks whether it is valid.
    ///
    /// # Errors
    /// If it is empty, too long, or has other characters than visible ASCII.
    pub(crate) fn parse(raw: &str) -> Result<Self, Invalid> {
        let refused = || Invalid::new(Code::Format, "must be a ticket of this order");
        ((1..=Self::MAX).contains(&raw.len()) && raw.bytes().all(|b| b.is_ascii_graphic()))
            .then(|| Self(raw.to_owned()))
            .ok_or_else(refused)
    }

    /// The ticket, to be shown once.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// Whether this shop has made it for this order, and its time is not over.
    pub(crate) fn opens(&self, order: OrderId, now: UtcDateTime, seal: &Seal) -> bool {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(&self.0) else { return false };
        let Some((until, given)) = bytes.split_first_chunk::<8>() else { return false };
        let until = i64::from_be_bytes(*until);
        let is_ours = bool::from(hash(order, until, seal).ct_eq(given));
        is_ours && now.unix_timestamp() < until
    }
}

fn hash(order: OrderId, until: i64, seal: &Seal) -> [u8; 32] {
    seal.hash(PURPOSE, &[order.0.as_bytes(), &until.to_be_bytes()])
}

impl Ruled for StreamTicket {
    fn rule() -> Rule {
        Rule::Pattern { pattern: "^[!-~]+$", min: 1, max: Self::MAX }
    }
}

impl std::fmt::Debug for StreamTicket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StreamTicket(…)")
    }
}

#[cfg(test)]
mod tests {
    use domain::Uuid;
    use time::macros::utc_datetime;

    use super::*;

    #[test]
    fn a_ticket_opens_the_streams_of_its_order_for_a_minute_r173() {
        let (seal, now) = (Seal::new(b"a secret"), utc_datetime!(2026-01-31 12:00));
        let [order, other] = [1, 2].map(|n| OrderId(Uuid::from_u128(n)));
        let ticket = StreamTicket::new(order, now, &seal);
        let last = now + TICKET_LASTS - Duration::from_secs(1);
        assert!(ticket.opens(order, now, &seal) && ticket.opens(order, last, &seal));
        assert!(!ticket.opens(order, now + TICKET_LASTS, &seal), "its time is over");
        assert!(!ticket.opens(other, now, &seal) && !ticket.opens(order, now, &Seal::new(b"another")));
        assert_eq!(StreamTicket::parse(ticket.expose()).unwrap(), ticket);
        for forged in ["", "AAAA", &ticket.expose()[1..], &format!("{}A", ticket.expose()), "ä"] {
            assert!(!StreamTicket(forged.to_owned()).opens(order, now, &seal), "{forged}");
        }
        let mut later = URL_SAFE_NO_PAD.decode(ticket.expose()).unwrap();
        later[7] += 1;
        assert!(!StreamTicket(URL_SAFE_NO_PAD.encode(later)).opens(order, now, &seal), "a later end");
        assert_eq!(format!("{ticket:?}"), "StreamTicket(…)");
    }
}
