use domain::StoreError;
use domain::events::{Event, Fact, FeedPage, PublishedEvent};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::respond::{Id, Money, Timestamp};
use crate::schema::{Apiv2Schema, DefaultSchemaRaw, ResponseBody};
use crate::{example, schema};

/// What happened, after a position.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "EventFeed")]
pub(crate) struct FeedBody {
    /// In order of position.
    items: Vec<EventBody>,
    /// The position up to which everything was looked at: the `after` of the next request.
    next_after: i64,
}

/// Something that happened.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Event")]
pub(crate) struct EventBody {
    /// The same wherever the event is sent, so that a receiver knows it again.
    id: Id,
    /// What happened, such as `order.placed`. There may be others than those that a reader knows.
    #[serde(rename = "type")]
    event_type: String,
    /// When it happened.
    at: Timestamp,
    /// Its place among all events: 1, 2, 3 and so on.
    position: i64,
    /// The order, product or customer that it happened to.
    stream: Id,
    /// Ids, versions, states and amounts, by type.
    data: Data,
}

/// A JSON object, as it was written down.
#[derive(Serialize)]
#[serde(transparent)]
struct Data(Box<RawValue>);

impl Apiv2Schema for Data {
    fn raw_schema() -> DefaultSchemaRaw {
        schema::with_schema(json!({ "type": "object", "additionalProperties": true }))
    }
}

impl ResponseBody for FeedBody {
    fn example() -> Self {
        Self { items: EventBody::of(&Event::order_placed(&example::order()), 1).into_iter().collect(), next_after: 1 }
    }
}

impl EventBody {
    /// An event of the example shop; `None` never, because it can be written as JSON.
    pub(super) fn of(event: &Event, position: i64) -> Option<Self> {
        let data = event.data.iter().map(|(name, fact)| ((*name).to_owned(), shown(fact)));
        Self::try_from(PublishedEvent {
            position,
            id: example::id(),
            event_type: event.event_type.as_str().to_owned(),
            stream: event.stream,
            data: Value::from(data.collect::<Map<_, _>>()).to_string(),
            at: example::NOW,
        })
        .ok()
    }
}

fn shown(fact: &Fact) -> Value {
    let shown = match *fact {
        Fact::Id(id) => serde_json::to_value(Id(id)),
        Fact::Number(number) => Ok(number.into()),
        Fact::Word(word) => Ok(word.into()),
        Fact::Money(money) => serde_json::to_value(Money::from(money)),
        Fact::Time(time) => serde_json::to_value(Timestamp(time)),
        Fact::Nothing => Ok(Value::Null),
    };
    shown.unwrap_or_default()
}

impl TryFrom<PublishedEvent> for EventBody {
    type Error = application::Error;

    fn try_from(event: PublishedEvent) -> Result<Self, application::Error> {
        let PublishedEvent { position, id, event_type, stream, data, at } = event;
        let data = RawValue::from_string(data).map_err(|error| StoreError::Internal(error.into()))?;
        Ok(Self { id: Id(id), event_type, at: Timestamp(at), position, stream: Id(stream), data: Data(data) })
    }
}

impl TryFrom<FeedPage> for FeedBody {
    type Error = application::Error;

    fn try_from(page: FeedPage) -> Result<Self, application::Error> {
        let items = page.events.into_iter().map(EventBody::try_from).collect::<Result<_, _>>()?;
        Ok(Self { items, next_after: page.next_after })
    }
}
