//! The commands that work on the data of a shop, each as the real binary.

mod backup;
mod currency;
mod databases;
mod demo;
mod doctor;
mod doctor_payments;
mod doctor_providers;
mod export;
mod import;
mod password;
mod revert;
mod seed;
mod seed_shop;
mod shop_files;
