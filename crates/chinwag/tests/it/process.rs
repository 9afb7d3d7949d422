//! What the operating system says about a running server.

use std::fs;

use crate::app::DEADLINE;
use crate::binary::Binary;

/// A process.
#[derive(Clone, Copy)]
pub struct Process(u32);

impl Process {
    pub fn of(server: &Binary) -> Self {
        Self(server.child.id())
    }

    /// A line of its status, such as `VmRSS:` or `VmHWM:`, in kB.
    pub fn memory_kb(self, what: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0)).unwrap();
        let line = status.lines().find(|line| line.starts_with(what)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    /// How many sockets it has open.
    pub fn sockets(self) -> usize {
        let files = fs::read_dir(format!("/proc/{}/fd", self.0)).unwrap();
        let targets = files.flatten().filter_map(|file| fs::read_link(file.path()).ok());
        targets.filter(|target| target.to_string_lossy().starts_with("socket:")).count()
    }

    /// Waits until it has at most that many sockets open.
    pub async fn until_sockets(self, most: usize) {
        let closed = async {
            while self.sockets() > most {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        let waited = tokio::time::timeout(DEADLINE, closed).await;
        waited.unwrap_or_else(|_| panic!("{} sockets are still open", self.sockets()));
    }
}
