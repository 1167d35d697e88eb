use maud::{Markup, html};

/// A bar of a chart.
pub(crate) struct Bar {
    /// What stands under it, if there is room.
    pub(crate) label: String,
    /// What shows when the pointer rests on it.
    pub(crate) title: String,
    /// How high it is, in any unit. Below 0 counts as 0.
    pub(crate) height: i64,
}

const WIDTH: usize = 820;
const HEIGHT: i64 = 150;
/// The labels that fit side by side.
const LABELS: usize = 10;

/// Bars, made by the server. What they show stands in a table, too, for those who cannot see them.
pub(crate) fn bars(name: &str, bars: &[Bar]) -> Markup {
    let highest = bars.iter().map(|bar| bar.height).max().unwrap_or(0).max(1);
    let step = WIDTH / bars.len().max(1);
    let every = bars.len().div_ceil(LABELS).max(1);
    let height = |bar: &Bar| {
        let scaled = i128::from(bar.height.max(0)) * i128::from(HEIGHT) / i128::from(highest);
        // A little is more than nothing.
        i64::try_from(scaled).unwrap_or(HEIGHT).max(i64::from(bar.height > 0) * 2)
    };
    html! {
        svg.bars viewBox={ "0 0 " (WIDTH) " " (HEIGHT + 24) } role="img" aria-label=(name) {
            @for (place, bar) in bars.iter().enumerate() {
                @let x = place * step;
                rect x=(x) y=(HEIGHT - height(bar)) width=((step * 3 / 4).max(1)) height=(height(bar)) rx="3" {
                    title { (bar.title) }
                }
                @if place % every == 0 { text x=(x) y=(HEIGHT + 18) { (bar.label) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_high_as_what_they_show_and_never_below_nothing_r238() {
        let bar = |height| Bar { label: "1".to_owned(), title: format!("{height}"), height };
        let chart = bars("Sales", &[bar(200), bar(100), bar(-5), bar(1), bar(0)]).into_string();
        let heights: Vec<_> = chart.split("height=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(heights, ["150", "75", "0", "2", "0"]);
        assert!(chart.contains("role=\"img\" aria-label=\"Sales\"") && chart.contains("<title>200</title>"), "{chart}");
        assert!(!bars("Sales", &[]).into_string().contains("<rect"), "nothing to show");
        let large = bars("Sales", &[bar(i64::MAX), bar(i64::MAX / 2)]).into_string();
        assert!(large.contains("height=\"150\"") && large.contains("height=\"74\""), "{large}");
    }
}
