use std::collections::BTreeSet;

use domain::addresses::CountryCode;
use domain::pricing::{Action, BuyGet, Conditions, PromotionClass, PromotionId, PromotionName, RatePpm, Targets};
use domain::products::ProductId;
use domain::promotions::{Priority, Promotion, PromotionStatus, UsageLimit};
use domain::{Price, StoreError, Version, words};
use sea_orm::entity::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::db::convert::{micros, stored, time};
use crate::db::engine::{Error, Row};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "promotions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub words: String,
    pub status: String,
    pub class: String,
    pub action: String,
    pub percent_ppm: Option<i64>,
    pub amount: Option<i64>,
    pub buy_units: Option<i64>,
    pub get_units: Option<i64>,
    pub max_times: Option<i64>,
    pub conditions: String,
    pub targets: String,
    pub combines: String,
    pub code_needed: bool,
    pub priority: i64,
    pub starts_at: i64,
    pub ends_at: Option<i64>,
    pub usage_limit: Option<i64>,
    pub per_customer_limit: Option<i64>,
    pub used: i64,
    pub created_at: i64,
    pub updated_at: i64,
    pub version: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Conditions as they are stored.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct StoredConditions {
    min_subtotal: Option<i64>,
    min_quantity: Option<i64>,
    products: BTreeSet<Uuid>,
    countries: Vec<String>,
    first_order: bool,
}

/// Targets as they are stored.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct StoredTargets {
    products: BTreeSet<Uuid>,
}

/// What an action has in its columns.
#[derive(Default)]
struct StoredAction {
    action: &'static str,
    percent_ppm: Option<i64>,
    amount: Option<i64>,
    buy_units: Option<i64>,
    get_units: Option<i64>,
    max_times: Option<i64>,
}

impl From<Action> for StoredAction {
    fn from(action: Action) -> Self {
        match action {
            Action::Percent(off) => Self { action: "percent", percent_ppm: Some(off.get()), ..Self::default() },
            Action::Amount(off) => Self { action: "amount", amount: Some(off.amount()), ..Self::default() },
            Action::AmountEach(off) => Self { action: "amount_each", amount: Some(off.amount()), ..Self::default() },
            Action::BuyGet(BuyGet { buy, get, off, max_times }) => Self {
                action: "buy_get",
                percent_ppm: Some(off.get()),
                buy_units: Some(buy),
                get_units: Some(get),
                max_times,
                amount: None,
            },
        }
    }
}

impl TryFrom<&Promotion> for Model {
    type Error = StoreError;

    fn try_from(promotion: &Promotion) -> Result<Self, StoreError> {
        let StoredAction { action, percent_ppm, amount, buy_units, get_units, max_times } = promotion.action.into();
        let ids = |products: &BTreeSet<ProductId>| products.iter().map(|id| id.0).collect();
        let Conditions { min_subtotal, min_quantity, products, countries, first_order } = &promotion.conditions;
        let conditions = StoredConditions {
            min_subtotal: min_subtotal.map(Price::amount),
            min_quantity: *min_quantity,
            products: ids(products),
            countries: countries.iter().map(|country| country.as_str().to_owned()).collect(),
            first_order: *first_order,
        };
        let combines: Vec<_> = promotion.combines.iter().copied().map(PromotionClass::as_str).collect();
        Ok(Self {
            id: promotion.id.0,
            name: promotion.name.as_str().to_owned(),
            words: format!(" {} ", Vec::from_iter(words(promotion.name.as_str())).join(" ")),
            status: promotion.status.as_str().to_owned(),
            class: promotion.class.as_str().to_owned(),
            action: action.to_owned(),
            percent_ppm,
            amount,
            buy_units,
            get_units,
            max_times,
            conditions: text(&conditions)?,
            targets: text(&StoredTargets { products: ids(&promotion.targets.0) })?,
            combines: combines.join(","),
            code_needed: promotion.code_needed,
            priority: promotion.priority.get(),
            starts_at: micros(promotion.starts_at),
            ends_at: promotion.ends_at.map(micros),
            usage_limit: promotion.usage_limit.map(UsageLimit::get),
            per_customer_limit: promotion.per_customer_limit.map(UsageLimit::get),
            used: promotion.used,
            created_at: micros(promotion.created_at),
            updated_at: micros(promotion.updated_at),
            version: promotion.version.0,
        })
    }
}

impl TryFrom<Model> for Promotion {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let action = row.action()?;
        let StoredConditions { min_subtotal, min_quantity, products, countries, first_order } =
            value("conditions", &row.conditions)?;
        let StoredTargets { products: targets } = value("targets", &row.targets)?;
        let ids = |products: BTreeSet<Uuid>| products.into_iter().map(ProductId).collect();
        let classes = row.combines.split(',').filter(|class| !class.is_empty()).map(PromotionClass::parse);
        Ok(Self {
            id: PromotionId(row.id),
            name: PromotionName::from_trusted(row.name),
            status: stored("status of a promotion", PromotionStatus::parse(&row.status))?,
            class: stored("class of a promotion", PromotionClass::parse(&row.class))?,
            action,
            conditions: Conditions {
                min_subtotal: min_subtotal.map(Price::from_trusted),
                min_quantity,
                products: ids(products),
                countries: countries.into_iter().map(CountryCode::from_trusted).collect(),
                first_order,
            },
            targets: Targets(ids(targets)),
            combines: stored("class of a promotion", classes.collect())?,
            code_needed: row.code_needed,
            priority: Priority::from_trusted(row.priority),
            starts_at: time(row.starts_at)?,
            ends_at: row.ends_at.map(time).transpose()?,
            usage_limit: row.usage_limit.map(UsageLimit::from_trusted),
            per_customer_limit: row.per_customer_limit.map(UsageLimit::from_trusted),
            used: row.used,
            created_at: time(row.created_at)?,
            updated_at: time(row.updated_at)?,
            version: Version(row.version),
        })
    }
}

impl Model {
    /// Reads all columns, in their order, from the index `first` on.
    pub(in crate::db) fn from_place(first: usize, row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.at(first)?,
            name: row.at(first + 1)?,
            words: row.at(first + 2)?,
            status: row.at(first + 3)?,
            class: row.at(first + 4)?,
            action: row.at(first + 5)?,
            percent_ppm: row.at(first + 6)?,
            amount: row.at(first + 7)?,
            buy_units: row.at(first + 8)?,
            get_units: row.at(first + 9)?,
            max_times: row.at(first + 10)?,
            conditions: row.at(first + 11)?,
            targets: row.at(first + 12)?,
            combines: row.at(first + 13)?,
            code_needed: row.at(first + 14)?,
            priority: row.at(first + 15)?,
            starts_at: row.at(first + 16)?,
            ends_at: row.at(first + 17)?,
            usage_limit: row.at(first + 18)?,
            per_customer_limit: row.at(first + 19)?,
            used: row.at(first + 20)?,
            created_at: row.at(first + 21)?,
            updated_at: row.at(first + 22)?,
            version: row.at(first + 23)?,
        })
    }

    fn action(&self) -> Result<Action, StoreError> {
        let broken =
            || StoreError::corrupt(format!("the stored action {} of promotion {} is broken", self.action, self.id));
        let (percent, amount) = (self.percent_ppm.map(RatePpm::from_trusted), self.amount.map(Price::from_trusted));
        let action = match self.action.as_str() {
            "percent" => percent.map(Action::Percent),
            "amount" => amount.map(Action::Amount),
            "amount_each" => amount.map(Action::AmountEach),
            "buy_get" => {
                let group = |(buy, (get, off))| BuyGet { buy, get, off, max_times: self.max_times };
                self.buy_units.zip(self.get_units.zip(percent)).map(group).map(Action::BuyGet)
            }
            _ => None,
        };
        action.ok_or_else(broken)
    }
}

fn text(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Internal(error.into()))
}

fn value<T: DeserializeOwned>(what: &str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::corrupt(format!("the stored {what} are broken: {error}")))
}
