use domain::Date;

use crate::Ctx;

/// The day on which a command runs where the shop is.
pub(crate) fn today(ctx: &Ctx<'_>) -> Date {
    ctx.calendar.day(ctx.now)
}
