use proptest::prelude::*;

use super::super::slips::edits;
use super::*;

fn vocabulary(names: &[&str]) -> Vocabulary {
    let mut vocabulary = Vocabulary::default();
    for name in names {
        vocabulary.add(name);
    }
    vocabulary
}

/// The same words, settled and not.
fn both(names: &[&str]) -> [Vocabulary; 2] {
    let mut settled = vocabulary(names);
    settled.settle();
    [settled, vocabulary(names)]
}

#[test]
fn the_allowed_distance_depends_on_the_length_of_the_word_r225() {
    for words in both(&["Teapot", "Mugs", "Kettle", "Dishwasher", "Shirt", "Blue"]) {
        for (typed, near) in [
            ("teapto", Some("teapot")),
            ("teapo", Some("teapot")),
            ("teappot", Some("teapot")),
            ("taepot", Some("teapot")),
            ("shrit", Some("shirt")),
            ("teatop", None),
            ("feapot", None),
            ("etapot", None),
            ("blux", None),
            ("blues", Some("blue")),
            ("dishwahser", Some("dishwasher")),
            ("dsihwahser", Some("dishwasher")),
            ("bishwasher", Some("dishwasher")),
            ("bishwashers", None),
            ("dixhwaxhxr", None),
        ] {
            assert_eq!(words.near(typed).first().copied(), near, "{typed}");
        }
    }
}

#[test]
fn of_words_as_near_the_one_of_more_names_comes_first_r225() {
    for words in both(&["Kettle", "Settle bench", "Mettle", "Bottle", "Bottle red", "Battle", "Bettle"]) {
        assert_eq!(words.near("bittle"), ["bottle", "battle", "bettle"]);
    }
}

#[test]
fn codes_and_words_without_spaces_are_not_kept_r225() {
    for mut words in both(&["MUG1234 42cm 陶器マグカップ Чайник T-shirt", "", "?!"]) {
        assert_eq!(words.near("чаинык"), ["чаиник"]);
        assert_eq!(words.near("tshrit"), ["tshirt"]);
        assert_eq!(words.near("mug1243"), [""; 0]);
        words.settle();
        assert_eq!(words.ends.len(), 3, "{:?}", words.letters);
    }
}

#[test]
fn a_beginning_is_known_only_where_it_may_be_one_r225() {
    for words in both(&["Teapot", "Kettle"]) {
        assert!(words.knows("teapot", false) && words.knows("teap", true) && words.knows("kett", true));
        assert!(!words.knows("teap", false) && !words.knows("teapots", true) && !words.knows("zebra", true));
    }
}

#[test]
fn each_learned_word_is_counted_once_r225() {
    let mut words = vocabulary(&["Bottle", "Battle", "Battle"]);
    words.settle();
    for _ in 0..5 {
        words.learn("Bottle Kettle");
    }
    assert_eq!(words.near("bittle"), ["battle", "bottle"]);
    assert_eq!(words.near("kittle"), ["kettle"]);
    words.settle();
    assert_eq!((words.ends.len(), words.count(2)), (3, 1));
}

#[test]
fn of_too_many_words_those_of_few_names_go_r225() {
    let mut words = Vocabulary::default();
    words.add("Teapot");
    words.add("Teapot");
    let letters = |mut n: usize| {
        let mut word = String::from("aaaa");
        while n > 0 {
            word.push(char::from(b'a' + u8::try_from(n % 26).unwrap()));
            n /= 26;
        }
        word
    };
    let all: Vec<_> = (0..=MOST).map(|n| letters(n * 26 + 1)).collect();
    all.chunks(1000).for_each(|some| words.add(&some.join(" ")));
    assert!(words.later.len() < MOST && words.knows("teapot", false));
    words.settle();
    assert!(words.bytes() < MOST * 20);
}

/// The edits between two words, by the whole table of them.
fn plain(one: &[char], other: &[char]) -> usize {
    let mut table = vec![vec![0; other.len() + 1]; one.len() + 1];
    for i in 0..=one.len() {
        for j in 0..=other.len() {
            table[i][j] = match (i, j) {
                (0, rest) | (rest, 0) => rest,
                _ => {
                    let least = (table[i - 1][j - 1] + usize::from(one[i - 1] != other[j - 1]))
                        .min(table[i - 1][j] + 1)
                        .min(table[i][j - 1] + 1);
                    let is_swap = i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
                    if is_swap { least.min(table[i - 2][j - 2] + 1) } else { least }
                }
            };
        }
    }
    table[one.len()][other.len()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_walk_finds_what_the_definition_finds_r225(
        names in prop::collection::vec("[ab]{4,7}|[abé]{4,6}|[abc]{8,9}", 1..12),
        typed in "[ab]{3,7}|[abé]{5,6}|[abc]{9}",
    ) {
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        let letters: Vec<_> = typed.replace('é', "e").chars().collect();
        let typed: String = letters.iter().collect();
        let all = words(&names.join(" "));
        let cost = |word: &str| {
            let word: Vec<_> = word.chars().collect();
            plain(&letters, &word) + usize::from(letters.first() != word.first())
        };
        let mut expected: Vec<_> = all.iter().map(|word| (cost(word), word.as_str())).collect();
        expected.retain(|(cost, _)| *cost <= usize::from(edits(letters.len())));
        expected.sort_unstable();
        for words in both(&all.iter().map(String::as_str).collect::<Vec<_>>()) {
            let expected: Vec<_> = expected.iter().map(|(_, word)| *word).take(NEAREST).collect();
            prop_assert_eq!(words.near(&typed), if edits(letters.len()) == 0 { Vec::new() } else { expected });
        }
    }
}
