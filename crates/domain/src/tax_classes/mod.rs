//! Tax classes: which rates of a zone products and shipping bear. A class is named by its [code](TaxClassCode).

mod code;
mod ports;
mod tax_class;

pub use code::TaxClassCode;
pub use ports::*;
pub use tax_class::{TaxClass, TaxClassDetails, TaxClassId, TaxClassName};
