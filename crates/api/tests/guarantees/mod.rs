//! The promises that only the real binary can keep: it runs as a process, is killed, is started twice, loses its
//! database. Each test runs on SQLite, MySQL and MariaDB.

mod away;
mod crash;
mod events;
mod flood;
mod full;
mod imports;
mod logs;
mod mail;
mod payments_crash;
mod payments_due;
mod payments_races;
mod payments_secrets;
mod promotions;
mod proxy;
mod quiet;
mod rush;
mod slow_clients;
mod stop;
mod webhooks;
