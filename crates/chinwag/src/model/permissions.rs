//! Who may do what: one table, and the functions that answer by it.
//!
//! `may` answers for everything that is done in a channel, `may_in_place` for what concerns the whole
//! place, and `may_to` for what one person does to another. All use cases ask here, those of reading
//! too. `docs/permissions.md` is made from the same table ([`document`](super::permissions_document)).

pub use super::actions::{Action, PersonAction, PlaceAction};
use super::channels::{ChannelKind, ChannelState, Posting};
use super::roles::{Role, Seat, Standing};

/// Why something may not be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Denial {
    /// They may not know that it exists.
    NotFound,
    /// Their role does not allow it.
    Forbidden,
    /// They are not in the channel.
    NotInside,
    /// Only hosts write there.
    HostsWrite,
    /// They are muted.
    Muted,
    /// Everybody but the hosts is muted.
    AllMuted,
    /// The channel is locked.
    Locked,
    /// The channel is archived.
    Archived,
    /// The other person takes no direct messages.
    Unreachable,
}

/// What somebody has to be for an action in a channel that they see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    /// Nothing more.
    Sight,
    /// A member of the place, who may come into a public channel by themselves.
    Entry,
    /// A seat in the channel.
    Seat,
    /// A seat in the channel, and not a guest.
    MemberSeat,
    /// A seat in the channel, and not a guest; where hosts pin, to run the channel.
    Pinner,
    /// To run the channel: a host, or whoever keeps order in the place and sees the channel.
    Host,
    /// To keep order in the place, and see the channel: what it changes concerns the whole place.
    Moderator,
}

/// Which states of a channel refuse an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum During {
    /// None.
    Always,
    /// That it is archived.
    Open,
    /// Everything that refuses writing but that only hosts begin to write.
    Answering,
    /// Everything that refuses writing, unless threads are open to all.
    Replying,
    /// That it is archived, and that they are muted: others read of it.
    Unmuted,
    /// Everything that refuses writing.
    Writing,
}

/// A row of the table.
pub(super) struct Rule {
    pub(super) action: Action,
    pub(super) needs: Needs,
    pub(super) kinds: &'static [ChannelKind],
    pub(super) during: During,
}

const ALL: &[ChannelKind] = &ChannelKind::ALL;
const CHANNELS: &[ChannelKind] = &[ChannelKind::Public, ChannelKind::Private];
const PUBLIC: &[ChannelKind] = &[ChannelKind::Public];
const DIRECT: &[ChannelKind] = &[ChannelKind::Direct];

const fn rule(action: Action, needs: Needs, kinds: &'static [ChannelKind], during: During) -> Rule {
    Rule { action, needs, kinds, during }
}

/// The table of everything that is done in a channel.
pub(super) const RULES: &[Rule] = &[
    rule(Action::See, Needs::Sight, ALL, During::Always),
    rule(Action::Join, Needs::Entry, PUBLIC, During::Open),
    rule(Action::Post, Needs::Entry, ALL, During::Writing),
    rule(Action::Reply, Needs::Entry, ALL, During::Replying),
    rule(Action::Follow, Needs::Seat, ALL, During::Always),
    rule(Action::EditOwn, Needs::Seat, ALL, During::Answering),
    rule(Action::React, Needs::Seat, ALL, During::Answering),
    rule(Action::CallEverybody, Needs::MemberSeat, ALL, During::Answering),
    rule(Action::Pin, Needs::Pinner, ALL, During::Answering),
    rule(Action::SetPinning, Needs::Host, CHANNELS, During::Open),
    rule(Action::Save, Needs::Sight, ALL, During::Always),
    rule(Action::DeleteOwn, Needs::Sight, ALL, During::Always),
    rule(Action::MarkRead, Needs::Seat, ALL, During::Always),
    rule(Action::Leave, Needs::Sight, CHANNELS, During::Always),
    rule(Action::Report, Needs::Sight, ALL, During::Always),
    rule(Action::Hide, Needs::Seat, DIRECT, During::Always),
    rule(Action::SetTopic, Needs::MemberSeat, CHANNELS, During::Writing),
    rule(Action::Rename, Needs::Host, ALL, During::Unmuted),
    rule(Action::AddPeople, Needs::MemberSeat, CHANNELS, During::Unmuted),
    rule(Action::InviteGuests, Needs::Host, CHANNELS, During::Open),
    rule(Action::KeepDoor, Needs::Host, CHANNELS, During::Always),
    rule(Action::RemoveMessage, Needs::Host, CHANNELS, During::Always),
    rule(Action::MutePerson, Needs::Host, CHANNELS, During::Always),
    rule(Action::TakeOut, Needs::Host, CHANNELS, During::Always),
    rule(Action::NameHosts, Needs::Host, CHANNELS, During::Always),
    rule(Action::SetPosting, Needs::Host, CHANNELS, During::Open),
    rule(Action::SetSlow, Needs::Host, CHANNELS, During::Open),
    rule(Action::MuteAll, Needs::Host, CHANNELS, During::Open),
    rule(Action::Lock, Needs::Host, CHANNELS, During::Open),
    rule(Action::Archive, Needs::Host, CHANNELS, During::Always),
    rule(Action::SetKind, Needs::Host, CHANNELS, During::Always),
    rule(Action::Clear, Needs::Host, CHANNELS, During::Always),
    rule(Action::Export, Needs::Host, CHANNELS, During::Always),
    rule(Action::Delete, Needs::Host, CHANNELS, During::Always),
    rule(Action::SetNewcomers, Needs::Moderator, PUBLIC, During::Always),
];

/// Whether somebody may do something in a channel.
///
/// # Errors
/// Why not. `NotFound` comes first: whoever does not see the channel learns nothing of it.
pub fn may(who: Standing, action: Action, channel: ChannelState) -> Result<(), Denial> {
    if !sees(who, channel.kind) {
        return Err(Denial::NotFound);
    }
    let rule = RULES.iter().find(|rule| rule.action == action).ok_or(Denial::Forbidden)?;
    if !rule.kinds.contains(&channel.kind) {
        return Err(Denial::Forbidden);
    }
    let runs = runs(who, channel.kind);
    match rule.needs {
        Needs::Sight => {}
        // Whoever sees a public channel and is not in it may come in.
        Needs::Entry => {}
        Needs::Seat if who.seat.is_inside() => {}
        Needs::MemberSeat if who.seat.is_inside() && who.role > Role::Guest => {}
        Needs::Pinner if channel.hosts_pin && !runs => return Err(Denial::Forbidden),
        Needs::Pinner if who.seat.is_inside() && who.role > Role::Guest => {}
        Needs::Seat | Needs::MemberSeat | Needs::Pinner => {
            let inside = who.seat.is_inside();
            return Err(if inside { Denial::Forbidden } else { Denial::NotInside });
        }
        Needs::Host if runs => {}
        Needs::Moderator if who.role >= Role::Moderator => {}
        Needs::Host | Needs::Moderator => return Err(Denial::Forbidden),
    }
    during(rule.during, who, channel, runs)
}

/// Whether somebody knows of a channel and may read it. Nobody reads a private channel or a direct
/// conversation that they are not in, whatever they are.
#[must_use]
pub fn sees(who: Standing, kind: ChannelKind) -> bool {
    match who.seat {
        Seat::Inside | Seat::Host => true,
        Seat::KeptOut => false,
        Seat::Outside => kind == ChannelKind::Public && who.role > Role::Guest,
    }
}

/// Whether somebody who sees a channel runs it. In a direct conversation all are alike.
#[must_use]
pub fn runs(who: Standing, kind: ChannelKind) -> bool {
    match kind {
        ChannelKind::Direct => who.seat.is_inside() && who.role > Role::Guest,
        ChannelKind::Public | ChannelKind::Private => {
            who.seat == Seat::Host || (who.role >= Role::Moderator && sees(who, kind))
        }
    }
}

fn during(during: During, who: Standing, channel: ChannelState, runs: bool) -> Result<(), Denial> {
    if during == During::Always {
        return Ok(());
    }
    if channel.archived {
        return Err(Denial::Archived);
    }
    if during == During::Open {
        return Ok(());
    }
    if who.muted {
        return Err(Denial::Muted);
    }
    if during == During::Unmuted || runs {
        return Ok(());
    }
    match (channel.locked, channel.all_muted, channel.posting) {
        (true, _, _) => Err(Denial::Locked),
        (_, true, _) => Err(Denial::AllMuted),
        (_, _, Posting::Hosts) if matches!(during, During::Writing | During::Replying) => {
            Err(Denial::HostsWrite)
        }
        (_, _, Posting::OpenThreads) if during == During::Writing => Err(Denial::HostsWrite),
        (_, _, Posting::Everybody | Posting::Hosts | Posting::OpenThreads) => Ok(()),
    }
}

/// Whether somebody who may do something to others in a channel may do it to this person: not to
/// themselves, and whoever keeps order in the place answers only to their equals.
#[must_use]
pub fn may_to_member(role: Role, is_self: bool, whom: Role) -> bool {
    !is_self && (whom < Role::Moderator || role >= whom)
}

/// Whether a role allows something that concerns the whole place.
#[must_use]
pub const fn may_in_place(role: Role, action: PlaceAction) -> bool {
    let least = least_role(action);
    role as u8 >= least as u8
}

/// Whether a role makes channels where the owner says that this is for `makers` and those above them.
#[must_use]
pub fn makes_channels(role: Role, makers: Role) -> bool {
    may_in_place(role, PlaceAction::CreateChannel) && role >= makers
}

/// The lowest role that may do something that concerns the whole place.
pub(super) const fn least_role(action: PlaceAction) -> Role {
    match action {
        PlaceAction::Browse
        | PlaceAction::CreateChannel
        | PlaceAction::OpenDirect
        | PlaceAction::MakeToken => Role::Member,
        PlaceAction::SeePeople
        | PlaceAction::Invite
        | PlaceAction::LetIn
        | PlaceAction::DealWithReports
        | PlaceAction::ReadLog => Role::Moderator,
        PlaceAction::SetPlace => Role::Owner,
    }
}

/// Whether somebody of one role may do something to somebody of another. Nobody does it to themselves
/// by this.
#[must_use]
pub fn may_to(role: Role, action: PersonAction, whom: Role) -> bool {
    match action {
        PersonAction::SetRole | PersonAction::RemoveData => role == Role::Owner,
        PersonAction::EndVisit | PersonAction::FreeName => {
            role >= Role::Moderator && whom == Role::Guest
        }
        PersonAction::Mute | PersonAction::MakeSignInLink | PersonAction::Deactivate => {
            role == Role::Owner || (role == Role::Moderator && whom < Role::Moderator)
        }
    }
}

/// Whether somebody may bring before others what is new: a file, a channel, a name or a picture of
/// themselves, words about themselves. Whoever is muted everywhere may not.
///
/// # Errors
/// `Muted`.
pub const fn may_be_heard(muted_everywhere: bool) -> Result<(), Denial> {
    if muted_everywhere { Err(Denial::Muted) } else { Ok(()) }
}

/// What decides whether somebody begins a direct conversation with a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partner {
    /// What the person is in the whole place.
    pub role: Role,
    /// Whether their account is deactivated, or one of the two blocked the other.
    pub unreachable: bool,
    /// Whether both are in a channel that is no direct conversation.
    pub shares_channel: bool,
}

/// Whether somebody to whom [`PlaceAction::OpenDirect`] is allowed may begin a conversation with a person.
/// `None`: there is no such person.
///
/// # Errors
/// `NotFound` also for a guest of channels that they are not in.
pub fn may_begin_with(person: Option<Partner>) -> Result<(), Denial> {
    let person = person.ok_or(Denial::NotFound)?;
    if person.role == Role::Guest && !person.shares_channel {
        return Err(Denial::NotFound);
    }
    may_write_to(person.unreachable)
}

/// Whether a direct conversation of two goes on, by what the other person is. A group goes on whatever
/// becomes of one of its people.
///
/// # Errors
/// `Unreachable`.
pub const fn may_write_to(unreachable: bool) -> Result<(), Denial> {
    if unreachable { Err(Denial::Unreachable) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(kind: ChannelKind) -> ChannelState {
        ChannelState { kind, ..ChannelState::default() }
    }

    fn somebody(role: Role, seat: Seat) -> Standing {
        Standing { role, seat, muted: false }
    }

    fn everybody() -> impl Iterator<Item = Standing> {
        Role::ALL
            .into_iter()
            .flat_map(|role| Seat::ALL.into_iter().map(move |seat| somebody(role, seat)))
    }

    #[test]
    fn every_action_has_one_row() {
        for rule in RULES {
            let rows = RULES.iter().filter(|other| other.action == rule.action).count();
            assert_eq!(rows, 1, "{:?}", rule.action);
        }
    }

    #[test]
    fn whoever_does_not_see_a_channel_is_told_the_same_whatever_they_want() {
        for kind in ChannelKind::ALL {
            for who in everybody().filter(|who| !sees(*who, kind)) {
                for rule in RULES {
                    let told = may(who, rule.action, state(kind));
                    assert_eq!(told, Err(Denial::NotFound), "{who:?} {:?} {kind:?}", rule.action);
                }
            }
        }
    }

    #[test]
    fn no_role_opens_what_is_private() {
        for kind in [ChannelKind::Private, ChannelKind::Direct] {
            for who in everybody() {
                assert_eq!(sees(who, kind), who.seat.is_inside(), "{who:?} {kind:?}");
            }
        }
    }

    #[test]
    fn a_higher_role_may_never_do_less() {
        for kind in ChannelKind::ALL {
            for seat in Seat::ALL {
                for rule in RULES {
                    let answers = Role::ALL
                        .map(|role| may(somebody(role, seat), rule.action, state(kind)).is_ok());
                    let ordered = answers.is_sorted();
                    assert!(ordered, "{seat:?} {:?} {kind:?}: {answers:?}", rule.action);
                }
            }
        }
    }

    #[test]
    fn writing_stops_where_it_should_and_leaving_never_does() {
        let open = state(ChannelKind::Public);
        let closed = [
            (ChannelState { archived: true, ..open }, Denial::Archived, Denial::Archived),
            (ChannelState { locked: true, ..open }, Denial::Locked, Denial::NotFound),
            (ChannelState { all_muted: true, ..open }, Denial::AllMuted, Denial::NotFound),
            (
                ChannelState { posting: Posting::Hosts, ..open },
                Denial::HostsWrite,
                Denial::NotFound,
            ),
        ];
        let (member, host) =
            (somebody(Role::Member, Seat::Inside), somebody(Role::Member, Seat::Host));
        for (state, of_member, of_host) in closed {
            assert_eq!(may(member, Action::Post, state), Err(of_member));
            let hosts = if of_host == Denial::NotFound { Ok(()) } else { Err(of_host) };
            assert_eq!(may(host, Action::Post, state), hosts);
            for always in [Action::DeleteOwn, Action::Leave, Action::MarkRead, Action::See] {
                assert_eq!(may(member, always, state), Ok(()), "{always:?} {state:?}");
            }
        }
        let muted = Standing { muted: true, ..member };
        assert_eq!(may(muted, Action::Post, open), Err(Denial::Muted));
        assert_eq!(may(muted, Action::DeleteOwn, open), Ok(()));
        assert_eq!(may(muted, Action::AddPeople, open), Err(Denial::Muted));
        let muted = Standing { muted: true, ..host };
        assert_eq!(may(muted, Action::Rename, open), Err(Denial::Muted));
        assert_eq!(may(host, Action::Rename, closed[1].0), Ok(()), "locked for the others");
    }

    #[test]
    fn guests_write_where_they_were_put_and_change_nothing() {
        let guest = somebody(Role::Guest, Seat::Inside);
        for kind in ChannelKind::ALL {
            let allowed: Vec<Action> = RULES
                .iter()
                .map(|rule| rule.action)
                .filter(|action| may(guest, *action, state(kind)).is_ok())
                .collect();
            for action in allowed {
                let fine = matches!(
                    action,
                    Action::See
                        | Action::Join
                        | Action::Post
                        | Action::Reply
                        | Action::Follow
                        | Action::EditOwn
                        | Action::React
                        | Action::Save
                        | Action::DeleteOwn
                        | Action::MarkRead
                        | Action::Leave
                        | Action::Report
                        | Action::Hide
                );
                assert!(fine, "a guest may {action:?} in {kind:?}");
            }
        }
        for action in [PlaceAction::Browse, PlaceAction::CreateChannel, PlaceAction::OpenDirect] {
            assert!(!may_in_place(Role::Guest, action));
        }
    }

    #[test]
    fn nobody_acts_on_their_equals_but_the_owner() {
        for action in [PersonAction::Mute, PersonAction::MakeSignInLink, PersonAction::Deactivate] {
            for whom in Role::ALL {
                assert!(may_to(Role::Owner, action, whom));
                assert_eq!(may_to(Role::Moderator, action, whom), whom < Role::Moderator);
                assert!(!may_to(Role::Member, action, whom));
            }
        }
        assert!(!may_to(Role::Moderator, PersonAction::SetRole, Role::Member));
    }
}
