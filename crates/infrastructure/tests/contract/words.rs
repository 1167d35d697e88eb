//! Words are found however they are written, the same on every database.

use domain::SearchText;
use domain::StoreError;
use domain::customers::{Customer, CustomerFilter, CustomerName};
use domain::products::{Product, ProductFilter, ProductSort, Sku};

use crate::support::{TestDb, customer, every_page, first, product};

on_every_database!(
    two_spellings_of_one_text_are_found_by_each_other_r224,
    skus_that_look_the_same_are_the_same,
    case_and_accents_make_no_difference_r224,
    words_of_scripts_without_spaces_are_found_r224,
    words_are_found_written_together_and_apart_r224,
    a_search_without_a_word_finds_nothing_r224,
    the_first_ten_words_of_a_search_count_r224,
    customers_are_found_by_names_without_accents_and_in_every_script_r224,
    names_are_sorted_alike_on_all_databases_r226,
);

async fn add(db: &TestDb, names: &[&str]) -> Vec<Product> {
    let products: Vec<_> = names.iter().map(|name| product(name, None)).collect();
    let mut tx = db.begin().await;
    for product in &products {
        tx.products().insert(product).await.unwrap();
    }
    tx.commit().await.unwrap();
    products
}

async fn list(db: &TestDb, text: &str, sort: ProductSort) -> Vec<String> {
    let filter = ProductFilter { search: SearchText::parse(text).unwrap(), ..ProductFilter::default() };
    let queries = db.database.queries().products;
    let read = async |page| queries.list(&filter, sort, &page).await.unwrap();
    every_page(2, read).await.into_iter().map(|view| view.product.name.to_string()).collect()
}

/// Checks what each search finds, the oldest first.
async fn finds(db: &TestDb, cases: &[(&str, &[&str])]) {
    for (text, names) in cases {
        assert_eq!(list(db, text, ProductSort::CreatedAt).await, *names, "{text:?}");
    }
}

async fn two_spellings_of_one_text_are_found_by_each_other_r224(db: TestDb) {
    add(&db, &["Mu\u{308}sli", "M\u{fc}sli bar", "\u{1112}\u{1161}\u{11ab}글", "한글 mug"]).await;
    let muesli: &[&str] = &["M\u{fc}sli", "M\u{fc}sli bar"];
    let hangul: &[&str] = &["한글", "한글 mug"];
    finds(
        &db,
        &[
            ("M\u{fc}sli", muesli),
            ("Mu\u{308}sli", muesli),
            ("MUSLI", muesli),
            ("sli", &[]),
            ("한글", hangul),
            ("\u{1112}\u{1161}\u{11ab}", hangul),
        ],
    )
    .await;
}

async fn skus_that_look_the_same_are_the_same(db: TestDb) {
    let mut tx = db.begin().await;
    tx.products().insert(&product("One", Some("T\u{fc}te 1"))).await.unwrap();
    tx.products().insert(&product("Another", Some("T\u{fc}te-1"))).await.unwrap();
    tx.commit().await.unwrap();
    for same in ["Tu\u{308}te 1", "T\u{fc}te\u{a0}1", "T\u{fc}\u{200b}te 1", "\u{feff}T\u{fc}te 1 "] {
        let refused = db.begin().await.products().insert(&product("Two", Some(same))).await;
        assert!(matches!(refused, Err(StoreError::Duplicate(Product::UNIQUE_SKU))), "{same:?}: {refused:?}");
        let found = db.database.products_by_sku(&[Sku::parse(same).unwrap()]).await.unwrap();
        assert_eq!(found.len(), 1, "{same:?}");
    }
}

async fn case_and_accents_make_no_difference_r224(db: TestDb) {
    add(&db, &["Große Schüssel", "Café", "Łódź huśtawka", "ёлка", "İzmir halı", "ΟΔΟΣ", "Ærø ﬁsh", "ＦＵＬＬ"]).await;
    finds(
        &db,
        &[
            ("GROSSE", &["Große Schüssel"]),
            ("grosse SCHUSSEL", &["Große Schüssel"]),
            ("cafe", &["Café"]),
            ("CAFE\u{301}", &["Café"]),
            ("lodz hustawka", &["Łódź huśtawka"]),
            ("елка", &["ёлка"]),
            ("izmir HALI", &["İzmir halı"]),
            ("οδος", &["ΟΔΟΣ"]),
            ("aero FISH", &["Ærø ﬁsh"]),
            ("full", &["ＦＵＬＬ"]),
        ],
    )
    .await;
}

async fn words_of_scripts_without_spaces_are_found_r224(db: TestDb) {
    add(&db, &["陶器マグカップ", "茶杯套装", "ผ้าฝ้ายสีแดง", "머그컵", "iPhone用ケース", "हिन्दी किताब", "हद"]).await;
    finds(
        &db,
        &[
            ("マグカップ", &["陶器マグカップ"]),
            ("ﾏｸﾞ", &["陶器マグカップ"]),
            ("杯", &["茶杯套装"]),
            ("茶杯", &["茶杯套装"]),
            ("杯茶", &[]),
            ("装", &["茶杯套装"]),
            ("ผ้าฝ้าย", &["ผ้าฝ้ายสีแดง"]),
            ("สีแดง", &["ผ้าฝ้ายสีแดง"]),
            ("컵", &["머그컵"]),
            ("iphone ケース", &["iPhone用ケース"]),
            ("हिन्दी", &["हिन्दी किताब"]),
            ("हद", &["हद"]),
        ],
    )
    .await;
}

async fn words_are_found_written_together_and_apart_r224(db: TestDb) {
    const NAMES: [&str; 6] = ["Blue T-shirt", "Tshirt, red", "Levi's 501", "Board 42cm", "Board 42 cm", "Tee shirt"];
    add(&db, &NAMES).await;
    let both: &[&str] = &["Blue T-shirt", "Tshirt, red"];
    let boards: &[&str] = &["Board 42cm", "Board 42 cm"];
    finds(
        &db,
        &[
            ("tshirt", both),
            ("t-shirt", both),
            ("t‑SHIRT", both),
            ("t-sh", both),
            ("t-shirt blue", &["Blue T-shirt"]),
            ("red t-shirt", &["Tshirt, red"]),
            ("levis", &["Levi's 501"]),
            ("levi’s", &["Levi's 501"]),
            ("42cm", boards),
            ("42 cm", boards),
            ("42cm board", boards),
            ("42c", boards),
        ],
    )
    .await;
}

async fn a_search_without_a_word_finds_nothing_r224(db: TestDb) {
    add(&db, &["Mug", "???", "🦊"]).await;
    db.add_customer("ann@example.com").await;
    for signs in ["???", "%", "🦊", "—", "'"] {
        for (_, sort) in ProductSort::ALL {
            assert!(list(&db, signs, sort).await.is_empty(), "{signs}");
        }
        assert!(people(&db, signs).await.is_empty(), "{signs}");
    }
    assert_eq!(list(&db, " ", ProductSort::CreatedAt).await.len(), 3, "blank is no search");
}

async fn the_first_ten_words_of_a_search_count_r224(db: TestDb) {
    let title = "Handmade stoneware mug with a blue glaze for tea or coffee, 350 ml";
    add(&db, &[title, "Handmade stoneware mug"]).await;
    finds(&db, &[(title, &[title]), (&format!("{title} and words that are not there"), &[title])]).await;
}

async fn people(db: &TestDb, text: &str) -> Vec<String> {
    let filter = CustomerFilter { search: SearchText::parse(text).unwrap(), ..CustomerFilter::default() };
    let page = db.database.queries().customers.list(&filter, &first(100)).await.unwrap();
    page.items.into_iter().map(|customer| customer.name.to_string()).collect()
}

async fn customers_are_found_by_names_without_accents_and_in_every_script_r224(db: TestDb) {
    let names = ["Łukasz Żak", "Ёлкин Пётр", "José O'Neil", "山田太郎", "Anne-Marie Müller", "สมชาย ใจดี", "Strauß"];
    let mut tx = db.begin().await;
    for (index, name) in names.iter().enumerate() {
        let name = CustomerName::parse(name).unwrap();
        let customer = Customer { name, ..customer(&format!("person{index}@example.com")) };
        tx.customers().insert(&customer).await.unwrap();
    }
    tx.commit().await.unwrap();
    let cases: [(&str, &[usize]); 16] = [
        ("lukasz", &[0]),
        ("ŁUKASZ zak", &[0]),
        ("елкин петр", &[1]),
        ("jose oneil", &[2]),
        ("o'neil", &[2]),
        ("o’nei", &[2]),
        ("太郎", &[3]),
        ("山", &[3]),
        ("annemarie", &[4]),
        ("anne-marie muller", &[4]),
        ("marie", &[4]),
        ("mu\u{308}ller", &[4]),
        ("ชาย", &[5]),
        ("STRAUSS", &[6]),
        ("person3", &[3]),
        ("muller lukasz", &[]),
    ];
    for (text, expected) in cases {
        let expected: Vec<_> = expected.iter().map(|index| names[*index]).collect();
        assert_eq!(people(&db, text).await, expected, "{text:?}");
    }
}

async fn names_are_sorted_alike_on_all_databases_r226(db: TestDb) {
    add(&db, &["Zebra", "apple", "banana", "Äpfel", "Óbolo", "Ørsted", "zebra 2", "Apfel", "Ėglė", "Ёлка", "杯"]).await;
    let mut sorted = ["Äpfel", "Apfel", "apple", "banana", "Ėglė", "Óbolo", "Ørsted", "Zebra", "zebra 2", "Ёлка", "杯"];
    assert_eq!(list(&db, "", ProductSort::Name).await, sorted);
    sorted.reverse();
    let backwards = list(&db, "", ProductSort::NameDescending).await;
    assert_eq!(backwards, sorted);
}
