//! The promises that only the real binary can keep: it runs as a process, is killed, is started twice, loses its
//! database. Each test runs on SQLite, MySQL and MariaDB.

mod away;
mod crash;
mod flood;
mod full;
mod logs;
mod promotions;
mod proxy;
mod quiet;
mod rush;
mod slow_clients;
mod stop;
