//! The office over HTTP, without a browser: pages as text, forms as they are sent.

mod access;
mod api_calls;
mod browser;
mod chosen;
mod costs;
mod customers;
mod files;
mod first_start;
mod forms;
mod groups;
mod imports;
mod login;
mod mails;
mod media;
mod orders;
mod pages;
mod products;
mod promotions;
mod refunds;
mod reports;
mod search;
mod settings;
mod statements;
mod stock;
mod webhooks;
mod work;
