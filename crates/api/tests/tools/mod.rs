//! The commands that work on the data of a shop, each as the real binary.

mod databases;
mod doctor;
mod export;
mod import;
mod revert;
mod seed;
