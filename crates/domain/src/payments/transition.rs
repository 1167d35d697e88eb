use super::PaymentStatus::{self, Authorised, Captured, Failed, Pending, Processing, RequiresAction, Voided};
use super::{DisputeStatus, RefundStatus};

impl PaymentStatus {
    /// The statuses that a provider may report after this one. Money is never taken back by a report, and what was given
    /// up becomes `captured` only because the provider has the money.
    const fn following(self) -> &'static [Self] {
        match self {
            Pending => &[RequiresAction, Processing, Authorised, Captured, Voided, Failed],
            RequiresAction => &[Processing, Authorised, Captured, Voided, Failed],
            Processing => &[RequiresAction, Authorised, Captured, Voided, Failed],
            Authorised => &[Captured, Voided],
            Captured => &[],
            Voided | Failed => &[Captured],
        }
    }

    /// The status after a provider reports `said`: that one if it may follow, else the present one.
    #[must_use]
    pub fn after(self, said: Self) -> Self {
        if self.following().contains(&said) { said } else { self }
    }

    /// Whether the provider may go to and fro between this status and others like it. Among those the newest report
    /// counts, so that one that is older than what is known is asked for again.
    pub const fn is_undecided(self) -> bool {
        matches!(self, Pending | RequiresAction | Processing)
    }
}

impl RefundStatus {
    /// The status after a provider reports `said`. A refund that bounced failed for good.
    #[must_use]
    pub fn after(self, said: Self) -> Self {
        self.max(said)
    }
}

impl DisputeStatus {
    /// The status after a provider reports `said`. What was decided stays so.
    #[must_use]
    pub const fn after(self, said: Self) -> Self {
        match self {
            Self::Open => said,
            decided => decided,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows and columns of the specification, in the order of [`PaymentStatus::ALL`]: `x` may follow, `.` may not.
    const TABLE: [(PaymentStatus, &str); 7] = [
        (Pending, ".xxxxxx"),
        (RequiresAction, "..xxxxx"),
        (Processing, ".x.xxxx"),
        (Authorised, "....xx."),
        (Captured, "......."),
        (Voided, "....x.."),
        (Failed, "....x.."),
    ];

    #[test]
    fn a_report_changes_a_payment_only_as_the_table_says_r89() {
        for (from, row) in TABLE {
            for (said, mark) in PaymentStatus::ALL.iter().zip(row.chars()) {
                let expected = if mark == 'x' { *said } else { from };
                assert_eq!(from.after(*said), expected, "{from:?}, {said:?}");
            }
        }
    }

    #[test]
    fn a_refund_can_bounce_and_never_comes_back_r89() {
        use RefundStatus::{Failed, Pending, Succeeded};
        let cases = [
            (Pending, Pending, Pending),
            (Pending, Succeeded, Succeeded),
            (Pending, Failed, Failed),
            (Succeeded, Pending, Succeeded),
            (Succeeded, Failed, Failed),
            (Failed, Pending, Failed),
            (Failed, Succeeded, Failed),
        ];
        for (from, said, then) in cases {
            assert_eq!(from.after(said), then, "{from:?}, {said:?}");
        }
    }

    #[test]
    fn a_decided_dispute_stays_decided_r96() {
        use DisputeStatus::{Lost, Open, Won};
        for (from, said, then) in
            [(Open, Won, Won), (Open, Lost, Lost), (Won, Open, Won), (Won, Lost, Won), (Lost, Won, Lost)]
        {
            assert_eq!(from.after(said), then, "{from:?}, {said:?}");
        }
    }
}
