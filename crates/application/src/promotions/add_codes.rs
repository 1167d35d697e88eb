use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::pricing::PromotionId;
use domain::promotions::{CodeDetails, PromotionCode};
use domain::{Code, Invalid};

use super::audit::Codes;
use super::update::{error, locked_promotion};
use crate::audit_trail::audit;
use crate::{Command, Conflict, Ctx, Error, FieldError, Tx};

/// Adds codes to a promotion. No two of them are the same.
#[derive(Debug, Clone)]
pub struct AddCodes {
    /// The promotion that gets the codes.
    pub id: PromotionId,
    /// The codes, each with who may use it and how often.
    pub codes: Vec<CodeDetails>,
}

#[async_trait]
impl Command for AddCodes {
    type Output = Vec<PromotionCode>;
    const NAME: &'static str = "promotions.add_codes";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Vec<PromotionCode>, Error> {
        let promotion = locked_promotion(tx, self.id).await?;
        promotion.accept_codes().map_err(|why| error(&promotion, why))?;
        self.refuse_unknown_customers(tx).await?;
        let keys: Vec<_> = self.codes.iter().map(|code| code.key.clone()).collect();
        let taken: BTreeSet<_> = tx.promotions().taken(&keys).await?.into_iter().collect();
        if !taken.is_empty() {
            let places = keys.iter().enumerate().filter(|(_, key)| taken.contains(key)).map(|(place, _)| place);
            return Err(Conflict::CodesTaken(places.collect()).into());
        }
        let add = |code: &CodeDetails| PromotionCode::new(self.id, code.clone(), ctx.now);
        let codes: Vec<_> = self.codes.iter().map(add).collect();
        tx.promotions().add_codes(&codes).await?;
        audit(tx, ctx, Self::NAME, None, Some(&Codes { promotion_id: self.id.0, codes: &codes })).await?;
        Ok(codes)
    }
}

impl AddCodes {
    async fn refuse_unknown_customers(&self, tx: &mut dyn Tx) -> Result<(), Error> {
        let named: BTreeSet<_> = self.codes.iter().filter_map(|code| code.customer_id).collect();
        if named.is_empty() {
            return Ok(());
        }
        let known = tx.customers().known(&Vec::from_iter(named)).await?;
        let is_unknown = |code: &CodeDetails| code.customer_id.is_some_and(|id| !known.contains(&id));
        let unknown = self.codes.iter().enumerate().filter(|(_, code)| is_unknown(code));
        let fault = |(place, _): (usize, &CodeDetails)| {
            let invalid = Invalid::new(Code::NotFound, "must be the id of a customer");
            FieldError::new(format!("codes[{place}].customer_id"), invalid)
        };
        let faults: Vec<_> = unknown.map(fault).collect();
        if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::update::tests::{PROMOTION, actor, known, summer};
    use super::*;
    use crate::testing::{customer, id, run, run_as};
    use domain::customers::CustomerId;
    use domain::pricing::{CouponKey, CouponText};
    use domain::promotions::{Promotion, PromotionStatus};

    fn add(codes: &[(&str, Option<CustomerId>)]) -> AddCodes {
        let details = |(code, customer_id): &(&str, Option<CustomerId>)| {
            let text = CouponText::parse(code).unwrap();
            let key = CouponKey::of(&text).unwrap();
            CodeDetails { text, key, usage_limit: None, customer_id: *customer_id }
        };
        AddCodes { id: PROMOTION, codes: codes.iter().map(details).collect() }
    }

    #[tokio::test]
    async fn codes_are_added_and_audited_by_their_names_r105() {
        let mut tx = known(summer());
        tx.customers.expect_known().once().returning(|ids| Ok(ids.to_vec()));
        tx.promotions.expect_taken().once().returning(|_| Ok(Vec::new()));
        tx.promotions.expect_add_codes().once().withf(|codes| codes.len() == 2).returning(|_| Ok(()));
        tx.audit.expect_append().once().returning(|entry| {
            assert_eq!(entry.after, [("codes".to_owned(), Some("summer, HERS".to_owned()))]);
            assert_eq!((entry.resource.as_str(), entry.resource_id), ("promotion", PROMOTION.0));
            Ok(())
        });
        let codes = add(&[("summer", None), ("HERS", Some(customer()))]);
        let added = run_as(&codes, &mut tx, &actor()).await.unwrap();
        assert_eq!(added[1].coupon.customer_id, Some(customer()));
    }

    #[tokio::test]
    async fn no_code_is_added_when_one_is_taken_and_each_of_these_is_named_r105() {
        let mut tx = known(summer());
        let taken = |code| CouponKey::of(&CouponText::parse(code).unwrap()).unwrap();
        tx.promotions.expect_taken().once().returning(move |_| Ok(vec![taken("c"), taken("a")]));
        let refused = run(&add(&[("A", None), ("B", None), ("C", None)]), &mut tx).await.unwrap_err();
        assert!(matches!(&refused, Error::Conflict(Conflict::CodesTaken(places)) if *places == [0, 2]), "{refused:?}");
    }

    #[tokio::test]
    async fn no_code_is_added_for_a_customer_who_does_not_exist_r105() {
        let mut tx = known(summer());
        tx.customers.expect_known().once().returning(|_| Ok(vec![customer()]));
        let codes = add(&[("A", Some(customer())), ("B", Some(CustomerId(id(9)))), ("C", None)]);
        let Error::Invalid(faults) = run(&codes, &mut tx).await.unwrap_err() else { panic!("it is refused") };
        let fields: Vec<_> = faults.iter().map(|fault| (fault.field.as_str(), fault.invalid.code)).collect();
        assert_eq!(fields, [("codes[1].customer_id", Code::NotFound)]);
    }

    #[tokio::test]
    async fn no_code_is_added_to_what_is_archived_or_needs_none_r105() {
        let archived = Promotion { status: PromotionStatus::Archived, ..summer() };
        let refused = run(&add(&[("A", None)]), &mut known(archived)).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::PromotionFixed { .. })));
        let automatic = Promotion { code_needed: false, ..summer() };
        let refused = run(&add(&[("A", None)]), &mut known(automatic)).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::NoCodeNeeded)));
    }
}
