//! What the page of a product or a product group says besides its name and its description: to search engines, and in
//! HTML. Lists and orders do not read it.

mod html;
mod ports;
mod texts;

pub use html::DescriptionHtml;
pub use ports::*;
pub use texts::{PageTexts, PageTextsChange, ProductPage};
