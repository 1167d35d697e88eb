use std::time::Duration;

use application::imports::{
    BulkUpdate, CancelImport, ChangeRows, CheckRows, CreateBulkImport, CreateImport, ImportItems, Item,
    PurgeImportRows, ReceiveRows, ReviseImport, RowWork, StartImport, TakeImport, WriteRows,
};
use application::products::CreateProduct;
use domain::collections::CollectionFilter;
use domain::imports::{
    Bulk, BulkChange, FileFormat, FileRow, Import, ImportFilter, ImportId, ImportKind, ImportOptions,
    ImportOptionsChange, ImportRow, ImportStatus, NextRows, PartLimit, RowCounts, RowError, RowStatus, Sought, Written,
};
use domain::pages::{PageTexts, PageTextsChange};
use domain::products::{PercentChange, ProductChange, ProductDetails, ProductId, ProductName, Repricing, Sku};
use domain::slugs::Slug;
use domain::stock::InitialStock;
use domain::terms::SeoTitle;
use domain::{DecimalMark, Limit, PageRequest, Price, Uuid};

use crate::support::{TestDb, id};

on_every_database!(
    an_import_keeps_its_options_and_its_rows_in_order_r231,
    a_part_is_written_with_its_rows_or_not_at_all_r231,
    rows_of_an_import_that_ended_long_ago_go_some_at_a_time_r231,
    a_row_and_all_that_is_kept_of_it_may_be_long_r231,
    the_next_rows_have_no_more_bytes_than_a_part_may_have_r231,
    whole_products_are_found_by_all_their_names_r233,
    a_change_of_many_products_is_kept_and_each_part_is_done_once_r232,
);

fn options() -> ImportOptions {
    ImportOptions {
        format: Some(FileFormat::Plain),
        decimal: Some(DecimalMark::Comma),
        mapping: vec![("Größe, alt".to_owned(), "sku".to_owned())],
        ignore_unknown: true,
        stock: true,
        fetch_media: true,
    }
}

fn rows(lines: std::ops::Range<u64>) -> Vec<FileRow> {
    lines.map(|line| FileRow { line, cells: vec![format!("s{line}"), "ä\n\"x\"".to_owned()] }).collect()
}

async fn received(db: &TestDb, lines: std::ops::Range<u64>) -> Import {
    let header = vec!["sku".to_owned(), "name".to_owned()];
    let import =
        db.runner().storing_pictures(true).run(CreateImport { options: options(), columns: header }).await.unwrap();
    db.runner().run(ReceiveRows { id: import.id, rows: rows(lines), is_last: true }).await.unwrap()
}

async fn stored(db: &TestDb, id: ImportId, status: Option<RowStatus>, after: u64, limit: u64) -> Vec<ImportRow> {
    db.database.queries().imports.rows(id, status, after, limit).await.unwrap()
}

async fn an_import_keeps_its_options_and_its_rows_in_order_r231(db: TestDb) {
    let import = received(&db, 2..202).await;
    let known = db.database.queries().imports.get(import.id).await.unwrap().unwrap();
    assert_eq!(known, import);
    assert_eq!((known.options, known.rows, known.is_received), (options(), 200, true));
    let page = stored(&db, import.id, None, 100, 3).await;
    assert_eq!(page.iter().map(|row| row.row.clone()).collect::<Vec<_>>(), rows(101..104));
    let holder = id();
    let taken = db.runner().run(TakeImport { holder }).await.unwrap().unwrap();
    assert_eq!(taken.id, import.id);
    assert_eq!(db.runner().run(TakeImport { holder: id() }).await.unwrap(), None, "another server has it");
    let error = RowError { field: "price".into(), code: "format".into(), message: "must be ü".into() };
    let said = |lines: [u64; 2], text: &str| lines.map(|line| (line, vec![text.to_owned(), "größe".to_owned()]));
    let notes = [said([7, 9], "tax codes are left out"), said([12, 13], "pictures are not fetched")].concat();
    let check = |ended| CheckRows {
        id: import.id,
        holder,
        is_first: true,
        refused: vec![(7, vec![error.clone()])],
        notes: notes.clone(),
        ended,
    };
    assert!(!db.runner().run(CheckRows { holder: id(), ..check(None) }).await.unwrap());
    let counts = RowCounts { creates: 199, failed: 1, ..RowCounts::default() };
    assert!(db.runner().run(check(Some(counts))).await.unwrap());
    let failed = stored(&db, import.id, Some(RowStatus::Failed), 0, 10).await;
    assert_eq!((failed.len(), failed[0].row.line, &failed[0].errors), (1, 7, &vec![error]));
    let said = stored(&db, import.id, None, 0, 300).await.into_iter().filter(|row| !row.notes.is_empty());
    let said: Vec<_> = said.map(|row| (row.row.line, row.notes)).collect();
    assert_eq!(said, notes, "also of a row that is refused");
    assert!(!db.database.queries().imports.is_any_open().await.unwrap());
    let page = PageRequest { limit: Limit::DEFAULT, after: None };
    let checked = ImportFilter { status: Some(ImportStatus::Checked), ..ImportFilter::default() };
    let listed = db.database.queries().imports.list(checked, &page).await.unwrap();
    assert_eq!(listed.items.iter().map(|one| (one.id, one.counts)).collect::<Vec<_>>(), [(import.id, counts)]);
    let revise = ReviseImport { id: import.id, change: ImportOptionsChange::default(), expected: None };
    db.runner().run(revise).await.unwrap();
    let said = stored(&db, import.id, None, 0, 300).await.into_iter().filter(|row| !row.notes.is_empty());
    assert_eq!(said.count(), 0, "all is said anew");
    db.runner().run(CancelImport { id: import.id, expected: None }).await.unwrap();
    assert!(db.database.queries().imports.list(checked, &page).await.unwrap().items.is_empty());
}

async fn rows_of_an_import_that_ended_long_ago_go_some_at_a_time_r231(db: TestDb) {
    let (old, open, other) = (received(&db, 2..12).await, received(&db, 2..4).await, received(&db, 2..4).await);
    for id in [old.id, other.id] {
        db.runner().run(CancelImport { id, expected: None }).await.unwrap();
    }
    let kept = PurgeImportRows { keep_for: Duration::from_hours(24), limit: 4 };
    assert_eq!(db.runner().run(kept).await.unwrap(), 0, "none has ended a day ago");
    let now = PurgeImportRows { keep_for: Duration::ZERO, limit: 4 };
    assert_eq!(db.runner().run(now).await.unwrap(), 4);
    let queries = db.database.queries().imports;
    let gone = queries.get(old.id).await.unwrap().unwrap();
    assert!(gone.expect_rows().is_err() && gone.rows == 10 && stored(&db, old.id, None, 0, 20).await.len() == 6);
    let mut removed = Vec::new();
    while let done @ 1.. = db.runner().run(now).await.unwrap() {
        removed.push(done);
    }
    assert_eq!(removed, [4, 2, 2], "the last of one, and those of the other");
    assert_eq!(queries.get(old.id).await.unwrap().unwrap(), gone, "it says when the first of them went");
    assert!(queries.get(other.id).await.unwrap().unwrap().expect_rows().is_err());
    let open = queries.get(open.id).await.unwrap().unwrap();
    assert!(open.expect_rows().is_ok() && stored(&db, open.id, None, 0, 20).await.len() == 2);
}

fn item(line: u64, sku: &str) -> Item {
    let change = ProductChange {
        name: ProductName::parse("Mug").ok(),
        price: Price::parse(100).ok(),
        sku: Some(Sku::parse(sku).ok()),
        ..ProductChange::default()
    };
    Item {
        line,
        known: None,
        id: None,
        change,
        page: PageTextsChange::default(),
        stock: None,
        attributes: Vec::new(),
        place: None,
        media: None,
        defines: Vec::new(),
    }
}

async fn a_part_is_written_with_its_rows_or_not_at_all_r231(db: TestDb) {
    let import = received(&db, 2..5).await;
    let holder = id();
    db.runner().run(TakeImport { holder }).await.unwrap();
    let check = CheckRows {
        id: import.id,
        holder,
        is_first: true,
        refused: Vec::new(),
        notes: Vec::new(),
        ended: Some(RowCounts::default()),
    };
    db.runner().run(check).await.unwrap();
    db.runner().run(StartImport { id: import.id, skip_failed: false, expected: None }).await.unwrap();
    db.runner().run(TakeImport { holder }).await.unwrap().unwrap();
    let write = |skus: &[(u64, &str)], lines, is_last| WriteRows {
        id: import.id,
        holder,
        lines,
        work: RowWork::Items(ImportItems {
            items: skus.iter().map(|(line, sku)| item(*line, sku)).collect(),
            counted: None,
        }),
        before: Vec::new(),
        refused: Vec::new(),
        notes: Vec::new(),
        is_last,
    };
    let done = async || stored(&db, import.id, Some(RowStatus::Done), 0, 10).await;
    db.runner().run(write(&[(2, "s2"), (3, "s2")], (0, 3), false)).await.unwrap_err();
    assert!(done().await.is_empty(), "the second has the SKU of the first");
    assert!(db.runner().run(write(&[(2, "s2"), (3, "s3")], (0, 3), false)).await.unwrap());
    assert!(done().await.iter().all(|row| row.product.is_some()) && done().await.len() == 2);
    assert!(!db.runner().run(write(&[(2, "s2"), (3, "s3")], (0, 3), false)).await.unwrap(), "it is written once");
    assert!(db.runner().run(write(&[(4, "s4")], (3, 4), true)).await.unwrap());
    let import = db.database.queries().imports.get(import.id).await.unwrap().unwrap();
    assert_eq!((import.status, import.counts.done, import.lease), (ImportStatus::Done, 3, None));
}

async fn a_change_of_many_products_is_kept_and_each_part_is_done_once_r232(db: TestDb) {
    let mut products = Vec::new();
    for number in 0..3 {
        let details = ProductDetails::new(ProductName::parse("Mug").unwrap(), Price::parse(100 + number).unwrap());
        let initial_stock = InitialStock::parse(0).unwrap();
        let create =
            CreateProduct { id: None, details, initial_stock, attributes: Vec::new(), page: PageTexts::default() };
        products.push(db.runner().run(create).await.unwrap().0.product.id);
    }
    let select = CollectionFilter::from_trusted([("tag".to_owned(), "Größe, \"alt\"".to_owned())].into());
    let bulk = Bulk { select, change: BulkChange::from_trusted("{\"name\":\"Töpfe\"}".to_owned()) };
    let update = BulkUpdate {
        change: ProductChange::default(),
        price: PercentChange::parse(100).ok().map(Repricing::Percent),
        page: PageTextsChange::default(),
        given: Vec::new(),
    };
    let create = CreateBulkImport { bulk: bulk.clone(), update: update.clone(), products: products.clone() };
    let import = db.runner().run(create).await.unwrap();
    let file = received(&db, 2..3).await;
    let known = db.database.queries().imports.get(import.id).await.unwrap().unwrap();
    assert_eq!((&known, known.bulk.as_ref()), (&import, Some(&bulk)));
    let page = PageRequest { limit: Limit::DEFAULT, after: None };
    for (kind, id) in [(ImportKind::Bulk, import.id), (ImportKind::Products, file.id)] {
        let filter = ImportFilter { kind: Some(kind), ..ImportFilter::default() };
        let listed = db.database.queries().imports.list(filter, &page).await.unwrap();
        assert_eq!(listed.items.iter().map(|one| one.id).collect::<Vec<_>>(), [id]);
    }
    let holder = id();
    db.runner().run(TakeImport { holder }).await.unwrap().unwrap();
    let check = CheckRows {
        id: import.id,
        holder,
        is_first: true,
        refused: Vec::new(),
        notes: Vec::new(),
        ended: Some(RowCounts::default()),
    };
    db.runner().run(check).await.unwrap();
    db.runner().run(StartImport { id: import.id, skip_failed: false, expected: None }).await.unwrap();
    db.runner().run(TakeImport { holder }).await.unwrap().unwrap();
    let rows: Vec<_> = (1..).zip(products.iter().copied()).collect();
    let write = |rows: &[(u64, ProductId)], lines, is_last| WriteRows {
        id: import.id,
        holder,
        lines,
        work: RowWork::Changes(Box::new(ChangeRows { rows: rows.to_vec(), update: update.clone() })),
        before: Vec::new(),
        refused: Vec::new(),
        notes: Vec::new(),
        is_last,
    };
    assert!(db.runner().run(write(&rows[..2], (0, 2), false)).await.unwrap());
    assert!(!db.runner().run(write(&rows[..2], (0, 2), false)).await.unwrap(), "it is done once");
    assert!(db.runner().run(write(&rows[2..], (2, 3), true)).await.unwrap());
    let sought = Sought { ids: products.clone(), ..Sought::default() };
    let mut found = db.database.queries().imports.products(&sought).await.unwrap();
    found.sort_by_key(|whole| whole.product.id);
    assert_eq!(found.iter().map(|whole| whole.product.price.amount()).collect::<Vec<_>>(), [200, 202, 204]);
    let rows = stored(&db, import.id, Some(RowStatus::Done), 0, 10).await;
    assert_eq!(rows.iter().filter_map(|row| row.product).collect::<Vec<_>>(), products);
}

async fn a_row_and_all_that_is_kept_of_it_may_be_long_r231(db: TestDb) {
    let header = vec!["n".repeat(100); 500];
    let mapping = (0..200).map(|n| (format!("{n:0>195}"), "sku".to_owned())).collect();
    let options = ImportOptions { mapping, ..ImportOptions::default() };
    let import = db.runner().run(CreateImport { options, columns: header }).await.unwrap();
    let text = "ä".repeat(100_000);
    let row = FileRow { line: 2, cells: vec![text.clone()] };
    db.runner().run(ReceiveRows { id: import.id, rows: vec![row.clone()], is_last: true }).await.unwrap();
    let error = RowError { field: "name".to_owned(), code: "format".to_owned(), message: text.clone() };
    let before = vec![("name".to_owned(), text.clone())];
    let mut tx = db.begin().await;
    let written = Written { line: 2, product: ProductId(id()), before: Some(before.clone()) };
    tx.imports().finish_rows(import.id, (1, 2), &[written]).await.unwrap();
    tx.imports().refuse_rows(import.id, &[(2, vec![error.clone()])]).await.unwrap();
    tx.imports().note_rows(import.id, &[(2, vec![text.clone()])]).await.unwrap();
    tx.commit().await.unwrap();
    let found = stored(&db, import.id, None, 0, 9).await.remove(0);
    assert!(found.row == row && found.errors == [error] && found.notes == [text] && found.before == Some(before));
    let known = db.database.queries().imports.get(import.id).await.unwrap().unwrap();
    assert!(known.header == import.header && known.options == import.options);
}

async fn the_next_rows_have_no_more_bytes_than_a_part_may_have_r231(db: TestDb) {
    let columns = vec!["name".to_owned()];
    let import = db.runner().run(CreateImport { options: ImportOptions::default(), columns }).await.unwrap();
    // Each is stored with two brackets and two quotes.
    let texts = ["ä".repeat(100), "b".repeat(196), "c".to_owned(), "d".repeat(500), "e".to_owned()];
    let rows: Vec<_> = (2..).zip(texts).map(|(line, text)| FileRow { line, cells: vec![text] }).collect();
    db.runner().run(ReceiveRows { id: import.id, rows: rows.clone(), is_last: true }).await.unwrap();
    let queries = db.database.queries().imports;
    let next = async |after, rows, bytes| {
        let NextRows { rows, are_last } = queries.next_rows(import.id, after, PartLimit { rows, bytes }).await.unwrap();
        (rows.into_iter().map(|row| row.row).collect::<Vec<_>>(), are_last)
    };
    assert_eq!(next(1, 5, 404).await, (rows[..2].to_vec(), false), "they are bytes, and not letters");
    assert_eq!(next(1, 5, 403).await, (rows[..1].to_vec(), false));
    assert_eq!(next(4, 5, 404).await, (rows[3..4].to_vec(), false), "one is longer than a part");
    assert_eq!(next(1, 4, 10_000).await, (rows[..4].to_vec(), false));
    assert_eq!(next(1, 5, 10_000).await, (rows.clone(), true), "none is left for another part");
    assert_eq!(next(6, 5, 404).await, (Vec::new(), true));
}

async fn whole_products_are_found_by_all_their_names_r233(db: TestDb) {
    let page = PageTexts { seo_title: SeoTitle::parse("Mugs").ok(), ..PageTexts::default() };
    let mut made = Vec::new();
    for number in 0..3 {
        let details =
            ProductDetails::new(ProductName::parse(&format!("Mug {number}")).unwrap(), Price::parse(1).unwrap());
        let details = ProductDetails { sku: Sku::parse(&format!("m{number}")).ok(), ..details };
        let initial_stock = InitialStock::parse(number).unwrap();
        let create = CreateProduct { id: None, details, initial_stock, attributes: Vec::new(), page: page.clone() };
        made.push(db.runner().run(create).await.unwrap().0.product);
    }
    let sought = Sought {
        ids: vec![made[0].id, domain::products::ProductId(Uuid::nil())],
        skus: vec![Sku::parse("m1").unwrap(), Sku::parse("m0").unwrap()],
        slugs: vec![Slug::parse("mug-2").unwrap()],
        barcodes: Vec::new(),
    };
    let mut found = db.database.queries().imports.products(&sought).await.unwrap();
    found.sort_by_key(|whole| whole.product.id);
    let of = |number: usize| (made[number].clone(), i64::try_from(number).unwrap(), page.clone());
    let shown = found.into_iter().map(|whole| (whole.product, whole.on_hand, whole.page)).collect::<Vec<_>>();
    assert_eq!(shown, [of(0), of(1), of(2)]);
    let after = db.database.queries().imports.products_after(Some(made[0].id), 1).await.unwrap();
    assert_eq!(after.iter().map(|whole| whole.product.id).collect::<Vec<_>>(), [made[1].id]);
    assert!(db.database.queries().imports.groups(&[], &[Slug::parse("none").unwrap()]).await.unwrap().is_empty());
    let codes = db.database.queries().imports.codes().await.unwrap();
    assert_eq!((codes.all.len(), codes.options.len()), (3, 0));
}
