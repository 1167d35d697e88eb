//! The adapters that call other servers, against what stands in for these.

mod stripe;
