//! A server that answers as Stripe does, keeps idempotency keys as Stripe does, and breaks when it is asked to.

mod books;

use std::collections::{HashMap, VecDeque};
use std::net::TcpListener;
use std::sync::{Arc, Mutex, MutexGuard};

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, dev::ServerHandle, rt, web};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use socket2::{SockRef, Socket};
use tokio::sync::Semaphore;

pub use books::{Balance, Books, Parameters};

/// The key that it accepts.
pub const SECRET_KEY: &str = "sk_test_of_the_fake";
/// What it signs notices with.
pub const WEBHOOK_SECRET: &str = "whsec_of_the_fake";

/// What goes wrong with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The connection breaks, and nothing was done.
    LoseRequest,
    /// It is done, and the connection breaks.
    LoseAnswer,
    /// 500 and nothing done. The key keeps it.
    Fail,
    /// 500, although it was done. The key keeps it.
    FailDone,
    /// It is done, and the answer waits for [`FakeStripe::release`].
    Hold,
    /// It waits for [`FakeStripe::release`], and is done after that, even if nobody waits for it any more.
    Delay,
    /// It is not done, and the answer has this status and body.
    Answer(u16, &'static str),
    /// It is done, and the answer has this body.
    Garble(&'static str),
}

/// A request that it has seen.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: String,
    pub path: String,
    pub parameters: Parameters,
    pub key: Option<String>,
}

/// The first request with a key, and its answer.
struct Kept {
    parameters: Parameters,
    status: u16,
    body: String,
    /// Whether the answer is still held.
    is_running: bool,
}

/// Whether a request is one that goes wrong.
type Which = Box<dyn Fn(&Seen) -> bool + Send>;

#[derive(Default)]
struct Stripe {
    books: Books,
    keys: HashMap<String, Kept>,
    faults: VecDeque<Fault>,
    planned: Vec<(Which, Fault)>,
    seen: Vec<Seen>,
}

/// The running fake. It stops when the last of its clones is dropped.
#[derive(Clone)]
pub struct FakeStripe {
    /// The base URL, such as `http://127.0.0.1:49152`.
    pub address: String,
    shared: Data<Shared>,
    _running: Arc<Running>,
}

struct Running {
    shared: Data<Shared>,
    handle: ServerHandle,
}

struct Shared {
    stripe: Mutex<Stripe>,
    held: Semaphore,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Stripe> {
        self.stripe.lock().unwrap()
    }
}

impl FakeStripe {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let shared = Data::new(Shared { stripe: Mutex::default(), held: Semaphore::new(0) });
        let state = shared.clone();
        let server = HttpServer::new(move || App::new().app_data(state.clone()).default_service(web::to(answer)))
            .on_connect(|connection, extensions| {
                let stream = connection.downcast_ref::<rt::net::TcpStream>().unwrap();
                extensions.insert(Arc::new(SockRef::from(stream).try_clone().unwrap()));
            })
            .workers(1)
            .disable_signals()
            .listen(listener)
            .unwrap()
            .run();
        let handle = server.handle();
        tokio::spawn(server);
        let running = Arc::new(Running { shared: shared.clone(), handle });
        Self { address, shared, _running: running }
    }

    /// What it keeps, to look at or to change as customers and banks do.
    pub fn books<T>(&self, with: impl FnOnce(&mut Books) -> T) -> T {
        with(&mut self.shared.lock().books)
    }

    /// The next request goes wrong like this; those after it as was said before.
    pub fn next(&self, fault: Fault) {
        self.shared.lock().faults.push_back(fault);
    }

    /// The next request that `which` picks goes wrong like this.
    pub fn when(&self, which: impl Fn(&Seen) -> bool + Send + 'static, fault: Fault) {
        self.shared.lock().planned.push((Box::new(which), fault));
    }

    /// Lets one held answer, or one delayed request, go.
    pub fn release(&self) {
        self.shared.held.add_permits(1);
    }

    /// The requests so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.shared.lock().seen.clone()
    }

    /// The requests so far that are to change something.
    pub fn posted(&self) -> Vec<Seen> {
        self.seen().into_iter().filter(|seen| seen.method == "POST").collect()
    }

    /// Sends an event to a webhook, signed for now. What is accepted counts as delivered.
    pub async fn deliver(&self, url: &str, event: &str) -> u16 {
        let body = self.books(|books| books.events.iter().find(|known| known.id == event).unwrap().body.clone());
        let at = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
        let request = testkit::http().post(url).header("Stripe-Signature", sign(WEBHOOK_SECRET, at, &body)).body(body);
        let status = request.send().await.unwrap().status();
        if status.is_success() {
            self.books(|books| {
                books.events.iter_mut().filter(|known| known.id == event).for_each(|e| e.delivered = true);
            });
        }
        status.as_u16()
    }

    /// The ids of the events about a payment, in order.
    pub fn events_of(&self, reference: &str) -> Vec<String> {
        self.books(|books| {
            let about = format!("\"{reference}\"");
            books.events.iter().filter(|event| event.body.contains(&about)).map(|event| event.id.clone()).collect()
        })
    }

    /// The ids of all events, in order.
    pub fn events(&self) -> Vec<String> {
        self.books(|books| books.events.iter().map(|event| event.id.clone()).collect())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.shared.held.add_permits(1);
        drop(self.handle.stop(false));
    }
}

/// The header with the signature of a body.
pub fn sign(secret: &str, at: u64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{at}.{body}").as_bytes());
    let hex = mac.finalize().into_bytes().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    format!("t={at},v1={hex}")
}

async fn answer(request: HttpRequest, body: Bytes, shared: Data<Shared>) -> HttpResponse {
    let header = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let method = request.method().to_string();
    let path = request.path().strip_prefix("/v1/").unwrap_or_default().to_owned();
    let encoded = if method == "POST" { &body[..] } else { request.query_string().as_bytes() };
    let parameters: Parameters = url::form_urlencoded::parse(encoded).into_owned().collect();
    let key = header("Idempotency-Key");
    if header("Authorization") != Some(format!("Bearer {SECRET_KEY}")) {
        return error(401, "invalid_request_error", None, "Invalid API Key provided");
    }
    if header("Stripe-Version").is_none() || (method == "POST" && key.is_none()) {
        return error(400, "invalid_request_error", None, "the fake wants a version and, to change something, a key");
    }
    let fault = {
        let seen =
            Seen { method: method.clone(), path: path.clone(), parameters: parameters.clone(), key: key.clone() };
        shared.lock().fault(seen)
    };
    match fault {
        Some(Fault::LoseRequest) => return broken(&request),
        Some(Fault::Answer(status, body)) => return plain(status, body.to_owned()),
        Some(Fault::Delay) => {
            // It goes on without whoever asked.
            let done = rt::spawn(async move {
                shared.held.acquire().await.unwrap().forget();
                shared.lock().once(key.as_deref(), &method, &path, parameters, None)
            });
            let (status, body) = done.await.unwrap();
            return plain(status, body);
        }
        _ => {}
    }
    let answered = shared.lock().once(key.as_deref(), &method, &path, parameters, fault);
    match fault {
        // It goes on without whoever asked.
        Some(Fault::Hold) => drop(rt::spawn(hold(shared, key.unwrap_or_default())).await),
        Some(Fault::LoseAnswer) => return broken(&request),
        Some(Fault::Garble(body)) => return plain(answered.0, body.to_owned()),
        _ => {}
    }
    plain(answered.0, answered.1)
}

/// Waits for [`FakeStripe::release`]. Until then, others with the key are answered that it is in use.
async fn hold(shared: Data<Shared>, key: String) {
    shared.held.acquire().await.unwrap().forget();
    if let Some(kept) = shared.lock().keys.get_mut(&key) {
        kept.is_running = false;
    }
}

impl Stripe {
    /// Writes a request down, and says what goes wrong with it.
    fn fault(&mut self, seen: Seen) -> Option<Fault> {
        let planned = self.planned.iter().position(|(which, _)| which(&seen)).map(|at| self.planned.remove(at).1);
        self.seen.push(seen);
        planned.or_else(|| self.faults.pop_front())
    }

    /// Does what is asked for, once for each key.
    fn once(
        &mut self,
        key: Option<&str>,
        method: &str,
        path: &str,
        parameters: Parameters,
        fault: Option<Fault>,
    ) -> (u16, String) {
        if let Some(first) = key.and_then(|key| self.keys.get(key)) {
            if first.is_running {
                return written(409, "idempotency_error", Some("idempotency_key_in_use"), "still running");
            }
            if first.parameters != parameters {
                return written(400, "idempotency_error", None, "Keys can only be used with the same parameters");
            }
            return (first.status, first.body.clone());
        }
        let done = if fault == Some(Fault::Fail) { None } else { Some(self.books.call(method, path, &parameters)) };
        let answered = match done {
            _ if matches!(fault, Some(Fault::Fail | Fault::FailDone)) => {
                written(500, "api_error", None, "Something went wrong on Stripe's end")
            }
            Some(Ok(object)) => (200, object.to_string()),
            Some(Err(refused)) => written(refused.status, refused.kind, refused.code.as_deref(), &refused.message),
            None => unreachable!("only a failure does nothing"),
        };
        if let Some(key) = key {
            let (status, body) = answered.clone();
            let is_running = fault == Some(Fault::Hold);
            self.keys.insert(key.to_owned(), Kept { parameters, status, body, is_running });
        }
        answered
    }
}

fn written(status: u16, kind: &str, code: Option<&str>, message: &str) -> (u16, String) {
    let mut error: Value = json!({ "type": kind, "message": message });
    if let Some(code) = code {
        error["code"] = json!(code);
    }
    (status, json!({ "error": error }).to_string())
}

fn error(status: u16, kind: &str, code: Option<&str>, message: &str) -> HttpResponse {
    let (status, body) = written(status, kind, code, message);
    plain(status, body)
}

fn plain(status: u16, body: String) -> HttpResponse {
    let mut response = HttpResponse::build(StatusCode::from_u16(status).unwrap());
    if (300..400).contains(&status) {
        response.insert_header(("Location", "/v1/elsewhere"));
    }
    if status == 429 {
        response.insert_header(("Retry-After", "7"));
    }
    response.content_type("application/json").body(body)
}

/// Breaks the connection. Nobody sees the response.
fn broken(request: &HttpRequest) -> HttpResponse {
    let socket = request.conn_data::<Arc<Socket>>().unwrap();
    socket.shutdown(std::net::Shutdown::Both).unwrap();
    HttpResponse::Ok().finish()
}
