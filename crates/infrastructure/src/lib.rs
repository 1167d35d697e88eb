//! Storekeeper's adapters: what the ports of `domain` and `application` are in the real world.
//!
//! [`db`] keeps things in SQLite, MySQL or MariaDB through SeaORM; [`cache`] stands before some of its queries;
//! [`catalogue_index`] counts products; [`outbound`] calls other servers; [`passwords`] hashes with bcrypt, [`tokens`]
//! signs JSON Web Tokens, [`secrets`] makes random values, and [`system`] tells the time and makes ids. Pictures have a
//! crate of their own, `pictures`.

pub mod cache;
pub mod catalogue_index;
pub mod db;
pub mod keys;
pub mod outbound;
pub mod passwords;
pub mod secrets;
mod shared;
pub mod system;
pub mod tokens;
