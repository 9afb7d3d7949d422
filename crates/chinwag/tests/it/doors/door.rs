//! What each door answers to whom.

use super::Says::{self, Is, SignIn};

/// A person who asks. The world belongs to the author: the addresses name the author's channel,
/// message, files, token and session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// No credential.
    Nobody,
    /// The cookie of a session of the author that was ended.
    EndedSession,
    /// A bot token of the author that was revoked.
    RevokedToken,
    /// The revoked token, and beside it a good cookie, which must not count.
    RevokedTokenWithCookie,
    /// Signed in, but no member of the channel.
    Stranger,
    /// A member of the channel.
    Member,
    /// A former member of the channel.
    Former,
    /// The one who made everything.
    Author,
    /// A guest, who was put into another channel.
    Guest,
    /// Kept out of the channel.
    KeptOut,
    /// A former member of a private channel: in their world, the channel is that one.
    FormerOfPrivate,
    /// A member of the channel who is muted everywhere.
    Muted,
    /// A host of the channel, and not its maker.
    Host,
    /// The cookie of somebody whose account is deactivated.
    Deactivated,
    /// A browser that waits at the door.
    Waiting,
    /// A bot of the stranger.
    StrangersBot,
    /// A bot of the member.
    MembersBot,
    /// A bot of the former member.
    FormersBot,
    /// A bot of the author.
    AuthorsBot,
    /// A bot of the author that is limited to another channel of theirs.
    NarrowBot,
    /// A bot of the author that is limited to the channel.
    NarrowBotInside,
    /// A bot of the author that only reads.
    ReadingBot,
    /// A moderator who is not in the channel.
    Moderator,
    /// An owner who is not in the channel. They come last: they put right what others did.
    Owner,
}

impl Who {
    pub const ALL: [Self; 24] = [
        Self::Nobody,
        Self::EndedSession,
        Self::RevokedToken,
        Self::RevokedTokenWithCookie,
        Self::Stranger,
        Self::Member,
        Self::Former,
        Self::Author,
        Self::Guest,
        Self::KeptOut,
        Self::FormerOfPrivate,
        Self::Muted,
        Self::Host,
        Self::Deactivated,
        Self::Waiting,
        Self::StrangersBot,
        Self::MembersBot,
        Self::FormersBot,
        Self::AuthorsBot,
        Self::NarrowBot,
        Self::NarrowBotInside,
        Self::ReadingBot,
        Self::Moderator,
        Self::Owner,
    ];
}

/// The body of the request.
#[derive(Debug, Clone, Copy)]
pub enum Body {
    /// Nothing.
    No,
    /// JSON; `{n}` stands for a unique number, `{channel}` for the channel's id.
    Json(&'static str),
    /// A form.
    Form(&'static str),
    /// Bytes of a file.
    Bytes(&'static str),
}

/// One door. The fields `stranger`, `member`, `former` and `author` are the answers to these
/// people; a visitor without a good credential gets the answer of `nobody`.
#[derive(Debug)]
pub struct Door {
    /// `METHOD /address`, and after `#` which of several things it is about.
    pub(super) name: &'static str,
    pub(super) body: Body,
    pub(super) nobody: Says,
    pub(super) stranger: Says,
    pub(super) member: Says,
    pub(super) former: Says,
    pub(super) author: Says,
    /// The answer to a guest: where nothing else is said, that of a stranger.
    pub(super) guest: Option<Says>,
    /// The answer to a bot where it may not do what its maker may.
    pub(super) bot: Option<Says>,
    /// The answer to a bot of the author that is limited to another channel: where nothing else is said,
    /// that there is nothing.
    pub(super) narrow: Option<Says>,
    /// The answer to one that is limited to the channel: where nothing else is said, that of any bot of the
    /// author at what is about the channel, and elsewhere that of the other narrow one.
    pub(super) inside: Option<Says>,
    /// The answer to a bot of the author that only reads: where nothing else is said, that of any bot of the
    /// author where one reads, and a refusal where one writes.
    pub(super) reading: Option<Says>,
    /// The answer to another host of the channel: where nothing else is said, that of a member.
    pub(super) host: Option<Says>,
    /// The answer to a moderator: where nothing else is said, that of a stranger.
    pub(super) keeper: Option<Says>,
    /// The answer to an owner: where nothing else is said, that of a moderator.
    pub(super) owner: Option<Says>,
    /// The answer to a member who is muted: where nothing else is said, that of a member.
    pub(super) muted: Option<Says>,
    /// The answer to a browser that waits: where nothing else is said, that of `nobody`.
    pub(super) waiting: Option<Says>,
}

impl Door {
    /// The door as the server lists it.
    pub fn address(&self) -> &'static str {
        self.name.split(" #").next().unwrap()
    }

    /// Which of several things it is about.
    pub fn variant(&self) -> &'static str {
        self.name.split(" #").nth(1).unwrap_or_default()
    }

    pub fn body(&self) -> Body {
        self.body
    }

    /// Whether the address or the body names the channel, or what is in it.
    fn is_about_channel(&self) -> bool {
        let inside = ["/channels/{id}", "/channel/{name}", "/c/{id}"];
        let in_message =
            self.name.ends_with("#in a message") && !self.name.contains("/api/uploads");
        let names = matches!(self.body, Json(text) if text.contains("{channel}"));
        inside.iter().any(|part| self.name.contains(part)) || in_message || names
    }

    pub fn says(&self, who: Who) -> Says {
        let bot = |maker: Says| self.bot.unwrap_or(maker);
        match who {
            Who::Nobody | Who::EndedSession | Who::RevokedToken | Who::RevokedTokenWithCookie => {
                self.nobody
            }
            Who::Stranger => self.stranger,
            Who::Member => self.member,
            Who::Former => self.former,
            Who::Author => self.author,
            Who::Guest => self.guest.unwrap_or(self.stranger),
            // To them, there is no such channel.
            Who::KeptOut | Who::FormerOfPrivate if self.is_about_channel() => Is(404),
            Who::KeptOut | Who::FormerOfPrivate => self.stranger,
            Who::Muted => self.muted.unwrap_or(self.member),
            Who::Host => self.host.unwrap_or(self.member),
            Who::Deactivated => self.nobody,
            Who::Waiting => self.waiting.unwrap_or(self.nobody),
            Who::Moderator => self.keeper.unwrap_or(self.stranger),
            Who::Owner => self.owner.or(self.keeper).unwrap_or(self.stranger),
            Who::StrangersBot => bot(self.stranger),
            Who::MembersBot => bot(self.member),
            Who::FormersBot => bot(self.former),
            Who::AuthorsBot => bot(self.author),
            Who::NarrowBot => self.narrow.unwrap_or(Is(404)),
            Who::NarrowBotInside => self.inside.unwrap_or_else(|| {
                let within = self.name.contains(" /api/channels/{id}");
                if within { bot(self.author) } else { self.says(Who::NarrowBot) }
            }),
            Who::ReadingBot => self.reading.unwrap_or_else(|| {
                let reads =
                    ["GET", "HEAD", "OPTIONS"].iter().any(|verb| self.name.starts_with(verb));
                if reads { bot(self.author) } else { Is(403) }
            }),
        }
    }
}

/// A door with the same answer for everybody.
pub(super) const fn open(name: &'static str, body: Body, says: Says) -> Door {
    let (nobody, stranger, member, former, author) = (says, says, says, says, says);
    let (guest, bot, narrow, inside, reading) = (None, None, None, None, None);
    let (host, keeper, owner, muted, waiting) = (None, None, None, None, None);
    Door {
        name,
        body,
        nobody,
        stranger,
        member,
        former,
        author,
        guest,
        bot,
        narrow,
        inside,
        reading,
        host,
        keeper,
        owner,
        muted,
        waiting,
    }
}

impl Door {
    /// To a guest it answers that.
    pub(super) const fn guest(self, says: Says) -> Self {
        Self { guest: Some(says), ..self }
    }

    /// It is about something of a person's own, also for a bot that is limited to channels.
    pub(super) const fn own(self) -> Self {
        Self { narrow: Some(self.author), ..self }
    }

    /// It is about something in the channel, though its address does not say so.
    pub(super) const fn within(self) -> Self {
        Self { inside: Some(self.author), ..self }
    }

    /// Nobody is asked who they are.
    pub(super) const fn asks_nobody(self) -> Self {
        Self { narrow: Some(self.author), reading: Some(self.author), ..self }
    }

    /// To moderators and owners it answers that.
    pub(super) const fn keepers(self, says: Says) -> Self {
        Self { keeper: Some(says), ..self }
    }

    /// To owners it answers that.
    pub(super) const fn owners(self, says: Says) -> Self {
        Self { owner: Some(says), ..self }
    }

    /// To whoever is muted it answers that they may not write.
    pub(super) const fn not_muted(self) -> Self {
        Self { muted: Some(Is(403)), ..self }
    }

    /// To whoever waits at the door it answers that.
    pub(super) const fn at_the_door(self, says: Says) -> Self {
        Self { waiting: Some(says), ..self }
    }

    /// To a guest it answers as an address where there is nothing.
    pub(super) const fn no_guests(self) -> Self {
        self.guest(Is(404))
    }
}

/// A door with the same answer for everybody who is signed in.
pub(super) const fn signed(name: &'static str, body: Body, says: Says) -> Door {
    Door { nobody: Is(401), ..open(name, body, says) }
}

/// The same, but refused to bots, because it protects the account.
pub(super) const fn in_person(name: &'static str, body: Body, says: Says) -> Door {
    Door { bot: Some(Is(403)), ..signed(name, body, says) }
}

/// A door for members; others get that refusal.
pub(super) const fn members(name: &'static str, body: Body, says: Says, others: Says) -> Door {
    Door { stranger: others, former: others, ..signed(name, body, says) }
}

/// A door for the author alone; others get that refusal.
pub(super) const fn authors(name: &'static str, body: Body, says: Says, others: Says) -> Door {
    Door { author: says, ..signed(name, body, others) }
}

/// A door for those who run the channel: its hosts, and whoever keeps order; others get that refusal.
pub(super) const fn hosts(name: &'static str, body: Body, says: Says, others: Says) -> Door {
    Door { host: Some(says), keeper: Some(says), ..authors(name, body, says, others) }
}

/// A page: a visitor who is not signed in is redirected to the form.
pub(super) const fn page(name: &'static str, body: Body, says: Says) -> Door {
    Door { nobody: SignIn, ..open(name, body, says) }
}

use Body::Json;
