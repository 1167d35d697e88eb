//! Floor H: a bare HTTP server that answers the same bytes from memory.

use std::path::PathBuf;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpResponse, HttpServer};
use anyhow::Result;
use clap::Args;
use serde::{Deserialize, Serialize};

#[derive(Args)]
pub struct Http {
    #[arg(long)]
    port: u16,
    #[arg(long)]
    workers: usize,
    /// File with the response
    answer: PathBuf,
}

/// A response without the headers that the framework adds.
#[derive(Clone, Serialize, Deserialize)]
pub struct Fixed {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

struct Parsed {
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
}

impl Http {
    pub fn run(self) -> Result<()> {
        let fixed: Fixed = serde_json::from_slice(&std::fs::read(&self.answer)?)?;
        let header = |(name, value): &(String, String)| anyhow::Ok((name.parse()?, value.parse()?));
        let parsed = Parsed {
            status: StatusCode::from_u16(fixed.status)?,
            headers: fixed.headers.iter().map(header).collect::<Result<_>>()?,
            body: fixed.body.into(),
        };
        let data = Data::from(Arc::new(parsed));
        let app = move || App::new().app_data(data.clone()).default_service(web::to(answer));
        let server = HttpServer::new(app).workers(self.workers).bind(("127.0.0.1", self.port))?;
        Ok(actix_web::rt::System::new().block_on(server.run())?)
    }
}

async fn answer(fixed: Data<Parsed>) -> HttpResponse {
    let mut answer = HttpResponse::build(fixed.status);
    for header in &fixed.headers {
        answer.insert_header(header.clone());
    }
    if fixed.body.is_empty() { answer.finish() } else { answer.body(fixed.body.clone()) }
}
