//! What a request is about, for a bot token with limits: `chat` decides by it whether the token reaches
//! so far. An address that is not named here is out of reach for a token that is limited to channels.

use axum::extract::MatchedPath;
use axum::http::Method;
use axum::http::request::Parts;

use crate::chat::{self, Actor, Subject};
use crate::model::ids::ChannelId;

/// What comes before the id of a channel in the addresses of everything that is about one channel.
const CHANNEL: &str = "/api/channels/";

/// Addresses of a person's own things, each of which shows a narrow token its part, or what everybody may
/// have.
const OWN: [&str; 9] = [
    "/api/me",
    "/api/state",
    "/api/channels",
    "/api/uploads",
    "/api/uploads/resumable",
    "/api/uploads/resumable/{id}",
    "/files/{id}/{name}",
    "/thumbnails/{id}",
    "/pictures/{id}/{side}",
];

/// Checks that the limits of the actor's token allow a request.
///
/// # Errors
/// `NotFound` for what it may not know of, and `TokenReads`.
pub(super) fn check(actor: &Actor, parts: &Parts) -> chat::Result<()> {
    let template = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let only_reads = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
    actor.reaches(subject(template, parts.uri.path(), &parts.method), only_reads)
}

fn subject(template: &str, path: &str, method: &Method) -> Subject {
    if let Some(rest) = path.strip_prefix(CHANNEL).filter(|_| template.starts_with(CHANNEL)) {
        let id = rest.split('/').next().and_then(|id| id.parse().ok());
        return id.map_or(Subject::Place, |id| Subject::Channel(ChannelId(id)));
    }
    // Making a channel is nothing of its own.
    let own = OWN.contains(&template) && !(template == "/api/channels" && method == Method::POST);
    if own { Subject::Own } else { Subject::Place }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_not_named_is_out_of_reach() {
        let about = |template, path| subject(template, path, &Method::GET);
        let of_channel = about("/api/channels/{id}/messages", "/api/channels/7/messages");
        assert_eq!(of_channel, Subject::Channel(ChannelId(7)));
        assert_eq!(about("/api/channels/{id}", "/api/channels/x"), Subject::Place);
        assert_eq!(about("/api/channels", "/api/channels"), Subject::Own);
        assert_eq!(subject("/api/channels", "/api/channels", &Method::POST), Subject::Place);
        for other in ["/api/people", "/channel/{name}", "/api/something/new", ""] {
            assert_eq!(about(other, other), Subject::Place, "{other}");
        }
    }
}
