//! What stands below the messages of a channel's page: the form that writes, or why there is none.

use super::posting::{self, MessageForm};
use super::quotes::QuoteRow;
use crate::chat::{Actor, Error, Result};
use crate::http::app::App;
use crate::http::sender;
use crate::model::channels::ChannelView;
use crate::model::ids::Number;
use crate::model::permissions::Action;
use crate::model::users::Language;
use crate::words::{self, words};

/// The form that writes, or what stands in its place.
pub(super) struct Composer {
    /// The channel's address.
    pub href: String,
    /// The key of the next message.
    pub key: String,
    /// Whom the page is shown to.
    pub sender: String,
    /// Whether the reader is no member, and may join.
    pub joins: bool,
    /// Says that they are no member, if writing joins them.
    pub reads_only: Option<String>,
    /// Why nobody or not this reader writes now; then there is no form.
    pub shut: Option<String>,
    /// Why the message was refused that was sent.
    pub refused: Option<String>,
    /// The text of that message.
    pub text: String,
    /// The number of the message that the next one quotes, and what it quotes.
    pub quote: Option<(i64, QuoteRow)>,
}

/// A message that was refused.
pub(super) struct Unsent {
    /// Its text.
    text: String,
    /// Why, as a sentence.
    why: String,
    /// What it quotes.
    pub(super) quote: Option<Number>,
}

impl Unsent {
    /// The message of a form. Its files are gone: a page cannot choose them again.
    pub(super) fn new(form: MessageForm, why: &str, language: Language) -> Self {
        let (why, again) = (why.to_owned(), words(language).files_again);
        let why = match (form.files.is_empty(), language) {
            (true, _) => why,
            (false, Language::English) => format!("{why} {again}"),
            (false, Language::Chinese) => format!("{why}{again}"),
        };
        // Browsers send the lines of a form with CR LF, and write them so again.
        // What is quoted may be gone: then it may be sent without.
        let quote = posting::quote(form.quote.as_deref()).ok().flatten();
        Self { text: form.msg.replace("\r\n", "\n"), why, quote }
    }
}

impl Composer {
    /// `action`: what the form does, posting or replying.
    pub(super) fn new(
        app: &App,
        actor: &Actor,
        view: &ChannelView,
        href: String,
        language: Language,
        action: Action,
        unsent: Option<Unsent>,
    ) -> Result<Self> {
        let told = |error: Error| words::explain(&error, language).detail;
        let shut = app.chat.refuses(actor, view, action).map(told);
        let outside = view.membership.is_none();
        let (name, members) = (&view.channel.name, view.channel.member_count);
        let (refused, text) = unsent.map(|unsent| (unsent.why, unsent.text)).unzip();
        Ok(Self {
            href,
            key: app.chat.new_key()?.to_string(),
            sender: sender::of(app, actor),
            joins: outside && app.chat.refuses(actor, view, Action::Join).is_none(),
            reads_only: (outside && shut.is_none())
                .then(|| words::reading_only(language, name, members)),
            // Why it was refused is why there is no form.
            refused: refused.filter(|_| shut.is_none()),
            shut,
            text: text.unwrap_or_default(),
            quote: None,
        })
    }
}
