//! What is in the archive of a person's own data: files of JSON.

use serde::Serialize;

use super::forwards::Forwarded;
use super::profiles::Profile;
use super::time::rfc3339;
use crate::model::channels::ChannelKind;
use crate::model::messages::Message;
use crate::model::users::Account;

/// `profile.json`: who the person is, and what they chose.
#[derive(Debug, Serialize)]
pub struct ExportedProfile {
    id: i64,
    name: String,
    created_at: String,
    exported_at: String,
    role: &'static str,
    #[serde(flatten)]
    profile: Profile,
    language: &'static str,
    theme: &'static str,
    enter_sends: bool,
    invisible: bool,
}

impl ExportedProfile {
    /// Of that account, at that time.
    #[must_use]
    pub fn new(account: &Account, at: crate::model::time::Timestamp) -> Self {
        Self {
            id: account.user.id.0,
            name: account.user.name.clone(),
            created_at: rfc3339(account.created_at),
            exported_at: rfc3339(at),
            role: account.named_role.code(),
            profile: (&account.profile).into(),
            language: account.settings.language.code(),
            theme: account.settings.theme.code(),
            enter_sends: account.settings.enter_sends,
            invisible: account.settings.invisible,
        }
    }
}

/// A line of `messages.jsonl`: a message of the person.
#[derive(Debug, Serialize)]
pub struct ExportedMessage<'a> {
    channel: i64,
    kind: &'static str,
    channel_name: &'a str,
    number: i64,
    created_at: String,
    text: &'a str,
    /// What it carries of another message; left out when nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    forwarded: Option<Forwarded>,
    /// The number of the message of the channel that it quotes; left out when none.
    #[serde(skip_serializing_if = "Option::is_none")]
    quote: Option<i64>,
    /// The paths of its files in the archive.
    files: Vec<String>,
}

impl<'a> ExportedMessage<'a> {
    /// Of that message in a channel of that kind and name.
    #[must_use]
    pub fn new(message: &'a Message, channel: (ChannelKind, &'a str), files: Vec<String>) -> Self {
        Self {
            channel: message.channel.0,
            kind: channel.0.code(),
            channel_name: channel.1,
            number: message.number.0,
            created_at: rfc3339(message.created_at),
            text: &message.text,
            forwarded: message.forwarded.as_ref().map(Forwarded::from),
            quote: message.quote.as_ref().map(|quote| quote.number.0),
            files,
        }
    }
}
