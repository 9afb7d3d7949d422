//! The settings of limits, as a table.

use clap::Args;
use serde::Serialize;

/// Makes [`LimitConfig`] from a table. A row is the field's name, from which the option gets its
/// name; its environment variable; its default; and what `--help` calls its value.
macro_rules! limits {
    ($($(#[doc = $doc:tt])* $field:ident: $env:tt, $default:tt, $unit:tt;)*) => {
        /// How often each thing may be done. 0 switches a limit off; where there is one per person
        /// and one per address, the first also switches the second off.
        ///
        /// The defaults per address let a lecture room of 500 people sit behind one.
        #[derive(Debug, Clone, Args, Serialize)]
        #[command(next_help_heading = "Limits (0 = off)")]
        pub struct LimitConfig {
            $(
                $(#[doc = $doc])*
                #[arg(long, env = $env, default_value_t = $default, value_name = $unit)]
                pub $field: u32,
            )*
        }
    };
}

limits! {
    /// Sign-ins of names that are held, per address and minute; from browsers that are remembered
    /// for the name, per person and minute.
    limit_sign_ins: "CHINWAG_LIMIT_SIGN_INS", 600, "N";

    /// Wrong passwords, per name, address and minute; ten times as many per name from everywhere.
    limit_wrong_passwords: "CHINWAG_LIMIT_WRONG_PASSWORDS", 10, "N";

    /// New names, per address and minute.
    limit_new_names: "CHINWAG_LIMIT_NEW_NAMES", 600, "N";

    /// Changes of one's own name, per person and day.
    limit_renames: "CHINWAG_LIMIT_RENAMES", 5, "N";

    /// Messages posted or deleted, per person and second in the long run.
    limit_messages: "CHINWAG_LIMIT_MESSAGES", 10, "N";

    /// Messages posted or deleted at once, before that rate counts.
    limit_messages_burst: "CHINWAG_LIMIT_MESSAGES_BURST", 50, "N";

    /// Messages posted or deleted, per address and second in the long run; four times as many at
    /// once.
    limit_messages_per_address: "CHINWAG_LIMIT_MESSAGES_PER_ADDRESS", 500, "N";

    /// Text of messages, in kilobytes per person and second in the long run; sixteen times as much
    /// at once. No limit where --limit-messages is 0.
    limit_message_kb: "CHINWAG_LIMIT_MESSAGE_KB", 100, "KB";

    /// Text of messages, in kilobytes per address and second; sixteen times as much at once.
    limit_message_kb_per_address: "CHINWAG_LIMIT_MESSAGE_KB_PER_ADDRESS", 500, "KB";

    /// Other changes (joining, leaving, topics, marks, settings, tokens), per person and second in
    /// the long run; five times as many at once.
    limit_commands: "CHINWAG_LIMIT_COMMANDS", 20, "N";

    /// Other changes, per address and second; five times as many at once.
    limit_commands_per_address: "CHINWAG_LIMIT_COMMANDS_PER_ADDRESS", 500, "N";

    /// Topics that one person sets, and that one channel gets, per minute.
    limit_topics: "CHINWAG_LIMIT_TOPICS", 12, "N";

    /// Topics, per address and minute.
    limit_topics_per_address: "CHINWAG_LIMIT_TOPICS_PER_ADDRESS", 60, "N";

    /// New channels, per person and hour.
    limit_new_channels: "CHINWAG_LIMIT_NEW_CHANNELS", 30, "N";

    /// New channels, per address and hour.
    limit_new_channels_per_address: "CHINWAG_LIMIT_NEW_CHANNELS_PER_ADDRESS", 120, "N";

    /// Uploaded files, per person and hour.
    limit_uploads: "CHINWAG_LIMIT_UPLOADS", 500, "N";

    /// Uploaded files, per address and hour.
    limit_uploads_per_address: "CHINWAG_LIMIT_UPLOADS_PER_ADDRESS", 10_000, "N";

    /// Files that one person sends at one time.
    limit_uploads_at_once: "CHINWAG_LIMIT_UPLOADS_AT_ONCE", 8, "N";

    /// Files that are sent from one address at one time.
    limit_uploads_at_once_per_address: "CHINWAG_LIMIT_UPLOADS_AT_ONCE_PER_ADDRESS", 200, "N";

    /// Files that all people together send at one time.
    limit_uploads_in_all: "CHINWAG_LIMIT_UPLOADS_IN_ALL", 256, "N";

    /// Files that one person has begun to send and not finished.
    limit_unfinished_uploads: "CHINWAG_LIMIT_UNFINISHED_UPLOADS", 50, "N";

    /// Reports of web apps that found their copy of a channel wrong, per person and minute.
    limit_reports: "CHINWAG_LIMIT_REPORTS", 6, "N";

    /// HTTP connections in all; sockets do not count. When they are taken, the one that has waited
    /// longest for its client gives way.
    limit_http_connections: "CHINWAG_LIMIT_HTTP_CONNECTIONS", 20_000, "N";

    /// HTTP connections from one address; a trusted proxy's are counted for whoever their request is
    /// from.
    limit_http_connections_per_address: "CHINWAG_LIMIT_HTTP_CONNECTIONS_PER_ADDRESS", 4_000, "N";

    /// Sockets in all.
    limit_connections: "CHINWAG_LIMIT_CONNECTIONS", 50_000, "N";

    /// Sockets from one address.
    limit_connections_per_address: "CHINWAG_LIMIT_CONNECTIONS_PER_ADDRESS", 2_000, "N";

    /// Sockets of one person.
    limit_connections_per_person: "CHINWAG_LIMIT_CONNECTIONS_PER_PERSON", 100, "N";

    /// Socket.IO packets, per connection and second in the long run.
    limit_packets: "CHINWAG_LIMIT_PACKETS", 50, "N";
}
