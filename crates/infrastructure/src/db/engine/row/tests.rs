use sea_orm::entity::prelude::*;

use super::{Row, SqliteRow, Value};

mod notes {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "notes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub body: Option<Vec<u8>>,
        pub note: Option<String>,
        pub active: bool,
        pub count: i64,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn row<const N: usize>(columns: [(&str, Value); N]) -> Row {
    let (columns, values): (Vec<_>, _) = columns.into_iter().unzip();
    Row::Sqlite(SqliteRow { columns: columns.join("\n").into(), values })
}

#[test]
fn a_value_of_sqlite_is_read_as_the_type_of_its_target() {
    let id = Uuid::from_u128(7);
    let bytes = || Value::Blob(id.as_bytes().to_vec());
    let row = row([
        ("A_id", bytes()),
        ("A_body", bytes()),
        ("A_note", Value::Null),
        ("A_active", Value::Integer(1)),
        ("A_generated", Value::Integer(1)),
        ("A_count", Value::Integer(-3)),
        ("B_id", Value::Null),
    ]);
    let found = notes::Model { id, body: Some(id.as_bytes().to_vec()), note: None, active: true, count: -3 };
    assert_eq!(row.joined::<notes::Model>("A_").unwrap(), Some(found));
    assert_eq!(row.joined::<notes::Model>("B_").unwrap(), None);
    assert_eq!(row.at::<Uuid>(0).unwrap(), id);
    assert_eq!(row.at::<Option<String>>(2).unwrap(), None);
    assert!(row.at::<bool>(3).unwrap());
}

#[test]
fn a_value_of_the_wrong_type_is_an_error() {
    let row = row([("id", Value::Text("no id".into())), ("count", Value::Null)]);
    assert!(row.at::<Uuid>(0).is_err() && row.at::<i64>(1).is_err() && row.at::<i64>(2).is_err());
    assert!(row.joined::<notes::Model>("").is_err());
}
