//! How many files the process may have open: every connection is one.

use crate::config::LimitConfig;

/// The sockets to open files for when the settings name no limit.
const MOST_SOCKETS: u64 = 60_000;

/// Raises the limit of open files (usually 1,024) to what the settings need, since every connection
/// is an open file. When the system allows fewer, the log says so if they are too few for a large
/// room, and the limits of connections are lowered: one connection more would take its file from
/// the database and uploads.
pub fn raise_limit(limits: &mut LimitConfig) {
    /// Files for requests, the database and uploads.
    const BESIDE_SOCKETS: u64 = 2_000;
    /// For more people than this an operator sets a limit.
    const LARGE_ROOM: u64 = 10_000;
    let or = |limit: u32, unlimited: u64| if limit == 0 { unlimited } else { u64::from(limit) };
    let sockets = or(limits.limit_connections, MOST_SOCKETS);
    // Each may read a file, too.
    let http = 2 * or(limits.limit_http_connections, 20_000);
    let limit = rlimit::increase_nofile_limit(sockets + http + BESIDE_SOCKETS);
    if let Ok(limit) = limit {
        fit(limits, limit);
    }
    match limit {
        Ok(limit) if limit < sockets.min(LARGE_ROOM) + BESIDE_SOCKETS => {
            let people = limit.saturating_sub(BESIDE_SOCKETS);
            tracing::warn!(
                limit,
                "the system allows so few open files that about {people} people can be connected; \
                 raise it with `ulimit -n` or LimitNOFILE of systemd, or lower --limit-connections"
            );
        }
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "could not raise the limit of open files"),
    }
}

/// Lowers the limits of connections to what `files` open files are enough for. Both limits are
/// never reached together for long (a socket was an HTTP connection before), so the shares overlap
/// a little.
fn fit(limits: &mut LimitConfig, files: u64) {
    /// Files for the database, uploads and HTTP; at most half of all.
    const BESIDE_SOCKETS: u64 = 1_000;
    /// Files for each HTTP connection: the connection, and the file that it may be reading.
    const PER_REQUEST: u64 = 2;
    let most = |limit: u32, files: u64| {
        let files = u32::try_from(files).unwrap_or(u32::MAX).max(1);
        if limit == 0 { files } else { files.min(limit) }
    };
    let sockets = files.saturating_sub(BESIDE_SOCKETS).max(files / 2);
    limits.limit_connections = most(limits.limit_connections, sockets.min(MOST_SOCKETS));
    let beside = BESIDE_SOCKETS.min(files / 8);
    let left = files.saturating_sub(u64::from(limits.limit_connections) + beside);
    let http = (left / PER_REQUEST).max(files / 8);
    limits.limit_http_connections = most(limits.limit_http_connections, http);
}
