//! A mail server that keeps what it is sent.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What the server does with a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Takes it.
    Takes,
    /// Refuses the recipient with this code.
    Refuses(u16),
    /// Keeps it, and hangs up before it says so.
    HangsUp,
    /// Takes it after a while.
    IsSlow,
    /// Says nothing for longer than a test lasts.
    Hangs,
}

/// A mail as it came.
#[derive(Debug, Clone)]
pub struct Mail {
    pub to: String,
    pub text: String,
}

impl Mail {
    /// The value of a header.
    pub fn header(&self, name: &str) -> &str {
        let start = format!("{name}: ");
        self.text.lines().find_map(|line| line.strip_prefix(&start)).unwrap_or_default()
    }

    /// The token in the link, with the soft line breaks of quoted-printable taken out.
    pub fn token(&self) -> String {
        let text = self.text.replace("=\r\n", "").replace("=3D", "=");
        let token = text.split("#token=").nth(1).unwrap();
        token.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect()
    }
}

pub struct Sink {
    port: u16,
    manner: Arc<Mutex<Manner>>,
    came: Arc<Mutex<Vec<Mail>>>,
}

impl Sink {
    pub async fn new(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let sink = Self { port, manner: Arc::new(Mutex::new(manner)), came: Arc::default() };
        let (manner, came) = (sink.manner.clone(), sink.came.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, manner.clone(), came.clone()));
            }
        });
        sink
    }

    /// The address of the server, as `mail.smtp.url` has it.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}?tls=none", self.port)
    }

    pub fn changes_to(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    /// What came so far.
    pub fn came(&self) -> Vec<Mail> {
        self.came.lock().unwrap().clone()
    }

    /// The mails to an address whose subject has these words.
    pub fn to(&self, address: &str, subject: &str) -> Vec<Mail> {
        let wanted = |mail: &Mail| mail.to == address && mail.header("Subject").contains(subject);
        self.came().into_iter().filter(wanted).collect()
    }
}

/// Speaks as much of RFC 5321 as it takes.
async fn serve(stream: TcpStream, manner: Arc<Mutex<Manner>>, came: Arc<Mutex<Vec<Mail>>>) -> Option<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 sink\r\n").await.ok()?;
    let mut to = String::new();
    while let Some(line) = lines.next_line().await.ok()? {
        let now = *manner.lock().unwrap();
        let answer = match line.split([' ', ':']).next().unwrap_or_default().to_uppercase().as_str() {
            "RCPT" => {
                if let Manner::Refuses(code) = now {
                    format!("{code} not this one")
                } else {
                    to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                    "250 ok".to_owned()
                }
            }
            "DATA" => {
                write.write_all(b"354 go on\r\n").await.ok()?;
                let mut text = String::new();
                loop {
                    let line = lines.next_line().await.ok()??;
                    if line == "." {
                        break;
                    }
                    text.push_str(&line);
                    text.push_str("\r\n");
                }
                match now {
                    Manner::IsSlow => tokio::time::sleep(Duration::from_secs(2)).await,
                    Manner::Hangs => tokio::time::sleep(Duration::from_mins(2)).await,
                    Manner::Takes | Manner::Refuses(_) | Manner::HangsUp => {}
                }
                came.lock().unwrap().push(Mail { to: to.clone(), text });
                if now == Manner::HangsUp {
                    return None;
                }
                "250 kept".to_owned()
            }
            "QUIT" => {
                write.write_all(b"221 bye\r\n").await.ok()?;
                return Some(());
            }
            _ => "250 ok".to_owned(),
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
    }
    Some(())
}
