use std::collections::{BTreeMap, HashSet};

use domain::Uuid;
use domain::attributes::NumberRange;
use domain::catalogue::CountedProduct;
use domain::groups::GroupId;
use domain::products::{ProductId, ProductStatus};
use proptest::prelude::*;

use super::*;

const COLOUR: AttributeId = AttributeId(Uuid::from_u128(1));
const SIZE: AttributeId = AttributeId(Uuid::from_u128(2));
const NEW: AttributeId = AttributeId(Uuid::from_u128(3));

fn term(n: u8) -> TermId {
    TermId(Uuid::from_u128(100 + u128::from(n)))
}

/// A product, but for its id.
fn product() -> impl Strategy<Value = CountedProduct> {
    let numbers = (prop::option::of(-20..200_i64), prop::option::of(0..2_i64));
    let rest =
        (prop::option::of(0..6_u128), 0..5000_i64, 0..3, any::<[bool; 2]>(), prop::collection::hash_set(0..5_u8, 0..3));
    (rest, numbers).prop_map(|((group, price, status, [in_stock, on_sale], terms), (size, is_new))| CountedProduct {
        id: ProductId(Uuid::nil()),
        name: "Mug".to_owned(),
        group_id: group.map(|n| GroupId(Uuid::from_u128(n))),
        price,
        status: [ProductStatus::Active, ProductStatus::Archived, ProductStatus::Draft]
            [usize::try_from(status).unwrap()],
        in_stock,
        on_sale,
        terms: terms.into_iter().map(|n| (COLOUR, term(n))).collect(),
        numbers: size.map(|n| (SIZE, n)).into_iter().chain(is_new.map(|n| (NEW, n))).collect(),
    })
}

fn filter() -> impl Strategy<Value = ProductFilter> {
    let colours = prop::option::of(prop::collection::vec(0..6_u8, 0..3));
    let sizes = prop::option::of((prop::option::of(-20..200_i64), prop::option::of(-20..200_i64)));
    let prices = (prop::option::of(0..5000_i64), prop::option::of(0..5000_i64));
    let flags = (prop::option::of(any::<bool>()), prop::option::of(any::<bool>()), any::<bool>(), any::<bool>());
    (colours, sizes, prices, flags).prop_map(|(colours, sizes, (min_price, max_price), flags)| {
        let (in_stock, on_sale, is_active, is_collapsed) = flags;
        let colours = colours.map(|all| AttributeCondition::Terms(COLOUR, all.into_iter().map(term).collect()));
        let sizes = sizes.map(|(from, to)| AttributeCondition::Numbers(SIZE, vec![NumberRange { from, to }]));
        ProductFilter {
            status: is_active.then_some(ProductStatus::Active),
            min_price,
            max_price,
            in_stock,
            on_sale,
            attributes: colours.into_iter().chain(sizes).collect(),
            is_collapsed,
            ..ProductFilter::default()
        }
    })
}

fn number(product: &CountedProduct, attribute: AttributeId) -> Option<i64> {
    product.numbers.iter().find(|(own, _)| *own == attribute).map(|(_, number)| *number)
}

/// Whether a product passes, without the condition that a facet is about.
fn passes(product: &CountedProduct, filter: &ProductFilter, but: Option<About>) -> bool {
    let asked = |about: About| but != Some(about);
    let has = |condition: &AttributeCondition| match condition {
        AttributeCondition::Terms(_, terms) => product.terms.iter().any(|(_, own)| terms.contains(own)),
        AttributeCondition::Numbers(attribute, ranges) => {
            number(product, *attribute).is_some_and(|number| ranges.iter().any(|range| range.contains(number)))
        }
    };
    let is_priced = filter.min_price.is_none_or(|least| product.price >= least)
        && filter.max_price.is_none_or(|most| product.price <= most);
    let mut attributes = filter.attributes.iter().filter(|one| asked(About::Attribute(one.attribute())));
    filter.status.is_none_or(|status| product.status == status)
        && filter.on_sale.is_none_or(|wanted| product.on_sale == wanted)
        && (!asked(About::Price) || is_priced)
        && (!asked(About::InStock) || filter.in_stock.is_none_or(|wanted| product.in_stock == wanted))
        && attributes.all(has)
}

/// How many products there are, or groups.
fn distinct<'a>(products: impl Iterator<Item = &'a CountedProduct>, is_collapsed: bool) -> u64 {
    let key = |product: &CountedProduct| match product.group_id.filter(|_| is_collapsed) {
        Some(group) => (Some(group.0), Uuid::nil()),
        None => (None, product.id.0),
    };
    u64::try_from(products.map(key).collect::<HashSet<_>>().len()).unwrap()
}

/// The counts, by looking at every product for each of them.
fn slowly(all: &[CountedProduct], question: &Question) -> Counts {
    let Question { filter, facets } = question;
    let count = |but, holds: &dyn Fn(&CountedProduct) -> bool| {
        distinct(all.iter().filter(|one| passes(one, filter, but) && holds(one)), filter.is_collapsed)
    };
    let spread = |but, value: &dyn Fn(&CountedProduct) -> Option<i64>| {
        let numbers = || all.iter().filter(|one| passes(one, filter, but)).filter_map(value);
        let (min, max) = (numbers().min()?, numbers().max()?);
        let buckets = Buckets::covering(min, max);
        let of = |place| count(but, &|one| value(one).is_some_and(|value| buckets.place(value) == Some(place)));
        let counts: Vec<_> = (0..buckets.count()).map(of).collect();
        Some(Counted { min, max, buckets: buckets.with(&counts) })
    };
    let facet = |facet: &Facet| {
        let but = Some(About::from(facet));
        let has = |terms: &[TermId]| count(but, &|one| one.terms.iter().any(|(_, own)| terms.contains(own)));
        match facet {
            Facet::Terms(_) => {
                let counts = (0..6).map(|n| (term(n), has(&[term(n)])));
                CountedFacet::Terms(counts.filter(|(_, count)| *count > 0).collect())
            }
            Facet::Trees(_, trees) => CountedFacet::Trees(trees.iter().map(|tree| has(tree)).collect()),
            Facet::Numbers(id) => CountedFacet::Numbers(spread(but, &|one| number(one, *id))),
            Facet::Flag(id) => CountedFacet::Flag {
                yes: count(but, &|one| number(one, *id) == Some(1)),
                no: count(but, &|one| number(one, *id) == Some(0)),
            },
            Facet::Price => CountedFacet::Numbers(spread(but, &|one| Some(one.price))),
            Facet::InStock => {
                CountedFacet::Flag { yes: count(but, &|one| one.in_stock), no: count(but, &|one| !one.in_stock) }
            }
        }
    };
    Counts { total: count(None, &|_| true), facets: facets.iter().map(facet).collect() }
}

fn in_order(mut counts: Counts) -> Counts {
    for facet in &mut counts.facets {
        if let domain::catalogue::CountedFacet::Terms(terms) = facet {
            terms.sort_unstable();
        }
    }
    counts
}

proptest! {
    #[test]
    fn counts_are_those_of_looking_at_every_product_r221_r222(
        first in prop::collection::vec(product(), 0..60),
        changes in prop::collection::vec((0..80_u128, prop::option::of(product())), 0..40),
        questions in prop::collection::vec(filter(), 1..6),
        most_codes in prop::option::of(0..100_usize),
    ) {
        let id = |n: u128| Uuid::from_u128(1000 + n);
        let mut known: BTreeMap<_, _> = (0..).zip(first).collect();
        let with_id = |(n, product): (&u128, &CountedProduct)| CountedProduct { id: ProductId(id(*n)), ..product.clone() };
        let mut columns = Columns::default();
        columns.extend(known.iter().map(with_id).collect());
        // Without codes, with codes of everything, and with codes that are too many from the beginning or after changes.
        if let Some(most) = most_codes {
            columns.encode(most);
        }
        for (n, product) in changes {
            match product {
                Some(product) => drop(known.insert(n, product)),
                None => drop(known.remove(&n)),
            }
            columns.replace(&[id(n)], known.get_key_value(&n).map(with_id).into_iter().collect());
        }
        let all: Vec<_> = known.iter().map(with_id).collect();
        let trees = vec![vec![term(0), term(1)], vec![term(2)], vec![], vec![term(9)]];
        for filter in questions {
            let facets = vec![
                Facet::Terms(COLOUR), Facet::Trees(COLOUR, trees.clone()), Facet::Numbers(SIZE), Facet::Flag(NEW),
                Facet::Price, Facet::InStock, Facet::Numbers(AttributeId(Uuid::nil())),
                Facet::Trees(COLOUR, vec![vec![term(4)]]),
            ];
            let question = Question { filter, facets };
            prop_assert_eq!(in_order(columns.counts(&question, None)), in_order(slowly(&all, &question)));
            let some: Vec<_> = all.iter().filter(|one| one.price % 2 == 0).cloned().collect();
            let only = columns.set_of(&some.iter().map(|one| one.id).collect::<Vec<_>>());
            prop_assert_eq!(in_order(columns.counts(&question, Some(&only))), in_order(slowly(&some, &question)));
        }
    }
}

#[test]
fn common_values_are_counted_by_code_until_there_are_too_many_codes_r221() {
    let product = |n: u128| CountedProduct {
        id: ProductId(Uuid::from_u128(n)),
        name: "Mug".to_owned(),
        group_id: None,
        price: i64::try_from(n % 10).unwrap(),
        status: ProductStatus::Active,
        in_stock: true,
        on_sale: false,
        terms: if n < 4 { vec![(COLOUR, term(1))] } else { vec![(COLOUR, term(2)), (COLOUR, term(3))] },
        numbers: if n.is_multiple_of(5) { vec![(SIZE, 7), (NEW, 1)] } else { vec![(NEW, 0)] },
    };
    let mut columns = Columns::default();
    columns.extend((0..100).map(product).collect());
    assert!(columns.price_codes().is_none(), "not before all are there");
    columns.encode(11);
    assert_eq!(columns.price_codes().unwrap().known(None), [[0].as_slice(), &[10; 10]].concat());
    let colours = columns.term_codes(COLOUR).unwrap();
    assert_eq!(colours.known(Some(ProductStatus::Active)), [0, 4, 0, 96], "one code for both colours");
    assert_eq!(colours.known(Some(ProductStatus::Draft)), [0; 4]);
    assert!(columns.number_codes(NEW).is_some());
    assert!(columns.number_codes(SIZE).is_some(), "one of five is not few");
    let mut later = CountedProduct { price: 3, ..product(5) };
    columns.replace(&[later.id.0], vec![later.clone()]);
    assert_eq!(columns.price_codes().unwrap().known(None)[1..], [10, 10, 10, 11, 10, 9, 10, 10, 10, 10]);
    later.price = 77;
    columns.replace(&[later.id.0], vec![later]);
    assert!(columns.price_codes().is_none(), "there is one price too many");
    assert!(columns.term_codes(COLOUR).is_some());
}

#[test]
fn rare_values_get_no_codes_r221() {
    let mut columns = Columns::default();
    let product = |n: u128| CountedProduct {
        id: ProductId(Uuid::from_u128(n)),
        name: "Mug".to_owned(),
        group_id: None,
        price: 5,
        status: ProductStatus::Active,
        in_stock: true,
        on_sale: false,
        terms: if n.is_multiple_of(9) { vec![(COLOUR, term(1))] } else { Vec::new() },
        numbers: if n.is_multiple_of(9) { vec![(SIZE, 7)] } else { Vec::new() },
    };
    columns.extend((1..90).map(product).collect());
    columns.settle();
    assert!(columns.term_codes(COLOUR).is_none() && columns.number_codes(SIZE).is_none());
    assert!(columns.price_codes().is_some());
}
