//! Login, logout, and where one is logged in.

pub(crate) mod cookie;
pub(crate) mod list;
pub(crate) mod login;
pub(crate) mod logout;
mod resume;
