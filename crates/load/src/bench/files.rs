//! A file of 1 GB, up and down. It must pass through the server without being held in its memory.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::budgets::Samples;
use super::server::Server;
use super::setting::Bench;
use crate::people::Crowd;
use crate::process;

/// The file.
const BYTES: u64 = 1 << 30;
/// The product's limit must be above the size of the file.
const SETTINGS: &[(&str, &str)] = &[("CHINWAG_UPLOAD_LIMIT_MB", "2048")];
/// Bytes written and read at a time.
const CHUNK: usize = 256 << 10;
/// If nothing arrives for this long, the server is stuck.
const SILENCE: Duration = Duration::from_secs(60);
/// Time after which a server is idle that has just started.
const SETTLING: Duration = Duration::from_secs(1);

/// The answer to an upload.
#[derive(Deserialize)]
struct Uploaded {
    id: String,
}

/// Measures both ways.
pub(super) fn measure(bench: &Bench, samples: &mut Samples) -> Result<()> {
    bench.cores.place_generator(false)?;
    let server = Server::product_with(bench, false, SETTINGS)?;
    let cookie = Crowd::gather(&server.target()?, 1, 1)?.people[0].cookie.clone();
    std::thread::sleep(SETTLING);
    let up = watched(&server, || send(&server, &cookie))?;
    samples.add("files.up", up.growth_mb);
    samples.add("files.up.rate", up.mb_per_second);
    let down = watched(&server, || fetch(&server, &cookie, &up.value))?;
    samples.add("files.down", down.growth_mb);
    samples.add("files.down.rate", down.mb_per_second);
    Ok(())
}

/// The figures of one direction, and what the transfer returned.
struct Seen<T> {
    value: T,
    growth_mb: f64,
    mb_per_second: f64,
}

/// Runs a transfer and measures its speed, and how far the server's memory rose.
fn watched<T>(server: &Server, it: impl FnOnce() -> Result<T>) -> Result<Seen<T>> {
    process::forget_peak(server.pid());
    let before_kb = server.resident_kb()?;
    let started = Instant::now();
    let value = it()?;
    let took = started.elapsed();
    let growth_kb = process::peak_kb(server.pid())?.saturating_sub(before_kb);
    let mb_per_second = BYTES as f64 / f64::from(1 << 20) / took.as_secs_f64();
    eprintln!("1 GB in {:.1} s, memory {before_kb} kB + {growth_kb} kB", took.as_secs_f64());
    Ok(Seen { value, growth_mb: growth_kb as f64 / 1024.0, mb_per_second })
}

/// Sends the file and returns its id.
fn send(server: &Server, cookie: &str) -> Result<String> {
    let mut stream = connect(server)?;
    let head = format!(
        "POST /api/uploads?name=large.bin HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\n\
         Content-Type: application/octet-stream\r\nContent-Length: {BYTES}\r\n\
         Connection: close\r\n\r\n",
        server.address()
    );
    stream.write_all(head.as_bytes())?;
    let chunk = [0x5a; CHUNK];
    for _ in 0..BYTES / CHUNK as u64 {
        stream.write_all(&chunk).context("sending the file")?;
    }
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let Some((response, _)) = crate::http::parse(&answer)? else {
        bail!("the upload was not answered");
    };
    if response.status != 201 {
        bail!("the upload was answered {}", response.status);
    }
    let uploaded: Uploaded = serde_json::from_slice(&response.body)?;
    Ok(uploaded.id)
}

/// Reads the file to its end.
fn fetch(server: &Server, cookie: &str, id: &str) -> Result<()> {
    let mut stream = connect(server)?;
    let head = format!(
        "GET /files/{id}/large.bin HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\n\
         Connection: close\r\n\r\n",
        server.address()
    );
    stream.write_all(head.as_bytes())?;
    let mut buffer = vec![0; CHUNK];
    let mut read = 0;
    loop {
        match stream.read(&mut buffer).context("reading the file")? {
            0 => break,
            count => read += count as u64,
        }
    }
    // The rest is the head of the answer.
    if !(BYTES..BYTES + (16 << 10)).contains(&read) {
        bail!("{read} bytes came back instead of {BYTES}");
    }
    Ok(())
}

fn connect(server: &Server) -> Result<TcpStream> {
    let stream = TcpStream::connect(server.address())?;
    stream.set_read_timeout(Some(SILENCE))?;
    stream.set_write_timeout(Some(SILENCE))?;
    Ok(stream)
}
