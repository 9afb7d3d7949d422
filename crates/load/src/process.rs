//! What the operating system knows about a process: processor time and memory.
//!
//! It is read from `/proc`, so that threads which have ended are included.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};

/// The unit of the times in `/proc/<pid>/stat`: Linux shows 100 ticks a second to every program.
const TICK: Duration = Duration::from_millis(10);

/// Processor time that the process has used, all threads together, to 10 ms.
pub(crate) fn cpu_time(pid: u32) -> Result<Duration> {
    let path = format!("/proc/{pid}/stat");
    let stat = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    let ticks = ticks_of(&stat).with_context(|| format!("{path} is not as expected"))?;
    Ok(TICK * u32::try_from(ticks).unwrap_or(u32::MAX))
}

/// User and system time: fields 14 and 15, counted after the name, which may hold anything.
fn ticks_of(stat: &str) -> Option<u64> {
    let after_name = stat.rsplit_once(')')?.1;
    let mut fields = after_name.split_ascii_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

/// Resident memory in kB.
///
/// The sum over the mappings is exact; the figure in `status` may be off by some pages per
/// thread on current kernels, and is used where the other cannot be read.
pub(crate) fn resident_kb(pid: u32) -> Result<u64> {
    let exact = fs::read_to_string(format!("/proc/{pid}/smaps_rollup"));
    if let Some(kb) = exact.ok().and_then(|text| number(&text, "Rss:")) {
        return Ok(kb);
    }
    let path = format!("/proc/{pid}/status");
    let status = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    number(&status, "VmRSS:").with_context(|| format!("{path} does not tell the memory"))
}

/// The most memory that was ever resident, in kB, since the start or [`forget_peak`].
pub(crate) fn peak_kb(pid: u32) -> Result<u64> {
    let path = format!("/proc/{pid}/status");
    let status = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    number(&status, "VmHWM:").with_context(|| format!("{path} does not tell the peak"))
}

/// Resets the peak to what is resident now. Where the kernel does not support that, the peak stays the
/// one since the start, which is never too small.
pub(crate) fn forget_peak(pid: u32) {
    const FORGET_PEAK: &str = "5";
    let _ = fs::write(format!("/proc/{pid}/clear_refs"), FORGET_PEAK);
}

/// How often the threads of the process have gone to sleep so far, which is how often they were woken.
pub(crate) fn wake_ups(pid: u32) -> Result<u64> {
    let path = format!("/proc/{pid}/task");
    let threads = fs::read_dir(&path).with_context(|| format!("cannot read {path}"))?;
    let mut sum = 0;
    for thread in threads {
        // A thread that has just ended has no file any more.
        let Ok(status) = fs::read_to_string(thread?.path().join("status")) else { continue };
        sum += number(&status, "voluntary_ctxt_switches:").unwrap_or(0);
    }
    Ok(sum)
}

/// The first number behind `name`.
fn number(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_ascii_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_found_behind_any_name() {
        let stat = "7 (a ) b) S 1 2 3 4 5 6 7 8 9 10 41 1 0 0 20 0";
        assert_eq!(ticks_of(stat), Some(42));
        assert_eq!(ticks_of("7"), None);
    }

    #[test]
    fn this_process_has_used_memory_and_its_time_can_be_read() {
        let pid = std::process::id();
        assert!(resident_kb(pid).unwrap() > 100);
        assert!(peak_kb(pid).unwrap() > 100);
        assert!(wake_ups(pid).is_ok());
        assert!(cpu_time(pid).is_ok());
        assert!(cpu_time(u32::MAX).is_err());
    }
}
