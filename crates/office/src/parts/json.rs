//! What a form says to the API: the members of a body.

use domain::{Currency, plain_integer};

use super::{machine, typed_moment, typed_money, typed_percent};
use crate::bodies::Member;
use crate::form::Form;
use crate::host::Said;
use crate::request::Staff;

/// The members of a request body that does the same as the form; `None` if a filled field has no member. If the form
/// knows its original values, only changed fields are included.
pub(crate) fn said(staff: &Staff, form: &Form, members: &[Member]) -> Option<Vec<(String, Said)>> {
    if form.fields().any(|(name, value)| !value.is_empty() && members.iter().all(|member| member.name() != name)) {
        return None;
    }
    let typed = |name: &str| form.text(name).map(str::trim).unwrap_or_default();
    let differs = |name: &str| form.before(name).is_none_or(|before| before != typed(name));
    let is_replaced =
        members.iter().any(|one| matches!(one, Member::Together(name) | Member::WholeTogether(name) if differs(name)));
    let mut body = Vec::new();
    for member in members {
        let name = member.name();
        let typed = typed(name);
        match (*member, form.before(name)) {
            (Member::Fixed(_, value), _) => body.push((name.to_owned(), Said::Text(value.to_owned()))),
            (Member::Together(_) | Member::WholeTogether(_), _) if !is_replaced || typed.is_empty() => {}
            (member @ (Member::Together(_) | Member::WholeTogether(_)), _) => {
                body.push((name.to_owned(), value(staff, member, typed)?));
            }
            (_, Some(before)) if before == typed => {}
            (_, Some(_)) | (Member::Replaced(_), _) if typed.is_empty() => body.push((name.to_owned(), Said::Nothing)),
            _ if typed.is_empty() => {}
            (Member::Money(_), _) => body.extend(money(name, typed, staff.office.shop.currency)?),
            (member, _) => body.push((name.to_owned(), value(staff, member, typed)?)),
        }
    }
    Some(body)
}

fn value(staff: &Staff, member: Member, typed: &str) -> Option<Said> {
    Some(match member {
        Member::Whole(_) | Member::WholeTogether(_) => Said::Whole(plain_integer(typed).ok()?),
        Member::Percent(_) => Said::Whole(typed_percent(typed).ok()?),
        Member::Flag(_) => Said::Flag(typed == "true"),
        Member::Moment(_) => Said::Text(machine(typed_moment(typed, staff.office.calendar.as_ref()).ok()?)),
        _ => Said::Text(typed.to_owned()),
    })
}

fn money(name: &str, typed: &str, currency: Currency) -> Option<[(String, Said); 2]> {
    let amount = typed_money(typed, currency).ok()?;
    let code = Said::Text(currency.code().to_owned());
    Some([(format!("{name}.amount"), Said::Whole(amount)), (format!("{name}.currency"), code)])
}
