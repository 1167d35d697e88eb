//! The back office over HTTP, without a browser: pages as text, forms as they are sent.

mod access;
mod browser;
mod customers;
mod forms;
mod login;
mod media;
mod orders;
mod pages;
mod products;
mod reports;
mod search;
mod settings;
mod stock;
