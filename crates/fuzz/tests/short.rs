//! Feeds every seed and a fixed number of mutations to every target; they are the same each time.
//!
//! `FUZZ_RUNS` sets the number of mutations, for a longer search without a fuzzer.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use chinwag_fuzz::mutate::Generator;
use chinwag_fuzz::{TARGETS, Target, seeds};

/// The longest time that one input may take on a busy machine, in a debug build.
const MOST_TIME: Duration = Duration::from_secs(20);

/// The number of mutations for a target. A picture costs a hundred times as much as other inputs.
fn runs(target: &Target) -> usize {
    #[expect(clippy::disallowed_methods, reason = "a setting of the test, not of the product")]
    let asked = std::env::var("FUZZ_RUNS").ok().and_then(|runs| runs.parse().ok());
    asked.unwrap_or(match target.name {
        "pictures" => 500,
        "requests" => 1_500,
        "socket_connection" => 5_000,
        _ => 20_000,
    })
}

fn take(target: &Target, data: &[u8], what: &dyn Fn() -> String) {
    let started = Instant::now();
    if catch_unwind(AssertUnwindSafe(|| (target.run)(data))).is_err() {
        let text = String::from_utf8_lossy(data);
        panic!("{}: {}: {data:?} ({text:?})", target.name, what());
    }
    assert!(started.elapsed() < MOST_TIME, "{}: {} took too long", target.name, what());
}

fn short(name: &str) {
    let target = TARGETS.iter().find(|target| target.name == name).expect("a target");
    let seeds = seeds(target).expect("its seeds");
    for (path, data) in &seeds {
        take(target, data, &|| format!("the seed {}", path.display()));
    }
    let seeds: Vec<Vec<u8>> = seeds.into_iter().map(|(_, data)| data).collect();
    let mut generator = Generator::new(2026);
    for run in 0..runs(target) {
        take(target, &generator.mutated(&seeds), &|| format!("mutation {run}"));
    }
    if name == "requests" {
        chinwag::fuzzing::end_requests();
    }
}

/// Makes a test for each target, so that targets run side by side and a failure names its target.
macro_rules! each {
    ($($name:ident)*) => {
        $(#[test] fn $name() { short(stringify!($name)); })*
        const TESTED: &[&str] = &[$(stringify!($name)),*];
    };
}

each! {
    socket_frames
    socket_handshake
    engine_packet
    socket_packet
    polling_payload
    socket_attachments
    socket_connection
    names
    texts
    marks
    json_bodies
    classic_text
    queries
    headers
    ranges
    addresses
    uploads
    pictures
    resumable
    requests
}

#[test]
fn every_target_is_tested_and_has_a_program() {
    let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
    assert_eq!(names, TESTED);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in names {
        assert!(folder.join(format!("targets/{name}.rs")).exists(), "{name}");
    }
}
