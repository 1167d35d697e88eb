use domain::customers::CustomerId;
use domain::notes::{NoteId, NoteOwner, NoteText, ShownNote, StaffNote};
use domain::orders::OrderId;

use crate::support::{NOW, TestDb, every_page, id, order, product};

on_every_database!(
    a_note_is_read_as_it_was_written_with_the_name_of_its_author_r240,
    notes_are_listed_newest_first_without_those_of_others_r240,
    a_note_is_deleted_once_r240,
    erasing_a_customer_deletes_notes_on_it_and_on_its_orders_r240_r276,
);

fn note(owner: NoteOwner, text: &str) -> StaffNote {
    StaffNote { id: NoteId(id()), owner, author_id: id(), text: NoteText::parse(text).unwrap(), at: NOW }
}

async fn add(db: &TestDb, note: &StaffNote) {
    let mut tx = db.begin().await;
    tx.notes().insert(note).await.unwrap();
    tx.commit().await.unwrap();
}

async fn a_note_is_read_as_it_was_written_with_the_name_of_its_author_r240(db: TestDb) {
    let clerk = db.add_account("clerk", None).await;
    let order = NoteOwner::Order(OrderId(id()));
    let text = format!("Ünïcode 🧾\n{}", "x".repeat(NoteText::MAX - 10));
    let known = StaffNote { author_id: clerk.id.0, ..note(order, &text) };
    let gone = note(order, "Nobody knows who wrote it.");
    for one in [&known, &gone] {
        add(&db, one).await;
    }
    let notes = db.database.queries().notes;
    let shown = |note: &StaffNote, author: Option<&str>| {
        Some(ShownNote { note: note.clone(), author: author.map(ToOwned::to_owned) })
    };
    assert_eq!(notes.get(order, known.id).await.unwrap(), shown(&known, Some("clerk")));
    assert_eq!(notes.get(order, gone.id).await.unwrap(), shown(&gone, None));
    assert_eq!(db.begin().await.notes().get(order, known.id).await.unwrap(), shown(&known, Some("clerk")));
    let other = NoteOwner::Order(OrderId(id()));
    assert_eq!(notes.get(other, known.id).await.unwrap(), None);
    assert_eq!(db.begin().await.notes().get(other, known.id).await.unwrap(), None);
}

async fn notes_are_listed_newest_first_without_those_of_others_r240(db: TestDb) {
    let same = id();
    let (order, customer) = (NoteOwner::Order(OrderId(same)), NoteOwner::Customer(CustomerId(same)));
    let mut expected = Vec::new();
    for number in 0..5 {
        let one = note(order, &format!("Note {number}"));
        add(&db, &one).await;
        add(&db, &note(customer, "Of a customer")).await;
        add(&db, &note(NoteOwner::Order(OrderId(id())), "Of another order")).await;
        expected.insert(0, one);
    }
    let notes = db.database.queries().notes;
    for limit in [1, 2, 9] {
        let found = every_page(limit, async |page| notes.list(order, &page).await.unwrap()).await;
        assert_eq!(found.into_iter().map(|shown| shown.note).collect::<Vec<_>>(), expected, "{limit} a page");
    }
}

async fn a_note_is_deleted_once_r240(db: TestDb) {
    let order = NoteOwner::Order(OrderId(id()));
    let (one, other) = (note(order, "One"), note(order, "Other"));
    for note in [&one, &other] {
        add(&db, note).await;
    }
    for was_there in [true, false] {
        let mut tx = db.begin().await;
        assert_eq!(tx.notes().delete(one.id).await.unwrap(), was_there);
        tx.commit().await.unwrap();
    }
    assert_eq!(db.number("SELECT COUNT(*) FROM notes").await, 1);
}

async fn erasing_a_customer_deletes_notes_on_it_and_on_its_orders_r240_r276(db: TestDb) {
    let (ann, bob) = (db.add_customer("ann@example.com").await, db.add_customer("bob@example.com").await);
    for customer in [&ann, &bob] {
        let order = order(customer.id, &[&product("Teapot", None)], NOW);
        let mut tx = db.begin().await;
        tx.orders().insert(&order).await.unwrap();
        tx.commit().await.unwrap();
        add(&db, &note(NoteOwner::Order(order.id), "Asked for a gift box.")).await;
        add(&db, &note(NoteOwner::Customer(customer.id), "Prefers mail.")).await;
    }
    db.erase(ann.id, None, NOW).await;
    assert_eq!(db.number("SELECT COUNT(*) FROM notes").await, 2);
    let left = db.database.queries().notes;
    let of_bob = NoteOwner::Customer(bob.id);
    assert_eq!(every_page(9, async |page| left.list(of_bob, &page).await.unwrap()).await.len(), 1);
}
