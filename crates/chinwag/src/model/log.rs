//! The log of what those who keep order did.

use super::channels::ChannelKind;
use super::ids::{ChannelId, Number, UserId};
use super::time::Timestamp;
use super::users::User;

/// The most characters that an entry says beside its fields.
pub const MAX_DETAIL: usize = 500;

/// Who does something that is written into the log, when and from where.
#[derive(Debug, Clone)]
pub struct Doer {
    /// The person.
    pub user: UserId,
    /// The network address that they come from.
    pub address: String,
    /// Now.
    pub at: Timestamp,
}

macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident: $code:literal;)*) => {
        /// What was done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Act {
            $($(#[$doc])* $name,)*
        }

        impl Act {
            /// All acts.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its code, in the database and on the wire.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The act of a code. `None`: there is no such act.
            #[must_use]
            pub fn of_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|act| act.code() == code)
            }
        }
    };
}

acts! {
    /// A person got another role; `detail` is its code.
    SetRole: "set_role";
    /// A person was muted everywhere, or may write again; `detail` says until when.
    Mute: "mute";
    /// An account was deactivated.
    Deactivate: "deactivate";
    /// What a person wrote in the last day was removed.
    RemoveLastDay: "remove_last_day";
    /// A person's data was removed.
    RemoveData: "remove_data";
    /// An account was brought back.
    BringBack: "bring_back";
    /// A person was muted in a channel, or may write again; `detail` says until when.
    MuteInChannel: "mute_in_channel";
    /// A person was taken out of a channel.
    TakeOut: "take_out";
    /// A person was kept out of a channel.
    KeepOut: "keep_out";
    /// A person may come back into a channel.
    LetBackIn: "let_back_in";
    /// A person became a host, or is none any more.
    NameHost: "name_host";
    /// Something about a channel changed; `detail` says what.
    ChangeChannel: "change_channel";
    /// The messages of a channel up to one of them were cleared.
    ClearChannel: "clear_channel";
    /// A channel was deleted; `detail` is its name.
    DeleteChannel: "delete_channel";
    /// A channel that was not public was deleted; nobody reads of it but the operator.
    DeletePrivateChannel: "delete_private_channel";
    /// A message of another person was removed; `detail` is the reason.
    RemoveMessage: "remove_message";
    /// Somebody became the first owner, by the address that the server printed; or the operator named
    /// an owner.
    BecomeOwner: "become_owner";
    /// Something about the place changed; `detail` says what.
    SetPlace: "set_place";
    /// An invite was made; `detail` is what it is for.
    MakeInvite: "make_invite";
    /// What somebody finds who comes by an invite changed; `detail` is its code.
    SetInviteDoor: "set_invite_door";
    /// An invite was ended; `detail` is what it is for.
    EndInvite: "end_invite";
    /// Somebody who waited was let in.
    LetIn: "let_in";
    /// A name at the door was refused; `detail` is the name.
    Refuse: "refuse";
    /// A one-time sign-in link was made for a person.
    MakeSignInLink: "make_sign_in_link";
    /// A person came in by a one-time sign-in link.
    UseSignInLink: "use_sign_in_link";
    /// A one-time sign-in link that was not used was ended.
    EndSignInLink: "end_sign_in_link";
    /// The name of a guest whose visit has ended was freed; `detail` is the name.
    FreeName: "free_name";
    /// The visit of a guest was ended.
    EndVisit: "end_visit";
    /// A transcript of a channel was made.
    Export: "export";
    /// A reported message was left as it is.
    LeaveReported: "leave_reported";
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// Its id; a later entry has a higher one.
    pub id: i64,
    /// When it was done.
    pub at: Timestamp,
    /// Who did it; `None` for the operator of the server.
    pub by: Option<UserId>,
    /// The network address that they came from; empty for the operator.
    pub address: String,
    /// What was done.
    pub act: Act,
    /// To whom.
    pub whom: Option<UserId>,
    /// In which channel.
    pub channel: Option<ChannelId>,
    /// To which message.
    pub number: Option<Number>,
    /// What else there is to say, at most [`MAX_DETAIL`] characters.
    pub detail: String,
}

/// What a channel is called now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedChannel {
    /// Its id.
    pub id: ChannelId,
    /// Its name; empty for a conversation without one.
    pub name: String,
    /// What kind of channel it is.
    pub kind: ChannelKind,
}

/// Entries of the log, and what the people and channels in them are called now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogPage {
    /// The newest first.
    pub entries: Vec<LogEntry>,
    /// Everybody who did something, or to whom it was done.
    pub people: Vec<User>,
    /// The channels that are still there.
    pub channels: Vec<NamedChannel>,
    /// Whether there are older entries.
    pub more: bool,
}
