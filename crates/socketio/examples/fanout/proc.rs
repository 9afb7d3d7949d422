//! What the operating system knows about a process: CPU time and memory.

use std::io;

/// The CPU time that all threads of the process have used, in nanoseconds.
pub fn cpu_ns(pid: u32) -> io::Result<u64> {
    let mut sum = 0;
    for task in std::fs::read_dir(format!("/proc/{pid}/task"))? {
        let stat = std::fs::read_to_string(task?.path().join("schedstat"))?;
        let ns = stat.split(' ').next().and_then(|ns| ns.parse::<u64>().ok());
        sum += ns.ok_or(io::ErrorKind::InvalidData)?;
    }
    Ok(sum)
}

/// The resident memory of the process, in bytes.
pub fn resident_bytes(pid: u32) -> io::Result<u64> {
    let statm = std::fs::read_to_string(format!("/proc/{pid}/statm"))?;
    let pages = statm.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok());
    Ok(pages.ok_or(io::ErrorKind::InvalidData)? * 4096)
}
