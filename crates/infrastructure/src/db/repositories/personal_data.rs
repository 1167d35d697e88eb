use async_trait::async_trait;
use domain::accounts::ThrottleKey;
use domain::personal_data::{
    Erased, Erasure, Exported, ExportedRow, Form, Owner, PERSONAL_DATA, Person, PersonalColumn, PersonalData,
    PersonalDataQueries, PersonalDataRepository, PersonalTable, Touch,
};
use domain::{StoreError, UtcDateTime, Uuid};
use sea_orm::Value;

use super::queries::DbQueries;
use super::tx::DbTx;
use crate::cache::Subject;
use crate::db::convert::{micros, time};
use crate::db::engine::{Error, Executor, Row, Statement};

/// Orders or payments in one statement.
const STEP: usize = 1000;

#[async_trait]
impl PersonalDataRepository for DbTx {
    async fn erase(&mut self, person: &Person, now: UtcDateTime) -> Result<(), StoreError> {
        self.erases = true;
        if person.account.is_some() {
            self.change(Subject::Access);
        }
        for table in PERSONAL_DATA {
            let Some((change, values)) = erasing(table, now) else { continue };
            for (condition, owners) in conditions(&self.transaction, table.owner, person).await? {
                let values = values.iter().cloned().chain(owners);
                let statement = Statement::new(format!("{change} WHERE {condition}"), values);
                self.transaction.run(statement).await?;
            }
        }
        Ok(())
    }
}

#[async_trait]
impl PersonalDataQueries for DbQueries {
    async fn export(&self, person: &Person) -> Result<PersonalData, StoreError> {
        let mut parts = PersonalData::new();
        for table in PERSONAL_DATA {
            let Some(part) = table.export else { continue };
            let shown: Vec<_> = table.columns.iter().filter_map(|column| Some((column.name, column.export?))).collect();
            let names: Vec<_> = shown.iter().map(|(name, _)| *name).collect();
            let mut rows = Vec::new();
            for (condition, owners) in conditions(&self.read, table.owner, person).await? {
                let sql = format!("SELECT {} FROM {} WHERE {condition}", names.join(", "), table.table);
                for row in &self.read.run(Statement::new(sql, owners)).await?.rows {
                    rows.push(exported(row, &shown)?);
                }
            }
            parts.push((part, rows));
        }
        Ok(parts)
    }
}

/// The statement that erases the rows of a table, without its condition; `None` if nothing is erased.
fn erasing(table: &PersonalTable, now: UtcDateTime) -> Option<(String, Vec<Value>)> {
    let touched = match table.erasure {
        Erasure::Nothing => return None,
        Erasure::Rows => return Some((format!("DELETE FROM {}", table.table), Vec::new())),
        Erasure::Columns(touched) => touched,
    };
    let erased = table.columns.iter().filter_map(|PersonalColumn { name, erased, .. }| match erased {
        Erased::Kept => None,
        Erased::Null => Some((format!("{name} = NULL"), None)),
        Erased::Text(text) => Some((format!("{name} = ?"), Some(Value::from(*text)))),
    });
    let touched = touched.iter().map(|(name, touch)| match touch {
        Touch::Set(number) => (format!("{name} = ?"), Some(Value::from(*number))),
        Touch::OneMore => (format!("{name} = {name} + 1"), None),
        Touch::Now => (format!("{name} = ?"), Some(Value::from(micros(now)))),
    });
    let (changes, values): (Vec<_>, Vec<_>) = erased.chain(touched).unzip();
    let change = format!("UPDATE {} SET {}", table.table, changes.join(", "));
    Some((change, values.into_iter().flatten().collect()))
}

/// The conditions that together hold for all rows of a person, with their values.
async fn conditions(db: &impl Executor, owner: Owner, person: &Person) -> Result<Vec<(String, Vec<Value>)>, Error> {
    let (customer, account) = (person.customer_id.map(|id| id.0), person.account.as_ref().map(|account| account.id.0));
    let one_of = |column: &str, ids: &[Uuid]| {
        let places = vec!["?"; ids.len()].join(", ");
        (format!("{column} IN ({places})"), ids.iter().map(|id| Value::from(*id)).collect::<Vec<_>>())
    };
    let some_of = |column: &str, ids: &[Option<Uuid>]| {
        let ids: Vec<_> = ids.iter().flatten().copied().collect();
        if ids.is_empty() { Vec::new() } else { vec![one_of(column, &ids)] }
    };
    Ok(match owner {
        Owner::Customer(column) => some_of(column, &[customer]),
        Owner::Account(column) => some_of(column, &[account]),
        Owner::Either { id, customer: of } => [some_of(id, &[customer, account]), some_of(of, &[customer])].concat(),
        Owner::Order(column) | Owner::Payment(column) => {
            let Some(customer) = customer else { return Ok(Vec::new()) };
            let of = if matches!(owner, Owner::Order(_)) { "orders" } else { "payments" };
            let find = format!("SELECT id FROM {of} WHERE customer_id = ? ORDER BY id");
            let found = db.run(Statement::new(find, [customer.into()])).await?.rows;
            let ids = found.iter().map(|row| row.at(0)).collect::<Result<Vec<Uuid>, _>>()?;
            ids.chunks(STEP).map(|ids| one_of(column, ids)).collect()
        }
        Owner::Mailbox(column) => customer.map_or_else(Vec::new, |id| {
            vec![(format!("{column} = (SELECT email_key FROM customers WHERE id = ?)"), vec![id.into()])]
        }),
        Owner::ThrottleKey => person.account.as_ref().map_or_else(Vec::new, |account| {
            let by_name = ThrottleKey::Account(account.username.clone()).to_string();
            let known = format!("{}%", ThrottleKey::known_prefix(account.id));
            vec![("(throttle_key = ? OR throttle_key LIKE ?)".to_owned(), vec![by_name.into(), known.into()])]
        }),
    })
}

/// A row with the values of these columns.
fn exported(row: &Row, columns: &[(&'static str, Form)]) -> Result<ExportedRow, StoreError> {
    let value = |(index, (name, form)): (usize, &(&'static str, Form))| {
        let value = match form {
            Form::Text => row.at::<Option<String>>(index)?.map(Exported::Text),
            Form::Json => row.at::<Option<String>>(index)?.map(Exported::Json),
            Form::Number => row.at::<Option<i64>>(index)?.map(Exported::Number),
            Form::Flag => row.at::<Option<bool>>(index)?.map(Exported::Flag),
            Form::Id => row.at::<Option<Uuid>>(index)?.map(Exported::Id),
            Form::Time => row.at::<Option<i64>>(index)?.map(time).transpose()?.map(Exported::Time),
        };
        Ok::<_, StoreError>((*name, value.unwrap_or(Exported::Nothing)))
    };
    columns.iter().enumerate().map(value).collect()
}
