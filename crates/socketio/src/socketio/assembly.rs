//! A packet on its way in: its head, and the attachments that follow it as binary messages.

use bytes::Bytes;

use crate::wire::packet::{Kind, Packet};
use crate::{Config, DisconnectReason};

/// The head of a packet, which is kept until the packet is handled.
#[derive(Debug)]
pub(crate) struct Head {
    pub kind: Kind,
    pub namespace: String,
    pub id: Option<u64>,
    pub json: String,
}

/// A binary packet that is not whole yet.
#[derive(Debug)]
pub(crate) struct Assembly {
    head: Head,
    expected: usize,
    attachments: Vec<Bytes>,
    bytes: usize,
}

/// How much of a packet has arrived.
pub(crate) enum Progress {
    Partial(Box<Assembly>),
    Whole { head: Head, attachments: Vec<Bytes>, weight: usize },
}

impl Assembly {
    /// Begins with the text of a packet.
    pub(crate) fn begin(text: &str, config: &Config) -> Result<Progress, DisconnectReason> {
        let packet = Packet::parse(text).map_err(|_| DisconnectReason::ParseError)?;
        let expected = packet.attachments.unwrap_or(0);
        let too_long = packet.namespace.len() > config.event_name_bytes;
        if too_long || expected > config.max_attachments {
            return Err(DisconnectReason::LimitExceeded);
        }
        let head = Head {
            kind: packet.kind,
            namespace: packet.namespace.to_owned(),
            id: packet.id,
            json: packet.json.to_owned(),
        };
        let assembly = Self { head, expected, attachments: Vec::new(), bytes: text.len() };
        Ok(assembly.progress())
    }

    /// Adds the next attachment.
    pub(crate) fn add(
        mut self,
        data: &[u8],
        config: &Config,
    ) -> Result<Progress, DisconnectReason> {
        self.bytes += data.len();
        if self.bytes > config.max_payload_bytes {
            return Err(DisconnectReason::TooLarge);
        }
        self.attachments.push(Bytes::copy_from_slice(data));
        Ok(self.progress())
    }

    fn progress(self) -> Progress {
        if self.attachments.len() < self.expected {
            return Progress::Partial(Box::new(self));
        }
        Progress::Whole { head: self.head, attachments: self.attachments, weight: self.bytes }
    }
}
