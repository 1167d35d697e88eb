use domain::products::Product;
use domain::{Price, Uuid};

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
            optional("barcode", self.particulars.barcode.as_ref()),
            optional("available_from", self.particulars.available_from.as_ref()),
            optional("available_until", self.particulars.available_until.as_ref()),
            optional("compare_at_price", self.particulars.compare_at_price.map(Price::amount).as_ref()),
            optional("lowest_price_30d", self.lowest_price_30d.map(Price::amount).as_ref()),
        ]
    }
}
