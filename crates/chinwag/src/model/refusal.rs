//! Refusals: what the product says no to.

use super::names::NameProblem;
use super::permissions::Denial;
use super::profiles::ProfileProblem;
use super::text::TextProblem;

/// A refusal. It says what was wrong; `words/` has the sentences for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Somebody holds that name, and it has no password.
    NameTaken,
    /// Somebody else holds that name, and the person who is signed in wanted it instead of theirs.
    NameHeld,
    /// That name is kept for whoever had it lately.
    NameKept,
    /// That name looks like a name that somebody holds.
    NameAlike,
    /// Somebody holds that name, and it is protected by a password, which was not given.
    PasswordRequired,
    /// The password is not the one of that name.
    WrongPassword,
    /// The current password is needed to set another.
    CurrentPasswordRequired,
    /// A password is too short or too long, in characters.
    PasswordLength {
        /// The fewest.
        min: usize,
        /// The most.
        max: usize,
    },
    /// The account is deactivated. Only whoever proved that it is theirs is told.
    Deactivated,
    /// A part of a profile breaks a rule.
    Profile(ProfileProblem),
    /// A picture of a person cannot be decoded, or is of a kind that is not taken.
    BadPicture,
    /// Somebody new needs a password.
    PasswordNeeded,
    /// Somebody new comes in by an invite only.
    InviteNeeded,
    /// Nobody new comes in for now.
    DoorClosed,
    /// That invite has ended, or there is none.
    InviteEnded,
    /// There is no such short code, or it is not shown any more.
    WrongCode,
    /// As many names wait at the door as may.
    DoorCrowded,
    /// The visit of the guest has ended; they come back by an invite.
    VisitEnded,
    /// The visit of the guest has not ended, so the name is theirs.
    VisitGoesOn,
    /// The place has an owner already.
    HasOwner,
    /// That sign-in link was used or has ended, or there is none.
    LinkEnded,
    /// The place's name breaks a rule.
    PlaceName(NameProblem),
    /// Nobody is signed in.
    NotSignedIn,
    /// The person may not do that.
    Forbidden,
    /// The bot token only reads.
    TokenReads,
    /// The person may not do that in the channel, for a reason that they are told.
    Denied(Denial),
    /// The person is the last owner, and a place has one.
    LastOwner,
    /// The channel has slow mode, and the person wrote a moment ago.
    Slow {
        /// When they may write again, in seconds.
        retry_after_s: u64,
    },
    /// There is no such thing, or the person may not know of it.
    NotFound(Noun),
    /// A display name breaks a rule.
    DisplayName(NameProblem),
    /// A channel name breaks a rule.
    ChannelName(NameProblem),
    /// A bot token's name breaks a rule.
    TokenName(NameProblem),
    /// A message's text breaks a rule.
    Text(TextProblem),
    /// A topic breaks a rule.
    Topic(TextProblem),
    /// There is a channel of that name already.
    ChannelExists {
        /// The name as it was typed when the channel was made.
        name: String,
    },
    /// That name looks like the name of another channel.
    ChannelAlike,
    /// The person is the last host of the channel.
    LastHost,
    /// The person is kept out of the channel.
    IsKeptOut,
    /// The message was edited since its author's client saw it.
    EditedMeanwhile,
    /// The time in which authors may change their messages is over.
    EditTooLate,
    /// The message that was to be quoted is deleted, or there is none.
    QuotedGone,
    /// That key was used for another message.
    KeyReused,
    /// The message was written by somebody else than the session's person.
    OtherSender,
    /// The message was written for another installation, or before this one's data was restored.
    OtherInstance,
    /// More files than one message carries.
    TooManyAttachments {
        /// The most.
        max: usize,
    },
    /// The person has as many of something as one person may have.
    TooManyOf {
        /// What there is too much of.
        noun: Noun,
        /// The most.
        max: usize,
    },
    /// The person or their address did that too often.
    TooMany {
        /// When it may work again, in seconds.
        retry_after_s: u64,
    },
    /// Another request holds that upload.
    UploadHeld,
    /// The bytes do not go on where the upload stopped.
    WrongOffset {
        /// Where it stopped.
        offset: u64,
    },
    /// A file is larger than the server takes.
    TooLarge {
        /// The most bytes.
        max_bytes: u64,
    },
    /// The files of one person take as much as they may.
    QuotaReached {
        /// The most bytes.
        max_bytes: u64,
    },
    /// Files may take no more of the disk; what is left is kept for messages.
    StorageLow,
    /// Bytes of a file were changed on the way: they do not fit their checksum.
    ChecksumMismatch,
    /// A file's name is not usable.
    BadFile,
    /// A file has no bytes.
    EmptyFile,
    /// A search has neither words nor filters.
    NothingToSearch,
    /// A search has more characters than it may.
    SearchTooLong {
        /// The most.
        max: usize,
    },
    /// A field does not have the form that it needs.
    Malformed {
        /// The field's name on the wire.
        field: &'static str,
    },
}

impl From<Denial> for Refusal {
    fn from(denial: Denial) -> Self {
        match denial {
            Denial::NotFound => Self::NotFound(Noun::Channel),
            Denial::Forbidden => Self::Forbidden,
            told => Self::Denied(told),
        }
    }
}

/// A thing that a refusal names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noun {
    /// A channel.
    Channel,
    /// Being in a channel.
    Membership,
    /// A message.
    Message,
    /// A thread.
    Thread,
    /// A file.
    Upload,
    /// A signed-in browser.
    Session,
    /// A browser that is signed in, or may sign in without a password.
    Device,
    /// A bot token.
    Token,
    /// A person.
    User,
    /// An invite.
    Invite,
    /// A name at the door.
    Waiting,
    /// What an address stands for.
    Page,
    /// A pinned message.
    Pin,
    /// A kind of reaction to a message.
    Reaction,
    /// A report about a message that is not dealt with.
    Report,
}
