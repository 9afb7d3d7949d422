//! What the configuration means for each part.

use std::time::Duration;

use crate::chat::{Limits, PerPerson, Quota, Rules};
use crate::config::Config;
use crate::http::{ConnectionLimits, CookieNames, Site, into_tcp};
use crate::model::channels::MAX_MEMBERSHIPS;
use crate::model::text::MessageText;
use crate::wire::place::{Callers, ChannelMakers, EditTime, WayIn};
use crate::wire::state::Workspace;

/// A dead connection is found on both sides within the two together, less than 30 s. More often
/// than the reference server's 25 s and 20 s, and still under 1 % of a core for 10,000 people.
const PING_EVERY: Duration = Duration::from_secs(20);
/// The longest that a ping may stay unanswered.
const PONG_WITHIN: Duration = Duration::from_secs(9);
/// The most bytes of a packet. The longest that a client sends is a message of 10,000 characters,
/// which is 120 kB when each is escaped at its longest; a larger one would only cost time to parse.
const SOCKET_PAYLOAD_BYTES: usize = 256 * 1024;
/// The most bytes of packets per second in the long run from one connection, after a burst of 1 MiB.
const SOCKET_BYTES_PER_S: u32 = 512 * 1024;
const DAY_MS: i64 = 24 * 3_600_000;

pub(super) fn rules(config: &Config) -> Rules {
    let limits = &config.limits;
    Rules {
        session_ms: i64::from(config.session_days) * DAY_MS,
        upload_limit_bytes: megabytes(config.upload_limit_mb),
        quota: Quota {
            person_bytes: megabytes(config.quota_person_mb),
            all_bytes: megabytes(config.quota_mb),
        },
        upload_keep_ms: i64::from(config.upload_keep_hours) * 3_600_000,
        limits: Limits {
            sign_ins: limits.limit_sign_ins,
            wrong_passwords: limits.limit_wrong_passwords,
            new_names: limits.limit_new_names,
            messages: PerPerson {
                person: limits.limit_messages,
                address: limits.limit_messages_per_address,
            },
            messages_burst: limits.limit_messages_burst,
            message_kb: PerPerson {
                person: limits.limit_message_kb,
                address: limits.limit_message_kb_per_address,
            },
            commands: PerPerson {
                person: limits.limit_commands,
                address: limits.limit_commands_per_address,
            },
            topics: PerPerson {
                person: limits.limit_topics,
                address: limits.limit_topics_per_address,
            },
            new_channels: PerPerson {
                person: limits.limit_new_channels,
                address: limits.limit_new_channels_per_address,
            },
            uploads: PerPerson {
                person: limits.limit_uploads,
                address: limits.limit_uploads_per_address,
            },
            uploads_at_once: PerPerson {
                person: limits.limit_uploads_at_once,
                address: limits.limit_uploads_at_once_per_address,
            },
            connections: limits.limit_connections_per_person,
            unfinished_uploads: limits.limit_unfinished_uploads,
            reports: limits.limit_reports,
            renames: limits.limit_renames,
        },
    }
}

pub(super) fn socket_config(config: &Config) -> socketio::Config {
    let limits = &config.limits;
    socketio::Config {
        ping_interval: PING_EVERY,
        ping_timeout: PONG_WITHIN,
        shards: usize::from(config.shards),
        max_connections: unlimited(limits.limit_connections),
        max_connections_per_address: limits.limit_connections_per_address as usize,
        packets_per_second: limits.limit_packets,
        // No event of Chinwag has one, and a packet whose attachments never come is kept.
        max_attachments: 0,
        max_payload_bytes: SOCKET_PAYLOAD_BYTES,
        bytes_per_second: SOCKET_BYTES_PER_S,
        // A room for each membership, and those of the person, the session and the namespace.
        max_rooms_per_socket: MAX_MEMBERSHIPS + 16,
        into_tcp,
        ..socketio::Config::default()
    }
}

pub(super) fn megabytes(count: u32) -> u64 {
    u64::from(count) * 1024 * 1024
}

/// A count of a setting, where 0 means no limit.
pub(super) fn unlimited(count: u32) -> usize {
    if count == 0 { usize::MAX } else { count as usize }
}

pub(super) fn site(config: &Config, cookies: CookieNames) -> Site {
    let stall = Duration::from_secs(u64::from(config.upload_stall_s));
    Site {
        public_url: config.public_url.clone(),
        trusted_proxy: config.trusted_proxy.clone(),
        allowed_hosts: config.allowed_host.clone(),
        cookies,
        https: config.is_https(),
        session_s: i64::from(config.session_days) * DAY_MS / 1_000,
        upload_stall: stall,
        connections: ConnectionLimits {
            in_all: unlimited(config.limits.limit_http_connections),
            per_address: unlimited(config.limits.limit_http_connections_per_address),
            stall: stall * 2,
        },
    }
}

pub(super) fn workspace(config: &Config) -> Workspace {
    Workspace {
        name: config.name.clone(),
        upload_limit_bytes: megabytes(config.upload_limit_mb),
        text_limit: MessageText::MAX,
        way_in: WayIn::Open,
        channel_makers: ChannelMakers::Member,
        editing: EditTime::Always,
        callers: Callers::Members,
        version: Some(env!("CARGO_PKG_VERSION").to_owned()),
    }
}
