//! Tax classes: which rates of a zone products and shipping bear. A class is named by its code, a
//! [`pricing::TaxClass`](crate::pricing::TaxClass); here are the classes as an administrator keeps them.

mod ports;
mod tax_class;

pub use ports::*;
pub use tax_class::{TaxClass, TaxClassDetails, TaxClassId, TaxClassName};
