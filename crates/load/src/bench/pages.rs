//! What the HTML page of a channel with a hundred messages costs the server.

use std::time::Instant;

use anyhow::{Result, bail};

use super::budgets::Samples;
use super::server::Server;
use super::setting::{Bench, TEXT_BYTES};
use crate::http::Request;
use crate::http::pool;
use crate::outcome::Usage;
use crate::people::Crowd;

/// Messages on the page.
const MESSAGES: u64 = 100;
/// Pages asked for at a time.
const WIDTH: usize = 2;

/// Measures it.
pub(super) fn measure(bench: &Bench, samples: &mut Samples) -> Result<()> {
    bench.cores.place_generator(true)?;
    let server = Server::product(bench, true)?;
    let target = server.target()?;
    let crowd = Crowd::gather(&target, 1, 1)?;
    crowd.say(&target, 0, MESSAGES, TEXT_BYTES)?;
    let path = format!("/channel/load%20{:08x}%200", crowd.run);
    let cookie = &crowd.people[0].cookie;
    let request = Request { method: "GET", path: &path, cookie, body: None }.encode(target.host());
    let end = Instant::now() + bench.seconds(4);
    let mut pages = 0;
    let before = Usage::read(Some(server.pid()))?;
    let next = || (Instant::now() < end).then(|| (0, request.clone()));
    pool::run(&target, WIDTH, next, |answer| {
        let response = answer.response;
        if response.status != 200 || memchr::memmem::find(&response.body, b"load#").is_none() {
            bail!("{path} answered {} without the messages", response.status);
        }
        pages += 1;
        Ok(())
    })?;
    let spent = Usage::read(Some(server.pid()))?.since(&before);
    let cpu_ms = spent.server_cpu.map_or(f64::INFINITY, |cpu| cpu.as_secs_f64() * 1e3);
    samples.add("page.cpu", cpu_ms / f64::from(pages));
    Ok(())
}
