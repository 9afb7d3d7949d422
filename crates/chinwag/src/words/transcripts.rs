//! The words of a transcript.

use crate::model::users::Language;

/// What the page of a transcript says, in one language.
pub struct TranscriptWords {
    /// The `lang` attribute.
    pub lang: &'static str,
    /// In place of a message that its author deleted.
    pub deleted: &'static str,
    /// In place of a message that a host or moderator deleted.
    pub removed: &'static str,
    /// In place of a quoted message that its author deleted.
    pub quoted_deleted: &'static str,
    /// In place of a quoted message that was cleared.
    pub quoted_cleared: &'static str,
    /// Before the name of whoever wrote what is forwarded.
    pub forwarded: &'static str,
    /// Behind a message that its author changed.
    pub edited: &'static str,
    /// Behind the name of a file that was removed meanwhile.
    pub missing: &'static str,
    /// Over a reply in a thread that was sent to the channel too.
    pub reply: &'static str,
    /// Over a reply whose thread began with a message that is not kept any more.
    pub rootless: &'static str,
    /// Where there are no messages.
    pub empty: &'static str,
    /// Link to older messages.
    pub older: &'static str,
    /// Link to newer messages.
    pub newer: &'static str,
    /// The list of the messages.
    pub messages: &'static str,
}

static ENGLISH: TranscriptWords = TranscriptWords {
    lang: "en",
    deleted: "deleted a message",
    removed: "Removed by a moderator",
    quoted_deleted: "A message that was deleted",
    quoted_cleared: "A message that is no longer kept",
    forwarded: "Forwarded",
    edited: "(edited)",
    missing: "removed, not in this transcript",
    reply: "Reply in a thread",
    rootless: "Reply to a message that is no longer kept",
    empty: "Nothing had been said here.",
    older: "Older messages",
    newer: "Newer messages",
    messages: "Messages",
};
static CHINESE: TranscriptWords = TranscriptWords {
    lang: "zh-Hans",
    deleted: "删除了一条消息",
    removed: "已被管理员移除",
    quoted_deleted: "一条已删除的消息",
    quoted_cleared: "一条已不再保留的消息",
    forwarded: "转发",
    edited: "（已编辑）",
    missing: "已删除，不在此记录中",
    reply: "话题中的回复",
    rootless: "回复一条已不再保留的消息",
    empty: "当时这里还没有消息。",
    older: "更早的消息",
    newer: "更新的消息",
    messages: "消息",
};

/// The words in that language.
#[must_use]
pub fn transcript_words(language: Language) -> &'static TranscriptWords {
    match language {
        Language::English => &ENGLISH,
        Language::Chinese => &CHINESE,
    }
}

/// The sentence that says who made a transcript and when. `at` and `zone` are ready to be shown.
#[must_use]
pub fn exported_by(language: Language, name: &str, at: &str, zone: &str) -> String {
    match language {
        Language::English => {
            format!("Transcript, made by {name} on {at}. Times are {zone}.")
        }
        Language::Chinese => format!("聊天记录，由 {name} 于 {at} 导出。时间为 {zone}。"),
    }
}
