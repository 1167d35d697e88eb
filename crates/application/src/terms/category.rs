use async_trait::async_trait;
use domain::attributes::AttributeCode;
use domain::terms::{Category, Term, TermDetails};

use super::{CreateTerm, UpdateTerm};
use crate::{Command, Ctx, Error, Tx};

/// Creates a term of the attribute `category`, and returns it with what is around it in the tree.
#[derive(Debug, Clone)]
pub struct CreateCategory(pub TermDetails);

#[async_trait]
impl Command for CreateCategory {
    type Output = Category;
    const NAME: &'static str = "categories.create";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Category, Error> {
        let create = CreateTerm { attribute: AttributeCode::category(), details: self.0.clone() };
        let term = create.run(tx, ctx).await?;
        in_tree(tx, term).await
    }
}

/// Changes or moves a category.
#[derive(Debug, Clone)]
pub struct UpdateCategory(pub UpdateTerm);

#[async_trait]
impl Command for UpdateCategory {
    type Output = Category;
    const NAME: &'static str = "categories.update";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Category, Error> {
        let term = self.0.run(tx, ctx).await?;
        in_tree(tx, term).await
    }
}

/// A category with the categories above it and right below it.
async fn in_tree(tx: &mut dyn Tx, term: Term) -> Result<Category, Error> {
    let mut ancestors = match term.parent_id {
        Some(parent) => tx.terms().chain(term.attribute_id, parent).await?,
        None => Vec::new(),
    };
    ancestors.reverse();
    let children = tx.terms().below(&[term.id]).await?;
    Ok(Category { term, ancestors, children })
}
