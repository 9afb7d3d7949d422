//! Limits: how often each thing may be done, by person and by address.
//!
//! Time here is the boot clock's, so setting the wall clock changes nothing.

mod guesses;
mod meter;
mod settings;
mod slots;

use std::net::IpAddr;
use std::sync::Arc;

use guesses::Guesses;
pub(super) use guesses::PasswordUse;
use meter::{DAY, MeterPair, SECOND};
pub(super) use meter::{HOUR, MINUTE, Meter};
pub use settings::{Limits, PerPerson};
pub(super) use slots::{ArchiveSlot, Slots, UploadSlot};
use slots::{ArchiveSlots, UploadSlots};
pub use slots::{DoorPlace, SocketPlace};

use crate::model::ids::{ChannelId, SecretHash, UserId};

/// The most archives of their own data that one person takes at one time, and that all people do.
const EXPORTS_OF_PERSON: u32 = 1;
const EXPORTS: u32 = 4;
/// The most transcripts that one person makes at one time, and that all people do.
const TRANSCRIPTS_OF_PERSON: u32 = 2;
const TRANSCRIPTS: u32 = 8;

/// The meters and slots of all limits.
pub(super) struct Meters {
    pub(super) sign_ins: Meter<IpAddr>,
    /// Sign-ins from remembered browsers: what others do at the same address does not count.
    pub(super) remembered_sign_ins: Meter<UserId>,
    pub(super) guesses: Guesses,
    pub(super) new_names: Meter<IpAddr>,
    /// People who come by one invite: they count against it, not against the address that they share.
    pub(super) by_invite: Meter<i64>,
    pub(super) renames: Meter<UserId>,
    pub(super) messages: MeterPair,
    pub(super) message_kb: MeterPair,
    pub(super) commands: MeterPair,
    pub(super) topics: MeterPair,
    pub(super) topics_of: Meter<ChannelId>,
    pub(super) new_channels: MeterPair,
    pub(super) new_directs: MeterPair,
    pub(super) uploads: MeterPair,
    pub(super) uploads_at_once: UploadSlots,
    pub(super) exports: ArchiveSlots,
    pub(super) connections: Slots<UserId>,
    pub(super) at_the_door: Slots<SecretHash>,
    pub(super) transcripts: ArchiveSlots,
    pub(super) reports: Meter<UserId>,
    /// What the windows of one person say of presence and typing.
    pub(super) presence: Meter<UserId>,
    /// Searches, each of which may take a part of a second.
    pub(super) searches: Arc<Meter<UserId>>,
}

/// An address may send as many messages at once as in this many seconds: a class that answers a
/// question.
const ADDRESS_BURST_S: u32 = 4;
/// As much text may be sent at once as in this many seconds: by an outbox that was offline for an
/// hour.
const TEXT_BURST_S: u32 = 16;
/// As many commands may be sent at once as in this many seconds: by a browser that comes back.
const COMMANDS_BURST_S: u32 = 5;

/// The sockets of one name that waits at the door: the tabs of one browser.
const SOCKETS_AT_THE_DOOR: u32 = 4;

/// A person begins so many direct conversations for each channel that they may make: one who writes to
/// everybody in a class.
const DIRECTS: u32 = 4;

/// How often the windows of one person together may say something of presence and typing in a minute, and
/// at once: a few windows that come back, each with what it shows, and somebody who leafs through channels.
const PRESENCE_A_MINUTE: u32 = 240;
const PRESENCE_BURST: u32 = 60;

/// How often one person may search in a minute, and at once. The web app asks twice for each search: for messages and
/// for files.
const SEARCHES_A_MINUTE: u32 = 240;
const SEARCHES_BURST: u32 = 60;

impl Meters {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            sign_ins: Meter::new(limits.sign_ins, MINUTE, limits.sign_ins),
            remembered_sign_ins: Meter::new(limits.sign_ins, MINUTE, limits.sign_ins),
            guesses: Guesses::new(limits.wrong_passwords),
            new_names: Meter::new(limits.new_names, MINUTE, limits.new_names),
            by_invite: Meter::new(limits.new_names, MINUTE, limits.new_names),
            renames: Meter::new(limits.renames, DAY, limits.renames),
            messages: MeterPair::new(
                limits.messages,
                SECOND,
                PerPerson {
                    person: limits.messages_burst,
                    address: limits.messages.address.saturating_mul(ADDRESS_BURST_S),
                },
            ),
            message_kb: MeterPair::new(
                if limits.messages.person == 0 { PerPerson::default() } else { limits.message_kb },
                SECOND,
                limits.message_kb.times(TEXT_BURST_S),
            ),
            commands: MeterPair::new(
                limits.commands,
                SECOND,
                limits.commands.times(COMMANDS_BURST_S),
            ),
            topics: MeterPair::new(limits.topics, MINUTE, limits.topics),
            topics_of: Meter::new(limits.topics.person, MINUTE, limits.topics.person),
            new_channels: MeterPair::new(limits.new_channels, HOUR, limits.new_channels),
            new_directs: MeterPair::new(
                limits.new_channels.times(DIRECTS),
                HOUR,
                limits.new_channels.times(DIRECTS),
            ),
            uploads: MeterPair::new(limits.uploads, HOUR, limits.uploads),
            uploads_at_once: UploadSlots::new(limits.uploads_at_once),
            exports: ArchiveSlots::new(EXPORTS_OF_PERSON, EXPORTS),
            connections: Slots::new(limits.connections),
            at_the_door: Slots::new(SOCKETS_AT_THE_DOOR),
            transcripts: ArchiveSlots::new(TRANSCRIPTS_OF_PERSON, TRANSCRIPTS),
            reports: Meter::new(limits.reports, MINUTE, limits.reports),
            presence: Meter::new(PRESENCE_A_MINUTE, MINUTE, PRESENCE_BURST),
            searches: Arc::new(Meter::new(SEARCHES_A_MINUTE, MINUTE, SEARCHES_BURST)),
        }
    }
}
