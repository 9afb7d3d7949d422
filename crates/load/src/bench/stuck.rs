//! Promise 4 as a number: how much a thousand readers are slowed by clients that stopped reading.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use socket2::{Domain, Socket, Type};

use super::budgets::Samples;
use super::crowds::connect;
use super::server::Server;
use super::setting::Bench;
use crate::member::upgrade_request;
use crate::outcome::Outcome;
use crate::pace::Load;
use crate::people::Person;
use crate::swarm::{Plan, Swarm};
use crate::target::Target;
use crate::wire::frame;

/// Readers.
const READERS: usize = 1_000;
/// Clients that are connected like the readers and read nothing.
const STUCK: usize = 10;
/// Long texts fill a queue soon, so that all stuck clients are closed within the measured time.
const TEXT_BYTES: usize = 1_000;
/// Messages a second.
const RATE: f64 = 50.0;
/// The receive buffer that a stuck client asks the kernel for. The kernel makes it somewhat larger.
const RECEIVE_BUFFER: usize = 4_096;
/// The longest head of a handshake's answer.
const MAX_HEAD: usize = 8_192;

/// Measures the rows of the stuck clients.
pub(super) fn measure(bench: &Bench, samples: &mut Samples) -> Result<()> {
    bench.cores.place_generator(true)?;
    let server = Server::product(bench, true)?;
    let target = server.target()?;
    let mut swarm = connect(&server, READERS, 1)?;
    let person = swarm.crowd().people.first().context("nobody is there")?.clone();
    let alone = talk(bench, &server, &mut swarm)?;
    let mut stuck = Vec::new();
    for _ in 0..STUCK {
        stuck.push(stick(&target, &person)?);
    }
    let beside = talk(bench, &server, &mut swarm)?;
    samples.add("stuck.p99", beside.each.p99_ms / alone.each.p99_ms);
    samples.add("stuck.alone", alone.each.p99_ms);
    let mut left = 0;
    for stream in stuck {
        left += usize::from(is_open(stream)?);
    }
    samples.add("stuck.left", left as f64);
    samples.add_faults(&[alone, beside]);
    Ok(())
}

fn talk(bench: &Bench, server: &Server, swarm: &mut Swarm) -> Result<Outcome> {
    let (load, length) = (Load::Rate(RATE), bench.seconds(16));
    let plan = Plan { load, length, text_bytes: TEXT_BYTES, pid: Some(server.pid()) };
    let outcome = swarm.run(&plan)?;
    eprintln!("{outcome}\n");
    Ok(outcome)
}

/// Connects, joins the namespace, and never reads again.
fn stick(target: &Target, person: &Person) -> Result<TcpStream> {
    let socket = Socket::new(Domain::for_address(target.address()), Type::STREAM, None)?;
    socket.set_recv_buffer_size(RECEIVE_BUFFER)?;
    socket.connect(&target.address().into())?;
    let mut stream = TcpStream::from(socket);
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    stream.write_all(upgrade_request(target.host(), &person.cookie).as_bytes())?;
    stream.write_all(&frame::client_text("40/app,"))?;
    let mut seen = Vec::new();
    while !seen.windows(8).any(|part| part == b"[\"heads\"") {
        let mut part = [0; 1_024];
        let length = stream.read(&mut part)?;
        if length == 0 || seen.len() > MAX_HEAD {
            bail!("not let in: {}", String::from_utf8_lossy(&seen));
        }
        seen.extend_from_slice(&part[..length]);
    }
    Ok(stream)
}

/// Whether the server still holds the connection. Reads what is left in the buffers, up to its end.
fn is_open(mut stream: TcpStream) -> Result<bool> {
    stream.set_read_timeout(Some(Duration::from_secs(1)))?;
    let mut buffer = vec![0; 64 * 1_024];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return Ok(false),
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => return Ok(true),
            Err(_) => return Ok(false),
        }
    }
}
