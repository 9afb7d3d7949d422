//! Everything that the rule of who may do what knows: what is done in a channel, in the place, and to a
//! person.

/// What is done in a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Know that it is there, read it, hear it while it is open, and list its members.
    See,
    /// Become a member by oneself.
    Join,
    /// Write in it, which joins a public channel.
    Post,
    /// Answer in a thread of it, and not in its run; which joins a public channel.
    Reply,
    /// Follow a thread in it.
    Follow,
    /// Change a message of one's own.
    EditOwn,
    /// Put an emoji to a message, and take it back.
    React,
    /// Call everybody in it by a mention, where members may.
    CallEverybody,
    /// Pin a message for all, and take it down, where members may.
    Pin,
    /// Say who pins.
    SetPinning,
    /// Save a message for oneself.
    Save,
    /// Delete a message of one's own.
    DeleteOwn,
    /// Move one's read mark.
    MarkRead,
    /// Leave it.
    Leave,
    /// Report a message in it.
    Report,
    /// Hide a direct conversation, and show it again.
    Hide,
    /// Change the topic.
    SetTopic,
    /// Change the name.
    Rename,
    /// Add people.
    AddPeople,
    /// Make an invite for guests into it.
    InviteGuests,
    /// Keep the door of its guests: see who is invited and who waits, let in and refuse, open and close
    /// it, and end visits.
    KeepDoor,
    /// Remove a message of another person.
    RemoveMessage,
    /// Mute a person in it.
    MutePerson,
    /// Take a person out, or keep them out, or end that.
    TakeOut,
    /// Name hosts.
    NameHosts,
    /// Say who writes: everybody, or hosts, with threads open to all or not.
    SetPosting,
    /// Set slow mode.
    SetSlow,
    /// Mute everybody but the hosts, and end that.
    MuteAll,
    /// Lock it, and open it again.
    Lock,
    /// Archive it, and bring it back.
    Archive,
    /// Make it private or public.
    SetKind,
    /// Remove all of its messages.
    Clear,
    /// Make a transcript.
    Export,
    /// Delete it.
    Delete,
    /// Let newcomers be put into it.
    SetNewcomers,
}

/// What concerns the whole place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlaceAction {
    /// See the directory of channels and people, and search.
    Browse,
    /// Make a channel, public or private.
    CreateChannel,
    /// Begin a direct conversation.
    OpenDirect,
    /// Make a bot token.
    MakeToken,
    /// See all people with their roles, who waits, and the invites.
    SeePeople,
    /// Invite people, and end an invite.
    Invite,
    /// Let in or refuse who waits.
    LetIn,
    /// Read reports and deal with them.
    DealWithReports,
    /// Read the log.
    ReadLog,
    /// Name the place, and say how people come in.
    SetPlace,
}

/// What one person does to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PersonAction {
    /// Mute them everywhere.
    Mute,
    /// Make a one-time sign-in link for them.
    MakeSignInLink,
    /// Deactivate their account, and bring it back.
    Deactivate,
    /// End a guest's visit.
    EndVisit,
    /// Free the name of a guest whose visit has ended, for somebody new. Hosts of a channel that the guest is
    /// in do it too.
    FreeName,
    /// Give them another role.
    SetRole,
    /// Remove their data for good.
    RemoveData,
}
