//! Fetching the small files of a model from a hub: only when asked for by name, and only from the addresses that were
//! announced. Plain http is spoken here (mirrors, local servers); https is left to `curl`, which knows the system's
//! certificates and proxies.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::process::Command;
use std::time::Duration;

use crate::import::hub::Reply;

/// Seconds until an address counts as silent.
const WAIT_S: u32 = 60;
const MOST_REDIRECTS: usize = 5;
/// Longest header of an answer, bytes.
const MOST_HEADER_BYTES: usize = 65_536;

/// What an address answers, at most `most` bytes of it.
pub fn get(address: &str, most: usize) -> Reply {
    let mut at = address.to_owned();
    for _ in 0..MOST_REDIRECTS {
        let Some(rest) = at.strip_prefix("http://") else { return by_curl(&at, most) };
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let answer = match Answer::get(host, path, most) {
            Ok(answer) => answer,
            Err(e) if matches!(e.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {
                return Reply::TimedOut(WAIT_S);
            }
            Err(e) => return Reply::Failed(e.to_string()),
        };
        match (answer.status, answer.location) {
            (301 | 302 | 303 | 307 | 308, Some(to)) => {
                at = if to.starts_with('/') { format!("http://{host}{to}") } else { to };
            }
            _ if answer.body.len() > most => return Reply::TooLarge,
            (status, _) => return Reply::Answer { status, text: answer.body },
        }
    }
    Reply::Failed("it redirects too often".into())
}

struct Answer {
    status: u16,
    location: Option<String>,
    body: String,
}

impl Answer {
    /// One HTTP/1.0 request, so that the body ends with the connection.
    fn get(host: &str, path: &str, most: usize) -> std::io::Result<Self> {
        let bad = |what: &str| std::io::Error::new(std::io::ErrorKind::InvalidData, what.to_owned());
        let named = if host.contains(':') { host.to_owned() } else { format!("{host}:80") };
        let address = named.to_socket_addrs()?.next().ok_or_else(|| bad("the host has no address"))?;
        let wait = Duration::from_secs(u64::from(WAIT_S));
        let mut stream = TcpStream::connect_timeout(&address, wait)?;
        stream.set_read_timeout(Some(wait))?;
        let name = concat!("crossover/", env!("CARGO_PKG_VERSION"));
        write!(
            stream,
            "GET /{path} HTTP/1.0\r\nHost: {host}\r\nUser-Agent: {name}\r\nAccept: application/json\r\n\r\n"
        )?;
        let mut raw = Vec::new();
        stream.take((most + MOST_HEADER_BYTES) as u64).read_to_end(&mut raw)?;
        let end = raw.windows(4).position(|w| w == b"\r\n\r\n").ok_or_else(|| bad("the answer has no header"))?;
        let head = String::from_utf8_lossy(&raw[..end]).into_owned();
        let body = String::from_utf8(raw.split_off(end + 4)).map_err(|_| bad("the answer is not text"))?;
        let status = head.split_whitespace().nth(1).and_then(|s| s.parse().ok()).ok_or_else(|| bad("no status"))?;
        let field = |line: &str| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("location").then(|| value.trim().to_owned())
        };
        Ok(Self { status, location: head.lines().find_map(field), body })
    }
}

/// The same through curl.
fn by_curl(address: &str, most: usize) -> Reply {
    let (wait, limit) = (WAIT_S.to_string(), most.to_string());
    let out = Command::new("curl")
        .args(["--silent", "--show-error", "--location", "--proto", "=https", "--max-time", &wait])
        .args(["--max-filesize", &limit, "--write-out", "\n%{http_code}", "--", address])
        .output();
    let out = match out {
        Ok(out) => out,
        Err(e) => return Reply::Failed(format!("curl cannot be run ({e})")),
    };
    match out.status.code() {
        Some(0) => {}
        Some(28) => return Reply::TimedOut(WAIT_S),
        Some(63) => return Reply::TooLarge,
        _ => return Reply::Failed(String::from_utf8_lossy(&out.stderr).trim().to_owned()),
    }
    let Ok(text) = String::from_utf8(out.stdout) else { return Reply::Failed("the answer is not text".into()) };
    match text.rsplit_once('\n').and_then(|(body, code)| Some((body, code.parse().ok()?))) {
        Some((body, status)) => Reply::Answer { status, text: body.to_owned() },
        None => Reply::Failed("no answer".into()),
    }
}
