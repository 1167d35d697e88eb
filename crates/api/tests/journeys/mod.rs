//! What people do with the shop, from one end to the other: the real binary, on SQLite, MySQL and MariaDB.

mod access;
mod accounts;
mod audit;
mod carts;
mod customers;
mod events;
mod exports;
mod housekeeping;
mod identity;
mod lists;
mod orders;
mod privacy;
mod products;
mod restocks;
mod search;
