use time::{Date, Weekday};

/// The day `working_days` (Monday to Friday) after `placed`. Public holidays count as working days.
pub fn expected_delivery(placed: Date, working_days: u16) -> Date {
    let mut day = placed;
    let mut left = working_days;
    while left > 0 {
        // The calendar of `time` ends in the year 9999.
        let Some(next) = day.next_day() else { return day };
        day = next;
        if !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            left -= 1;
        }
    }
    day
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::date;

    #[test]
    fn delivery_is_expected_after_the_lead_time_in_working_days_r67() {
        let friday = date!(2026 - 01 - 02);
        assert_eq!(expected_delivery(friday, 0), friday);
        assert_eq!(expected_delivery(friday, 1), date!(2026 - 01 - 05));
        assert_eq!(expected_delivery(friday, 5), date!(2026 - 01 - 09));
        assert_eq!(expected_delivery(date!(2026 - 01 - 03), 1), date!(2026 - 01 - 05), "from a Saturday");
        assert_eq!(expected_delivery(Date::MAX, 5), Date::MAX);
    }

    proptest! {
        #[test]
        fn an_expected_delivery_is_never_on_a_weekend_r67(day in 2_400_000..2_500_000_i32, lead in 1..400_u16) {
            let expected = expected_delivery(Date::from_julian_day(day).unwrap(), lead);
            prop_assert!(!matches!(expected.weekday(), Weekday::Saturday | Weekday::Sunday));
        }
    }
}
