/// What a payment of the test provider does. The customer chooses it by the way to pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    Ok,
    Declined,
    InsufficientFunds,
    ExpiredCard,
    RequiresAction,
    SlowOk,
    SlowFail,
    WebhookTwice,
    WebhookReversed,
    WebhookEarly,
    WrongAmount,
    WrongOrder,
    LostAnswer,
    LostRequest,
    Error500,
    Error500Done,
    RefundFails,
    RefundPending,
    RefundBounces,
    DisputeWon,
    DisputeLost,
    Expires,
}

impl Script {
    const ALL: [(&str, Self); 22] = [
        ("ok", Self::Ok),
        ("declined", Self::Declined),
        ("insufficient_funds", Self::InsufficientFunds),
        ("expired_card", Self::ExpiredCard),
        ("requires_action", Self::RequiresAction),
        ("slow_ok", Self::SlowOk),
        ("slow_fail", Self::SlowFail),
        ("webhook_twice", Self::WebhookTwice),
        ("webhook_reversed", Self::WebhookReversed),
        ("webhook_early", Self::WebhookEarly),
        ("wrong_amount", Self::WrongAmount),
        ("wrong_order", Self::WrongOrder),
        ("lost_answer", Self::LostAnswer),
        ("lost_request", Self::LostRequest),
        ("error_500", Self::Error500),
        ("error_500_done", Self::Error500Done),
        ("refund_fails", Self::RefundFails),
        ("refund_pending", Self::RefundPending),
        ("refund_bounces", Self::RefundBounces),
        ("dispute_won", Self::DisputeWon),
        ("dispute_lost", Self::DisputeLost),
        ("expires", Self::Expires),
    ];

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, script)| *script)
    }

    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, script)| *script == self).map_or("ok", |(name, _)| name)
    }

    /// All names, for the message about another one.
    pub fn names() -> String {
        Self::ALL.map(|(name, _)| name).join(", ")
    }

    /// The code of a card that is declined.
    pub fn declines(self) -> Option<&'static str> {
        match self {
            Self::Declined => Some("card_declined"),
            Self::InsufficientFunds => Some("insufficient_funds"),
            Self::ExpiredCard => Some("expired_card"),
            _ => None,
        }
    }
}
