use crate::index::CreateIndex;
use crate::table::CreateTable;

// `filter` has the parameters of a list of products, as a JSON object of texts. Which products pass is asked when they are
// listed, and stored nowhere.
pub const COLLECTIONS: CreateTable = CreateTable {
    migration: "m0188_collections",
    table: "collections",
    clustered: false,
    definition: "
        id {id} NOT NULL,
        name {text(200)} NOT NULL,
        slug {text(80)} NOT NULL,
        filter {long_text} NULL,
        sort {text(32)} NULL,
        description {long_text} NULL,
        position {int} NOT NULL,
        created_at {int} NOT NULL,
        updated_at {int} NOT NULL,
        version {int} NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT collections_slug_unique UNIQUE (slug)
    ",
};

pub const COLLECTIONS_BY_PLACE: CreateIndex = CreateIndex {
    migration: "m0189_collections_by_place",
    index: "collections_by_place",
    table: "collections",
    columns: "position, id",
};

// A product stands in one place of a collection. The key makes sure that there is one, even while both change at once.
pub const COLLECTION_PINS: CreateTable = CreateTable {
    migration: "m0190_collection_pins",
    table: "collection_pins",
    clustered: true,
    definition: "
        collection_id {id} NOT NULL,
        position {int} NOT NULL,
        product_id {id} NOT NULL,
        PRIMARY KEY (collection_id, position),
        CONSTRAINT collection_pins_by_product UNIQUE (product_id, collection_id),
        CONSTRAINT collection_pins_product_exists FOREIGN KEY (product_id) REFERENCES products (id)
    ",
};
