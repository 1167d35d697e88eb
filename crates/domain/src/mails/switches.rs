use crate::MailTemplate;

/// Which mails a shop sends. By default none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MailSwitches(u32);

impl MailSwitches {
    /// The bit that is set if the shop sends mail at all.
    const ON: u32 = 1 << 31;

    /// All mails but these, and alerts only if somebody reads them.
    pub fn of(disabled: &[MailTemplate], has_alerts: bool) -> Self {
        let sent = |one: &&MailTemplate| !disabled.contains(one) && (has_alerts || !one.is_alert());
        Self(MailTemplate::ALL.iter().filter(sent).fold(Self::ON, |bits, one| bits | bit(*one)))
    }

    /// Whether the shop sends mail at all.
    pub const fn is_on(self) -> bool {
        self.0 != 0
    }

    /// Whether the shop sends this mail.
    pub const fn sends(self, template: MailTemplate) -> bool {
        self.0 & bit(template) != 0
    }
}

const fn bit(template: MailTemplate) -> u32 {
    1 << template as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shop_sends_what_is_not_switched_off_and_alerts_only_to_somebody_r153_r157() {
        assert!(!MailSwitches::default().is_on());
        let all = MailSwitches::of(&[], true);
        assert!(MailTemplate::ALL.iter().all(|one| all.sends(*one)));
        let some = MailSwitches::of(&[MailTemplate::OrderReceived], false);
        assert!(some.is_on() && some.sends(MailTemplate::OrderConfirmed));
        assert!(!some.sends(MailTemplate::OrderReceived) && !some.sends(MailTemplate::AlertDispute));
        assert!(MailSwitches::of(MailTemplate::ALL, true).is_on());
    }
}
