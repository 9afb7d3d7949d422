//! Whom a browser takes itself for. What waited in a browser goes out with whatever cookie the browser has by
//! then; so it says whose it is and of which data, and is refused when that is not so any more.

use axum::http::request::Parts;

use super::app::App;
use super::problem::Fault;
use crate::chat::{Actor, Sender};
use crate::model::ids::UserId;
use crate::model::instance::Instance;
use crate::model::refusal::Refusal;

/// The header in which a request says it: the person's id, the installation's id and its epoch.
const HEADER: &str = "chinwag-sender";

/// Whom pages for this person say it is.
pub(super) fn of(app: &App, actor: &Actor) -> String {
    let Instance { id, epoch } = app.chat.instance();
    format!("{} {id} {epoch}", actor.id().0)
}

/// Reads what a form or a header says.
///
/// # Errors
/// `Malformed`.
pub(super) fn parse(text: &str) -> Result<Sender, Refusal> {
    let read = || {
        let [user, id, epoch] = text.split(' ').collect::<Vec<_>>().try_into().ok()?;
        let instance = Instance { id: id.to_owned(), epoch: epoch.to_owned() };
        Some(Sender { user: UserId(user.parse().ok()?), instance })
    };
    read().ok_or(Refusal::Malformed { field: "sender" })
}

/// Refuses a request that says that it is another's, whatever it asks for.
///
/// # Errors
/// `OtherSender`, `OtherInstance`, `Malformed`.
pub(super) fn check(app: &App, actor: &Actor, parts: &Parts) -> Result<(), Fault> {
    let Some(said) = parts.headers.get(HEADER) else { return Ok(()) };
    let sender = parse(said.to_str().unwrap_or_default())?;
    Ok(app.chat.check_sender(actor, &sender)?)
}
