//! What becomes of each of many changes.

use application::{ChangeOutcome, Error};
use domain::products::ProductId;
use serde::Serialize;
use serde_json::{Value, json};

use super::{Fault, Kind, Problem, fault_schema};
use crate::schema::{Apiv2Schema, DefaultSchemaRaw, with_schema};

/// What became of one of many changes, in the form of the response.
#[derive(Debug, Serialize)]
pub(crate) struct BatchResult {
    /// Its place in the request, from 0.
    index: usize,
    id: Option<String>,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<BatchProblem>,
}

/// Why one of many changes is refused. Path and request id are those of the response.
#[derive(Debug, Serialize)]
struct BatchProblem {
    r#type: String,
    title: &'static str,
    detail: String,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: Vec<Fault>,
}

impl BatchResult {
    /// A change that is done.
    pub(crate) fn done(index: usize, id: ProductId) -> Self {
        Self { index, id: Some(id.to_string()), status: 200, problem: None }
    }

    /// A change that is not done.
    pub(crate) fn refused(index: usize, id: Option<ProductId>, problem: Problem) -> Self {
        let status = problem.status().as_u16();
        let parts = *problem.0;
        let problem = BatchProblem {
            r#type: parts.kind.uri(),
            title: parts.kind.title,
            detail: parts.detail.into_owned(),
            errors: parts.faults,
        };
        Self { index, id: id.map(|id| id.to_string()), status, problem: Some(problem) }
    }

    fn of((index, outcome): (usize, ChangeOutcome)) -> Self {
        match (outcome.refusal, outcome.id) {
            (None, Some(id)) => Self::done(index, id),
            (None, None) => Self::refused(index, None, Error::NotFound("product").into()),
            (Some(refusal), id) => Self::refused(index, id, refusal.into()),
        }
    }
}

impl Apiv2Schema for BatchResult {
    fn raw_schema() -> DefaultSchemaRaw {
        with_schema(schema())
    }
}

/// The problem of changes that are refused because of some of them.
pub(super) fn of_batch(outcomes: Vec<ChangeOutcome>) -> Problem {
    let (all, bad) = (outcomes.len(), outcomes.iter().filter(|outcome| outcome.refusal.is_some()).count());
    let detail = format!("Nothing was changed: {bad} of {all} changes are refused. `results` has the problem of each.");
    let mut problem = Problem::new(Kind::BATCH_REFUSED, detail);
    problem.0.results = outcomes.into_iter().enumerate().map(BatchResult::of).collect();
    problem
}

/// The JSON schema of what becomes of one change.
pub(super) fn schema() -> Value {
    json!({
        "type": "object",
        "required": ["index", "id", "status"],
        "properties": {
            "index": { "type": "integer", "format": "int32", "description": "Its place in `items`, from 0." },
            "id": {
                "type": "string", "format": "uuid", "x-nullable": true,
                "description": "The product; null if there is none with the SKU.",
            },
            "status": {
                "type": "integer", "format": "int32",
                "description": "The HTTP status that the change alone has, or would have if the others were not refused.",
            },
            "problem": {
                "type": "object",
                "description": "Why the change is refused; left out if it is not.",
                "required": ["type", "title", "detail"],
                "properties": {
                    "type": { "type": "string", "description": "As in a problem document." },
                    "title": { "type": "string", "description": "As in a problem document." },
                    "detail": { "type": "string", "description": "What is wrong with this change." },
                    "errors": fault_schema("Every refused field of this change."),
                },
            },
        },
    })
}
