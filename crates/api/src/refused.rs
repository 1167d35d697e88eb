//! What each use case can refuse, besides what its extractors do.

use std::marker::PhantomData;

use application::accounts::{ChangePassword, CreateAccount, DeleteAccount, Login, Refresh, Register, UpdateAccount};
use application::carts::AddItem;
use application::customers::{CreateCustomer, DeleteCustomer, UpdateCustomer};
use application::orders::{AdvanceOrder, CancelOrder, PlaceOrder};
use application::products::{CreateProduct, UpdateProduct};
use application::restocks::{CancelRestock, ReceiveRestock};
use application::stock::AdjustStock;
use paperclip::v2::models::DefaultOperationRaw;
use paperclip::v2::schema::Apiv2Errors;

use crate::openapi::may_fail;
use crate::problem::{Kind, Problem};

/// A use case that can refuse.
pub(crate) trait Refuses {
    /// How.
    const KINDS: &[Kind];
}

/// The account of the caller, which can be deleted while it is asked for.
pub(crate) struct OwnAccount;

/// The same, when its customer is changed.
pub(crate) struct OwnCustomer;

macro_rules! refuses {
    ($($use_case:ty: $($kind:ident),*;)*) => {$(
        impl Refuses for $use_case {
            const KINDS: &[Kind] = &[$(Kind::$kind),*];
        }
    )*};
}

refuses! {
    Login: UNAUTHENTICATED, TOO_MANY, BUSY;
    Refresh: UNAUTHENTICATED;
    Register: NOT_FOUND, DUPLICATE, BUSY;
    ChangePassword: NOT_FOUND, TOO_MANY, BUSY;
    OwnAccount: NOT_FOUND;
    OwnCustomer: NOT_FOUND, DUPLICATE;
    CreateCustomer: NOT_FOUND, DUPLICATE;
    UpdateCustomer: DUPLICATE;
    DeleteCustomer: LAST_ADMIN;
    CreateAccount: NOT_FOUND, DUPLICATE, BUSY;
    UpdateAccount: DUPLICATE, LAST_ADMIN, BUSY;
    DeleteAccount: LAST_ADMIN;
    CreateProduct: DUPLICATE;
    UpdateProduct: DUPLICATE;
    AdjustStock: STOCK_BOUNDS;
    ReceiveRestock: RESTOCK_CLOSED, STOCK_BOUNDS;
    CancelRestock: RESTOCK_CLOSED;
    AddItem: CART_LINE_FULL, CART_FULL;
    PlaceOrder: CART_EMPTY, LINES;
    CancelOrder: ORDER_STEP;
    AdvanceOrder: ORDER_STEP;
}

/// A problem of a request for the use case `C`. The document of the API lists what `C` can refuse.
pub(crate) struct Refused<C> {
    problem: Problem,
    use_case: PhantomData<C>,
}

impl<C, E> From<E> for Refused<C>
where
    Problem: From<E>,
{
    fn from(error: E) -> Self {
        Self { problem: error.into(), use_case: PhantomData }
    }
}

impl<C> From<Refused<C>> for actix_web::Error {
    fn from(refused: Refused<C>) -> Self {
        refused.problem.into()
    }
}

impl<C: Refuses> Apiv2Errors for Refused<C> {
    fn update_error_definitions(op: &mut DefaultOperationRaw) {
        may_fail(op, C::KINDS);
    }
}
