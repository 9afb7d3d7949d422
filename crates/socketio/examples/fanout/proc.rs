//! What the operating system says of a process.

use std::io;

/// CPU time of all its threads so far, in nanoseconds.
pub fn cpu_ns(pid: u32) -> io::Result<u64> {
    let mut sum = 0;
    for task in std::fs::read_dir(format!("/proc/{pid}/task"))? {
        let stat = std::fs::read_to_string(task?.path().join("schedstat"))?;
        let ns = stat.split(' ').next().and_then(|ns| ns.parse::<u64>().ok());
        sum += ns.ok_or(io::ErrorKind::InvalidData)?;
    }
    Ok(sum)
}

/// Its resident memory.
pub fn resident_bytes(pid: u32) -> io::Result<u64> {
    let statm = std::fs::read_to_string(format!("/proc/{pid}/statm"))?;
    let pages = statm.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok());
    Ok(pages.ok_or(io::ErrorKind::InvalidData)? * 4096)
}
