use std::collections::HashMap;

use async_trait::async_trait;

use super::{Group, GroupCard, GroupFilter, GroupId, GroupName, GroupView, ListedGroup, Member};
use crate::assignments::Assigned;
use crate::attributes::Attribute;
use crate::products::{Product, ProductId, ProductStatus};
use crate::terms::TermId;
use crate::{Page, PageRequest, StoreError, UtcDateTime};

/// Groups that a term is used by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TermUse {
    /// Some of those of which a member differs by it.
    pub as_option: Vec<GroupName>,
    /// Some of the groups that are assigned this term.
    pub had_by: Vec<GroupName>,
}

/// Product groups within a transaction. Whoever changes a group or its members locks it, and then members in order of id.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait GroupRepository: Send {
    /// Inserts a new group with its options.
    ///
    /// # Errors
    /// `Duplicate(Group::UNIQUE_SLUG)` if another group has the slug; `Raced` if an attribute was deleted meanwhile.
    async fn insert(&mut self, group: &Group) -> Result<(), StoreError>;

    /// The current group, locked until the transaction ends.
    async fn lock(&mut self, id: GroupId) -> Result<Option<Group>, StoreError>;

    /// The group as it is. Nothing is locked.
    async fn find(&mut self, id: GroupId) -> Result<Option<Group>, StoreError>;

    /// Writes a locked group with its options.
    ///
    /// # Errors
    /// As [`Self::insert`].
    async fn update(&mut self, group: &Group) -> Result<(), StoreError>;

    /// Deletes a locked group, whose members have left.
    async fn delete(&mut self, id: GroupId) -> Result<(), StoreError>;

    /// The members of a group, in order of id, locked until the transaction ends.
    async fn lock_members(&mut self, id: GroupId) -> Result<Vec<(Product, Member)>, StoreError>;

    /// The membership of a locked product, if it is in a group.
    async fn membership(&mut self, id: ProductId) -> Result<Option<Member>, StoreError>;

    /// Writes the places of locked products in their groups. Two may have each other's terms.
    ///
    /// # Errors
    /// `Duplicate(Group::UNIQUE_COMBINATION)` if another member has the terms.
    async fn place(&mut self, members: &[Member]) -> Result<(), StoreError>;

    /// Makes locked members single products. What they had from their group becomes their own.
    async fn leave(&mut self, ids: &[ProductId]) -> Result<(), StoreError>;

    /// What a group has of attributes.
    async fn assigned(&mut self, id: GroupId) -> Result<Assigned, StoreError>;

    /// Writes what a locked group has of attributes.
    ///
    /// # Errors
    /// `Raced` if a term or an attribute was deleted meanwhile.
    async fn assign(&mut self, id: GroupId, has: &Assigned) -> Result<(), StoreError>;

    /// The attributes that are the options of a group, in order.
    async fn options(&mut self, id: GroupId) -> Result<Vec<Attribute>, StoreError>;

    /// Some of the groups that use a term: their members differ by it, or they are assigned it.
    async fn uses(&mut self, id: TermId) -> Result<TermUse, StoreError>;

    /// Takes a term from the groups that have it, in order of id, and raises their versions.
    async fn detach(&mut self, id: TermId, now: UtcDateTime) -> Result<(), StoreError>;

    /// The group with all its members, as it is shown.
    async fn view(&mut self, id: GroupId) -> Result<Option<GroupView>, StoreError>;
}

/// Reads of product groups, outside any transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait GroupQueries: Send + Sync {
    /// The group with its members. With `status`, only with members of this status, and not without any.
    async fn get(&self, id: GroupId, status: Option<ProductStatus>) -> Result<Option<GroupView>, StoreError>;

    /// A page of groups, the oldest first.
    async fn list(&self, filter: &GroupFilter, page: &PageRequest) -> Result<Page<ListedGroup>, StoreError>;

    /// The membership of a product, if it is in a group.
    async fn membership(&self, id: ProductId) -> Result<Option<Member>, StoreError>;

    /// What lists say of the groups of these products. Single products are skipped. With `status`, only members of this
    /// status are counted.
    async fn cards(
        &self,
        ids: &[ProductId],
        status: Option<ProductStatus>,
    ) -> Result<HashMap<ProductId, GroupCard>, StoreError>;
}
