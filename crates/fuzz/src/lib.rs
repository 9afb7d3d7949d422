//! Hostile input: the list of all code that reads what others send, and the seeds to begin with.
//!
//! `make test` tries every seed and a fixed number of mutations, the same ones each time
//! (`tests/short.rs`). `make fuzz` searches for a given time, guided by coverage (`scripts/fuzz`). The
//! entry points say what has to hold; they are in the `fuzzing` modules of the two crates. An input
//! that broke something becomes a seed, so that it is tried in every later run.

use std::path::{Path, PathBuf};

pub mod mutate;

/// A function that takes arbitrary bytes, and panics only if there is a defect.
#[derive(Clone, Copy)]
pub struct Target {
    /// The name of its program and of its folder of seeds.
    pub name: &'static str,
    /// Takes one input.
    pub run: fn(&[u8]),
}

/// Every target.
pub const TARGETS: [Target; 20] = [
    Target { name: "socket_frames", run: socketio::fuzzing::frames },
    Target { name: "socket_handshake", run: socketio::fuzzing::handshake },
    Target { name: "engine_packet", run: socketio::fuzzing::engine_packet },
    Target { name: "socket_packet", run: socketio::fuzzing::socket_packet },
    Target { name: "polling_payload", run: socketio::fuzzing::polling_payload },
    Target { name: "socket_attachments", run: socketio::fuzzing::attachments },
    Target { name: "socket_connection", run: socketio::fuzzing::connection },
    Target { name: "names", run: chinwag::fuzzing::names },
    Target { name: "texts", run: chinwag::fuzzing::texts },
    Target { name: "marks", run: chinwag::fuzzing::marks },
    Target { name: "json_bodies", run: chinwag::fuzzing::bodies },
    Target { name: "classic_text", run: chinwag::fuzzing::classic },
    Target { name: "queries", run: chinwag::fuzzing::queries },
    Target { name: "headers", run: chinwag::fuzzing::headers },
    Target { name: "ranges", run: chinwag::fuzzing::ranges },
    Target { name: "addresses", run: chinwag::fuzzing::addresses },
    Target { name: "uploads", run: chinwag::fuzzing::uploads },
    Target { name: "pictures", run: chinwag::fuzzing::pictures },
    Target { name: "resumable", run: chinwag::fuzzing::resumable },
    Target { name: "requests", run: chinwag::fuzzing::requests },
];

/// The seeds of a target with their paths, in the order of their names.
///
/// # Errors
/// When its folder cannot be read.
pub fn seeds(target: &Target) -> std::io::Result<Vec<(PathBuf, Vec<u8>)>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(target.name);
    let mut paths = std::fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<Vec<_>>>()?;
    paths.sort();
    paths.into_iter().map(|path| std::fs::read(&path).map(|data| (path, data))).collect()
}
