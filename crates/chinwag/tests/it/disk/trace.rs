//! The system calls of a server, in the order in which they began and ended.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// A system call.
#[derive(Debug)]
pub struct Call {
    pub name: String,
    /// The arguments, with the paths of files and the bytes that were written.
    pub args: String,
    /// Where it begins in the trace.
    pub began: usize,
    /// Where it ended; `usize::MAX` when it did not.
    pub ended: usize,
    /// Whether it succeeded.
    pub done: bool,
}

impl Call {
    pub fn writes_to(&self, file: &str) -> bool {
        matches!(self.name.as_str(), "write" | "pwrite64") && self.is_of(file)
    }

    pub fn syncs(&self, file: &str) -> bool {
        matches!(self.name.as_str(), "fsync" | "fdatasync") && self.is_of(file) && self.done
    }

    /// Whether it sends bytes to a client.
    pub fn sends(&self) -> bool {
        matches!(self.name.as_str(), "write" | "writev" | "sendto" | "sendmsg")
            && (self.args.contains("<socket:") || self.args.contains("<TCP"))
    }

    /// Whether the file descriptor, which the trace shows with its path, is of that file, as in
    /// `9</data/chinwag.db-wal>`.
    fn is_of(&self, file: &str) -> bool {
        let fd = self.args.split(['>', ',']).next().unwrap_or_default();
        fd.ends_with(file)
    }
}

/// A command that runs a server under the tracer, as a child of this process. `None` where there is
/// no tracer.
pub fn tracer(options: &[&str], log: &Path) -> Option<Vec<String>> {
    let probe =
        Command::new("strace").args(["-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    let works = probe.is_ok_and(|status| status.success());
    let head = ["strace", "-D", "-f", "-y", "-s", "9000", "-e", "signal=none", "-o"];
    let words = head.into_iter().chain([log.to_str().unwrap()]).chain(options.iter().copied());
    works.then(|| words.map(str::to_owned).collect())
}

/// Reads a trace.
pub fn read(log: &Path) -> Vec<Call> {
    let text = String::from_utf8_lossy(&fs::read(log).unwrap()).into_owned();
    let (mut calls, mut open) = (Vec::new(), HashMap::new());
    for (at, line) in text.lines().enumerate() {
        let Some((thread, rest)) = line.split_once(' ') else { continue };
        let rest = rest.trim_start();
        let done = || rest.rsplit_once("= ").is_some_and(|(_, result)| !result.starts_with('-'));
        if rest.starts_with("<... ") {
            let Some(index) = open.remove(thread) else { continue };
            let call: &mut Call = &mut calls[index];
            (call.ended, call.done) = (at, done());
        } else if let Some((name, args)) = rest.split_once('(') {
            let unfinished = args.ends_with("<unfinished ...>");
            if unfinished {
                open.insert(thread.to_owned(), calls.len());
            }
            calls.push(Call {
                name: name.to_owned(),
                args: args.to_owned(),
                began: at,
                ended: if unfinished { usize::MAX } else { at },
                done: !unfinished && done(),
            });
        }
    }
    calls
}

/// The call that began first.
pub fn first(calls: &[Call], wanted: impl Fn(&Call) -> bool) -> Option<&Call> {
    calls.iter().filter(|call| wanted(call)).min_by_key(|call| call.began)
}
