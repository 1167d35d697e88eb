use super::*;

fn of(sql: &str, values: Vec<Value>) -> Option<String> {
    text(&Statement::new(sql, values))
}

#[test]
fn a_literal_means_the_same_in_every_sql_mode() {
    let id = uuid::Uuid::from_u128(0x27_5c);
    for (value, expected) in [
        (Value::from(-3_i64), "-3"),
        (7_i32.into(), "7"),
        (u64::MAX.into(), "18446744073709551615"),
        (true.into(), "1"),
        (None::<String>.into(), "NULL"),
        ("placed".into(), "'placed'"),
        ("\"1-ab\" /api/v1?".into(), "'\"1-ab\" /api/v1?'"),
        ("it's".into(), "_utf8mb4 x'69742773'"),
        ("a\\".into(), "_utf8mb4 x'615C'"),
        ("é".into(), "_utf8mb4 x'C3A9'"),
        ("\n".into(), "_utf8mb4 x'0A'"),
        (vec![0_u8, 255].into(), "x'00FF'"),
        (b"{\"id\":1}".to_vec().into(), "_binary '{\"id\":1}'"),
        (id.into(), "x'0000000000000000000000000000275C'"),
    ] {
        assert_eq!(of("?", vec![value]).unwrap(), expected);
    }
    assert_eq!(of("?", vec![1.5_f64.into()]), None);
}

#[test]
fn only_placeholders_are_replaced() {
    let sql = "SELECT '?', `a?`, \"it's ?\" FROM t WHERE b = ? AND c = ?";
    let expected = "SELECT '?', `a?`, \"it's ?\" FROM t WHERE b = 1 AND c = 'x'";
    assert_eq!(of(sql, vec![1_i64.into(), "x".into()]).unwrap(), expected);
    assert_eq!(of(sql, vec![1_i64.into()]), None, "too few");
    assert_eq!(of(sql, vec![1_i64.into(); 3]), None, "too many");
}
