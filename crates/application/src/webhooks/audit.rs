use domain::Uuid;
use domain::webhooks::{Endpoint, EndpointDetails};

use crate::Field;
use crate::audit_trail::{Audited, field, optional};

impl Audited for Endpoint {
    const RESOURCE: &'static str = "webhook_endpoint";

    fn resource_id(&self) -> Uuid {
        self.id.0
    }

    fn fields(&self) -> Vec<Field> {
        vec![
            field(EndpointDetails::TARGET, &self.target),
            field("types", &self.types),
            optional("description", self.description.as_ref()),
            field("status", self.status.as_str()),
            field("generation", &self.generation),
            optional("replay", self.replay.map(|(after, before)| format!("{after}..{before}")).as_ref()),
        ]
    }
}
