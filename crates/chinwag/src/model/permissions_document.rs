//! `docs/permissions.md`, made from the table of [`permissions`](super::permissions).

use std::fmt::Write as _;

use super::channels::{ChannelKind, ChannelState};
use super::permissions::{
    Action, Denial, During, PersonAction, PlaceAction, RULES, least_role, may, may_to,
};
use super::roles::{Role, Seat, Standing};

/// Everybody who can stand in a channel, as the document names them.
const COLUMNS: [(&str, Role, Seat); 8] = [
    ("guest in it", Role::Guest, Seat::Inside),
    ("guest outside", Role::Guest, Seat::Outside),
    ("member in it", Role::Member, Seat::Inside),
    ("member outside", Role::Member, Seat::Outside),
    ("host", Role::Member, Seat::Host),
    ("moderator in it", Role::Moderator, Seat::Inside),
    ("moderator outside", Role::Moderator, Seat::Outside),
    ("kept out", Role::Owner, Seat::KeptOut),
];

/// The document, as Markdown.
#[must_use]
pub fn document() -> String {
    let mut text = String::from(
        "# Who may do what\n\n\
         This page is made from the table by which the server decides (`model/permissions.rs`); a test \
         holds the two together.\n\n\
         A person has one role in the whole place: owner, moderator, member or guest. In a channel they \
         are inside or outside, and those inside may be hosts. Owners may do all that moderators may. \
         Owners and moderators need a password, and are members until they set one. **Nobody reads a \
         private channel or a direct conversation that they are not in, whatever their role.** Whoever \
         may not see a channel is told that there is none.\n\n\
         ✓ may, · may not (and is told so), – is told that there is no such channel.\n",
    );
    for kind in ChannelKind::ALL {
        channel_table(&mut text, kind);
    }
    text.push_str(
        "\nWriting stops for everybody in an archived channel; for everybody but those who run the \
         channel while it is locked, everybody is muted, or only hosts write; and for whoever is muted. \
         Reading, leaving, deleting one's own messages and moving one's read mark always work. Whoever is muted everywhere \
         also makes no channels, sends no files, and gives themselves no new name, picture, status or \
         words about themselves; what they show already they may take away.\n",
    );
    text.push_str(
        "\nOwners, moderators and members begin direct conversations with each other, and with guests who \
         are in a channel with them; a guest answers. Nobody begins one with whoever is deactivated, or \
         writes to them in one of two.\n",
    );
    place_table(&mut text);
    person_table(&mut text);
    text
}

fn channel_table(text: &mut String, kind: ChannelKind) {
    let title = match kind {
        ChannelKind::Public => "public channel",
        ChannelKind::Private => "private channel",
        ChannelKind::Direct => "direct conversation",
    };
    let names: Vec<&str> = COLUMNS.iter().map(|(name, ..)| *name).collect();
    let _ = writeln!(text, "\n## In a {title}\n\n| | {} | not while |", names.join(" | "));
    let _ = writeln!(text, "|---|{}---|", "---|".repeat(COLUMNS.len()));
    let state = ChannelState { kind, ..ChannelState::default() };
    for rule in RULES.iter().filter(|rule| rule.kinds.contains(&kind)) {
        let _ = write!(text, "| {} |", words(rule.action));
        for (_, role, seat) in COLUMNS {
            let answer = may(Standing { role, seat, muted: false }, rule.action, state);
            let sign = match answer {
                Ok(()) => "✓",
                Err(Denial::NotFound) => "–",
                Err(_) => "·",
            };
            let _ = write!(text, " {sign} |");
        }
        let during = match rule.during {
            During::Always => "",
            During::Open => "archived",
            During::Answering => "archived, muted, locked",
            During::Replying => "archived, muted, locked, only hosts write in threads too",
            During::Unmuted => "archived, muted",
            During::Writing => "archived, muted, locked, only hosts write",
        };
        let _ = writeln!(text, " {during} |");
    }
}

fn place_table(text: &mut String) {
    text.push_str("\n## In the whole place\n\n| | from |\n|---|---|\n");
    for (action, words) in PLACE {
        let _ = writeln!(text, "| {words} | {} |", least_role(action).code());
    }
    text.push_str(
        "\nThe owner may say that only moderators and owners make channels. Whoever made an invite lets in or \
         refuses those who came by it, as long as they may make such an invite.\n",
    );
}

fn person_table(text: &mut String) {
    text.push_str("\n## To another person\n\n| | moderator | owner |\n|---|---|---|\n");
    for (action, words) in PERSON {
        let whom = |role: Role| {
            let names: Vec<&str> = Role::ALL
                .into_iter()
                .filter(|whom| may_to(role, action, *whom))
                .map(Role::code)
                .collect();
            if names.is_empty() { "·".to_owned() } else { names.join(", ") }
        };
        let _ = writeln!(text, "| {words} | {} | {} |", whom(Role::Moderator), whom(Role::Owner));
    }
    text.push_str(
        "\nIn a channel, moderators are muted, taken out and kept out by moderators and owners alone, and \
         owners by owners. Nobody does it to themselves. Hosts of a channel that a guest is in free their \
         name after the visit, too.\n",
    );
}

const PLACE: [(PlaceAction, &str); 10] = [
    (PlaceAction::Browse, "see the directory of channels and people, and search"),
    (PlaceAction::CreateChannel, "make a channel"),
    (PlaceAction::OpenDirect, "begin a direct conversation"),
    (PlaceAction::MakeToken, "make a bot token"),
    (PlaceAction::SeePeople, "see all people with their roles, who waits, and the invites"),
    (PlaceAction::Invite, "invite people, and end an invite"),
    (PlaceAction::LetIn, "let in or refuse who waits"),
    (PlaceAction::DealWithReports, "read reports and deal with them"),
    (PlaceAction::ReadLog, "read the log"),
    (PlaceAction::SetPlace, "name the place, and say how people come in"),
];

const PERSON: [(PersonAction, &str); 7] = [
    (PersonAction::Mute, "mute everywhere"),
    (PersonAction::MakeSignInLink, "make a one-time sign-in link"),
    (PersonAction::Deactivate, "deactivate, and bring back"),
    (PersonAction::EndVisit, "end the visit of"),
    (PersonAction::FreeName, "free the name after the visit of"),
    (PersonAction::SetRole, "give another role"),
    (PersonAction::RemoveData, "remove the data of"),
];

fn words(action: Action) -> &'static str {
    match action {
        Action::See => "know of it, read it, list its members",
        Action::Join => "join",
        Action::Post => "write (which joins a public channel)",
        Action::Reply => "answer in a thread (which joins a public channel)",
        Action::Follow => "follow a thread",
        Action::EditOwn => "change one's own message",
        Action::React => "react to a message",
        Action::CallEverybody => {
            "call everybody in it with `@all` (the owner may leave that to those who run it)"
        }
        Action::Pin => "pin a message (the hosts may leave that to themselves)",
        Action::SetPinning => "say who pins",
        Action::Save => "save a message for oneself",
        Action::DeleteOwn => "delete one's own message",
        Action::MarkRead => "move one's read mark",
        Action::Leave => "leave",
        Action::Report => "report a message",
        Action::Hide => "hide it, and show it again",
        Action::SetTopic => "change the topic",
        Action::Rename => "change the name",
        Action::AddPeople => "add people",
        Action::InviteGuests => "make an invite for guests",
        Action::KeepDoor => "keep the door of its guests, end their visits",
        Action::RemoveMessage => "remove a message of another",
        Action::MutePerson => "mute a person in it",
        Action::TakeOut => "take a person out, keep them out",
        Action::NameHosts => "name hosts",
        Action::SetPosting => "say who writes",
        Action::SetSlow => "set slow mode",
        Action::MuteAll => "mute everybody but the hosts",
        Action::Lock => "lock it, open it again",
        Action::Archive => "archive it, bring it back",
        Action::SetKind => "make it private or public",
        Action::Clear => "remove all of its messages",
        Action::Export => "make a transcript",
        Action::Delete => "delete it",
        Action::SetNewcomers => "let newcomers be put into it",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_document_is_that_of_the_table() {
        let told = include_str!("../../../../docs/permissions.md");
        assert_eq!(told, super::document(), "run `chinwag permissions > docs/permissions.md`");
    }
}
