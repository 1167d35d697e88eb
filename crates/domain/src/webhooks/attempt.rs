use std::time::Duration;

use super::DeliveryId;
use crate::UtcDateTime;

/// What came of a try, in at most 200 characters, if there was no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptError(String);

/// The beginning of a receiver's answer: at most 1,024 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptAnswer(String);

impl AttemptError {
    /// The most characters.
    pub const MAX: usize = 200;

    /// The beginning of a text.
    pub fn new(text: &str) -> Self {
        Self(text.chars().take(Self::MAX).collect())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AttemptAnswer {
    /// The most bytes of an answer that are read, and the most characters that are kept.
    pub const MAX: usize = 1024;

    /// The beginning of an answer. What is no text is replaced.
    pub fn new(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes.get(..Self::MAX).unwrap_or(bytes));
        let shown = |c: char| if c.is_control() && !matches!(c, '\n' | '\r' | '\t') { '\u{FFFD}' } else { c };
        Self(text.chars().map(shown).take(Self::MAX).collect())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A stored text.
    pub const fn from_trusted(stored: String) -> Self {
        Self(stored)
    }
}

/// What a receiver answered to a try, or why it did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status of HTTP; `None` if none came.
    pub status: Option<u16>,
    /// How long the receiver wants to be left alone.
    pub retry_after: Option<Duration>,
    /// Why there is no status.
    pub error: Option<AttemptError>,
    /// How the answer begins.
    pub body: Option<AttemptAnswer>,
    /// How long it took.
    pub took: Duration,
}

/// What an answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The receiver has the event.
    Taken,
    /// The receiver is gone for good.
    Gone,
    /// It is to be tried again. That it is elsewhere is no success either, and is not followed.
    Failed,
}

impl Answer {
    /// There was no answer.
    pub fn none(error: &str, took: Duration) -> Self {
        Self { status: None, retry_after: None, error: Some(AttemptError::new(error)), body: None, took }
    }

    /// What it means.
    pub const fn verdict(&self) -> Verdict {
        match self.status {
            Some(200..=299) => Verdict::Taken,
            Some(410) => Verdict::Gone,
            _ => Verdict::Failed,
        }
    }
}

/// One try of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The delivery that was tried.
    pub delivery_id: DeliveryId,
    /// 1, 2, 3 and so on.
    pub no: i64,
    /// When it began.
    pub at: UtcDateTime,
    /// The response of the receiver, or the failure.
    pub answer: Answer,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_2xx_is_success_and_only_410_is_the_end_r170() {
        let verdict = |status| Answer { status, ..Answer::none("", Duration::ZERO) }.verdict();
        for status in [200, 201, 202, 204, 299] {
            assert_eq!(verdict(Some(status)), Verdict::Taken, "{status}");
        }
        for status in [100, 199, 300, 301, 302, 307, 308, 400, 404, 409, 429, 500, 503, 599] {
            assert_eq!(verdict(Some(status)), Verdict::Failed, "{status}");
        }
        assert_eq!((verdict(Some(410)), verdict(None)), (Verdict::Gone, Verdict::Failed));
    }

    #[test]
    fn the_stored_part_of_a_response_is_bounded_text_r171() {
        assert_eq!(AttemptAnswer::new(&[b'x'; 5000]).as_str().len(), AttemptAnswer::MAX);
        let odd = AttemptAnswer::new(b"a\0\xFF\nb\x1b");
        assert_eq!(odd.as_str(), "a\u{FFFD}\u{FFFD}\nb\u{FFFD}");
        assert_eq!(AttemptError::new(&"é".repeat(300)).as_str().chars().count(), AttemptError::MAX);
    }
}
