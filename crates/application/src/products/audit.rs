use domain::Uuid;
use domain::products::Product;

use crate::Field;
use crate::audit_trail::{Audited, field, optional};

impl Audited for Product {
    const RESOURCE: &'static str = "product";

    fn resource_id(&self) -> Uuid {
        self.id.0
    }

    fn fields(&self) -> Vec<Field> {
        vec![
            optional("sku", self.sku.as_ref()),
            field("name", &self.name),
            optional("description", self.description.as_ref()),
            field("price", &self.price.amount()),
            field("status", self.status.as_str()),
            field("tax_class", self.tax_and_shipping.tax_class.as_str()),
            field("weight_grams", &self.tax_and_shipping.weight.get()),
            field("shippable", &self.tax_and_shipping.is_shippable),
        ]
    }
}
