//! Flashes and the words of the plain pages.

use crate::model::messages::Message;
use crate::model::users::Language;

/// The one-time messages of the plain pages; six of them are the origin's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FlashText {
    /// A name was taken.
    NameCreated(String),
    /// They have another name now.
    NameChanged(String),
    /// They logged out.
    LoggedOut,
    /// They logged out here, and the server could not end the session.
    LoggedOutHere,
    /// There is a channel of that name.
    ChannelExists(String),
    /// A channel was made.
    ChannelCreated(String),
    /// A channel needs a name.
    ChannelNameEmpty,
    /// They put a person into a channel.
    Added(String),
    /// They left a channel, or hid a conversation.
    Left(String),
    /// Nobody is signed in.
    NotLoggedIn,
    /// They came in by a one-time sign-in link, which this person made; the operator has no name.
    CameByLink(String),
}

impl FlashText {
    /// The sentence.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let (english, chinese) = match self {
            Self::NameCreated(name) => {
                (format!("New username {name} created."), format!("新用户名 {name} 已创建。"))
            }
            Self::NameChanged(name) => {
                (format!("Your name is {name} now."), format!("您现在的名称是 {name}。"))
            }
            Self::LoggedOut => ("You have logged out.".to_owned(), "您已退出登录。".to_owned()),
            Self::LoggedOutHere => (
                "You have logged out in this browser, but the server could not end the session. \
                 Sign in again later and end it in Settings."
                    .to_owned(),
                "您已在此浏览器中退出登录，但服务器未能结束该会话。请稍后重新登录，并在“设置”中结束它。"
                    .to_owned(),
            ),
            Self::ChannelExists(name) => {
                (format!("Channel {name} already exists."), format!("频道 {name} 已存在。"))
            }
            Self::ChannelCreated(name) => (
                format!("The new channel {name} has been created."),
                format!("新频道 {name} 已创建。"),
            ),
            Self::ChannelNameEmpty => {
                ("Channel name cannot be empty.".to_owned(), "频道名称不能为空。".to_owned())
            }
            Self::Added(name) => (format!("{name} is in it now."), format!("{name} 已加入。")),
            Self::Left(name) => {
                (format!("You are not in {name} any more."), format!("您已离开 {name}。"))
            }
            Self::CameByLink(by) if by.is_empty() => (
                "You came in by a sign-in link of the server’s operator. Your other sessions have ended."
                    .to_owned(),
                "您通过服务器管理者提供的登录链接登录，其他会话均已结束。".to_owned(),
            ),
            Self::CameByLink(by) => (
                format!("You came in by a sign-in link that {by} made. Your other sessions have ended."),
                format!("您通过 {by} 创建的登录链接登录，其他会话均已结束。"),
            ),
            Self::NotLoggedIn => ("You are not logged in.".to_owned(), "您尚未登录。".to_owned()),
        };
        match language {
            Language::English => english,
            Language::Chinese => chinese,
        }
    }
}

/// Who pinned a message; `by` is `None` for the reader.
#[must_use]
pub fn pinned_by(language: Language, by: Option<&str>) -> String {
    match (language, by) {
        (Language::English, Some(name)) => format!("Pinned by {name}"),
        (Language::English, None) => "Pinned by you".to_owned(),
        (Language::Chinese, Some(name)) => format!("由 {name} 置顶"),
        (Language::Chinese, None) => "由您置顶".to_owned(),
    }
}

/// What the thread of a message is called, with the number of replies; `None` for what begins none and could
/// not.
#[must_use]
pub fn replies(language: Language, message: &Message) -> Option<String> {
    let could = message.reply.is_none() && message.line.is_none() && message.deleted_at.is_none();
    let count = message.thread.as_ref().map_or(0, |thread| thread.replies);
    match (language, count) {
        (_, 0) if !could && message.thread.is_none() => None,
        (Language::English, 0) => Some("Reply in thread".to_owned()),
        (Language::English, 1) => Some("1 reply".to_owned()),
        (Language::English, count) => Some(format!("{count} replies")),
        (Language::Chinese, 0) => Some("在话题中回复".to_owned()),
        (Language::Chinese, count) => Some(format!("{count} 条回复")),
    }
}

/// The words of the box that sends a reply to the channel too.
#[must_use]
pub fn also_to(language: Language, channel: &str) -> String {
    match language {
        Language::English => format!("Also send to {channel}"),
        Language::Chinese => format!("同时发送到 {channel}"),
    }
}

/// Who mentioned the reader in a place.
#[must_use]
pub fn mentioned_in(language: Language, name: &str, place: &str) -> String {
    match language {
        Language::English => format!("{name} mentioned you in {place}"),
        Language::Chinese => format!("{name} 在 {place} 提到了您"),
    }
}

/// Who wrote to the reader in a direct conversation.
#[must_use]
pub fn wrote_to_you(language: Language, name: &str) -> String {
    match language {
        Language::English => format!("{name} wrote to you"),
        Language::Chinese => format!("{name} 给您发了私信"),
    }
}

/// Who put the reader into a place.
#[must_use]
pub fn added_you_to(language: Language, name: &str, place: &str) -> String {
    match language {
        Language::English => format!("{name} added you to {place}"),
        Language::Chinese => format!("{name} 将您加入了 {place}"),
    }
}

/// Who called everybody in a place.
#[must_use]
pub fn told_everyone_in(language: Language, name: &str, place: &str) -> String {
    match language {
        Language::English => format!("{name} told everyone in {place}"),
        Language::Chinese => format!("{name} 在 {place} 通知了所有人"),
    }
}

/// Who replied in a thread of a place that the reader follows.
#[must_use]
pub fn replied_in(language: Language, name: &str, place: &str) -> String {
    match language {
        Language::English => format!("{name} replied in a thread in {place}"),
        Language::Chinese => format!("{name} 在 {place} 的话题中回复了"),
    }
}

/// Who reacted with these emoji to a message of the reader in a place, and how many others did.
#[must_use]
pub fn reacted_in(
    language: Language,
    name: &str,
    others: usize,
    emoji: &str,
    place: &str,
) -> String {
    match (language, others) {
        (Language::English, 0) => {
            format!("{name} reacted with {emoji} to your message in {place}")
        }
        (Language::English, 1) => {
            format!("{name} and 1 other reacted with {emoji} to your message in {place}")
        }
        (Language::English, _) => {
            format!("{name} and {others} others reacted with {emoji} to your message in {place}")
        }
        (Language::Chinese, 0) => format!("{name} 用 {emoji} 回应了您在 {place} 的消息"),
        (Language::Chinese, _) => {
            format!("{name} 等 {} 人用 {emoji} 回应了您在 {place} 的消息", others + 1)
        }
    }
}

/// The sentence on a channel's page for somebody who is no member.
#[must_use]
pub fn reading_only(language: Language, name: &str, members: i64) -> String {
    match (language, members) {
        (Language::English, 1) => {
            format!("You are reading #{name}. 1 person is in it; writing joins you.")
        }
        (Language::English, _) => {
            format!("You are reading #{name}. {members} people are in it; writing joins you.")
        }
        (Language::Chinese, _) => {
            format!("您正在阅读 #{name}。频道中有 {members} 人，发送消息即可加入。")
        }
    }
}

macro_rules! catalogue {
    ($($(#[$doc:meta])* $name:ident: $english:literal, $chinese:literal;)*) => {
        /// The words of the plain pages, in one language. A word that is missing in one language
        /// does not compile.
        pub struct Words {
            $($(#[$doc])* pub $name: &'static str,)*
        }

        static ENGLISH: Words = Words { $($name: $english,)* };
        static CHINESE: Words = Words { $($name: $chinese,)* };
    };
}

catalogue! {
    /// The `lang` attribute.
    lang: "en", "zh-Hans";
    /// Title of the sign-in page.
    sign_in: "Sign in", "登录";
    /// The headline of the sign-in page.
    pull_up: "Pull up a chair", "来，坐下聊";
    /// The sentence that says what to type.
    pull_up_text: "Type a display name and you are in. No email, no account to set up.",
        "输入显示名称即可加入，无需邮箱，也不用注册。";
    /// The same sentence where one comes in by an invite alone.
    by_invite: "Newcomers need an invite. Were you here before? Then type your display name.",
        "新成员需要邀请才能加入。如果您来过这里，请输入您的显示名称。";
    /// The same sentence where newcomers are let in.
    by_approval: "Type a display name. Whoever is new here waits until somebody lets them in.",
        "请输入显示名称。新成员需等待管理者同意后才能进入。";
    /// The same sentence where nobody new comes in.
    closed_text: "Nobody new can come in at the moment. Were you here before? Then type your display name.",
        "目前不接受新成员。如果您来过这里，请输入您的显示名称。";
    /// The link to the page that takes a code.
    have_code: "I have a code", "我有加入码";
    /// The name field.
    display_name: "Display name", "显示名称";
    /// The password field.
    password: "Password", "密码";
    /// The hint that says when a password is needed.
    password_hint: "Only for a name that is protected by a password.", "仅受密码保护的名称需要填写。";
    /// The sign-in button.
    join: "Join", "加入";
    /// The list of channels.
    channels: "Channels", "频道";
    /// A channel.
    channel: "Channel", "频道";
    /// Above the kinds of a new channel.
    kind: "Who sees it", "谁能看到";
    /// The kind that everybody sees.
    kind_public: "Public: every member finds it and can join", "公开：每位成员都能找到并加入";
    /// The kind that only those in it see.
    kind_private: "Private: only those in it know of it", "私密：只有其中的人知道它";
    /// The head of a column.
    created_at: "Created at", "创建时间";
    /// The head of a column.
    members: "Members", "成员";
    /// Above the link to the channel that was visited last.
    latest: "The latest channel you accessed", "您最近访问的频道";
    /// A direct conversation with nobody else.
    notes: "Notes to yourself", "写给自己";
    /// When none was visited yet.
    latest_none: "None yet", "暂无";
    /// The headline of the form that makes a channel.
    create: "Create a channel", "创建频道";
    /// The field of that form.
    name: "Name", "名称";
    /// The button of that form.
    create_button: "Create channel", "创建频道";
    /// When there are no channels.
    no_channels: "No channels yet", "还没有频道";
    /// In the place of a message that was cleared.
    not_kept: "That message is no longer kept: the channel was cleared.", "该消息已不再保留：频道已被清空。";
    /// Label of the text field.
    message: "Message", "消息";
    /// The send button.
    send: "Send", "发送";
    /// The heading of the channels and conversations that one is in and that the directory does not list.
    own: "Private channels and direct messages", "私密频道与私信";
    /// The heading of the directory.
    public: "Public channels", "公开频道";
    /// The field that narrows the directory down.
    find: "Find by name or topic", "按名称或主题查找";
    /// The button of that field.
    find_button: "Find", "查找";
    /// When no channel has those letters.
    none_found: "No channel has these letters in its name or topic.", "没有名称或主题包含这些字的频道。";
    /// The link to the next page of the directory.
    more: "More channels", "更多频道";
    /// The link to the first page of the directory.
    from_start: "From the start", "从头开始";
    /// The link to all channels.
    browse: "Browse channels", "浏览频道";
    /// The button that opens the list of channels on a phone.
    open_list: "Open channel list", "打开频道列表";
    /// Above the messages of the day.
    today: "Today", "今天";
    /// Above the messages of the day before.
    yesterday: "Yesterday", "昨天";
    /// The line above new messages, where no script writes the time.
    new: "New", "新消息";
    /// The line above new messages, before the time of the last visit.
    new_since_before: "New since ", "";
    /// The same line, after that time.
    new_since_after: "", " 以来的新消息";
    /// The button that begins a message that quotes another.
    quote: "Quote", "引用";
    /// Before the name of whoever wrote what is forwarded.
    forwarded: "Forwarded", "转发";
    /// Before the name of whoever is quoted.
    quoting: "Quoting", "引用";
    /// The link that gives the quote up.
    quote_not: "Do not quote", "取消引用";
    /// In place of a quoted message that its author deleted.
    quoted_deleted: "A message that was deleted", "一条已删除的消息";
    /// In place of a quoted message that a host or moderator deleted.
    quoted_removed: "Removed by a moderator", "已被管理员移除";
    /// In place of a quoted message that was cleared.
    quoted_cleared: "A message that is no longer kept", "一条已不再保留的消息";
    /// The delete button.
    delete: "Delete", "删除";
    /// The button that leads to the question before deleting.
    delete_ask: "Delete…", "删除…";
    /// Title of the question before a message is deleted.
    delete_title: "Delete this message?", "删除这条消息？";
    /// The text of that question.
    delete_text: "It goes for everybody, with its files. That cannot be undone.",
        "消息及其附件将对所有人删除，且无法恢复。";
    /// The button that does not delete.
    keep: "Keep it", "保留";
    /// The field for files.
    attach: "Attach files", "添加附件";
    /// The text of a tombstone, after the author's name.
    deleted: "deleted a message", "删除了一条消息";
    /// The text of a tombstone of what somebody else removed.
    removed: "Removed by a moderator", "已被管理员移除";
    /// Behind a message that its author changed.
    edited: "(edited)", "（已编辑）";
    /// The emoji that people put to a message.
    reactions: "Reactions", "表情回应";
    /// For screen readers: a message calls the reader.
    calls_you: "mentions you", "提到了您";
    /// Log out.
    log_out: "Log out", "退出登录";
    /// The sentence that says what logging out does.
    log_out_text: "You can sign in again with your name and password.",
        "之后您可以凭名称和密码重新登录。";
    /// The same for a name without a password.
    log_out_text_open: "Your name has no password: only this browser gets back in by it. If you \
        forget this browser, nobody can get the name back, not even you.",
        "您的名称没有密码：只有此浏览器可以凭它重新登录。如果忘记此浏览器，任何人（包括您自己）都无法再用回该名称。";
    /// The same for a name without a password on a computer that others use too.
    log_out_text_lost: "Your name has no password and this browser does not keep it: after you log \
        out nobody can get the name back. Set a password first if you want to keep it.",
        "您的名称没有密码，此浏览器也不会保留它：退出后任何人都无法再用回该名称。如需保留，请先设置密码。";
    /// The button that logs out and forgets the browser.
    log_out_forget: "Log out and forget this browser", "退出登录并忘记此浏览器";
    /// The check box for a computer that others use too.
    shared: "This is not my computer", "这不是我的电脑";
    /// The hint of that check box.
    shared_hint: "You are logged out when the browser closes, and it does not keep your name.",
        "浏览器关闭后即退出登录，且不会保留您的名称。";
    /// The page of owners and moderators.
    people: "People and place", "人员与空间";
    /// The sentence that says that it needs script.
    people_text: "This page needs a browser with script.", "此页面需要浏览器启用脚本。";
    /// What concerns the reader.
    activity: "Activity", "动态";
    /// Where there is nothing.
    activity_none: "Nothing yet: who mentions you, and who reacts to what you write, is here.",
        "还没有动态。有人提到您或回应您的消息时，会显示在这里。";
    /// The mark of what the reader has not seen.
    activity_new: "New", "未读";
    /// The link to what came earlier.
    activity_more: "Earlier", "更早的动态";
    /// What the reader saved.
    saved: "Saved", "收藏";
    /// Where the reader saved nothing.
    saved_none: "Nothing is saved.", "还没有收藏。";
    /// The link to older ones.
    saved_more: "Saved earlier", "更早的收藏";
    /// A saved message that was deleted.
    saved_deleted: "A message that was deleted since", "一条消息，之后已被删除";
    /// The mark of a message that the reader saved.
    saved_mark: "Saved", "已收藏";
    /// Settings.
    settings: "Settings", "设置";
    /// The sentence that says that settings need script.
    settings_text: "The other settings need a browser with script.", "其他设置需要浏览器启用脚本。";
    /// The button that changes one's name.
    rename: "Change name", "更改名称";
    /// The hint that says what changing it does.
    rename_hint: "Your old messages take the new name too. Nobody else can take your old name for 30 \
        days; you can take it back.",
        "您以前的消息也会显示新名称。30 天内别人不能使用您的旧名称，您可以随时改回。";
    /// Title of the page for a channel that does not exist.
    missing: "There is no such channel", "没有这个频道";
    /// The sentence that says what to do then.
    missing_text: "It may have another name. Pick one from the list, or create it there.",
        "它可能用了别的名称。请从列表中选择，或在列表页创建。";
    /// Behind the reason why a message with files was refused.
    files_again: "Choose your files again.", "请重新选择文件。";
    /// Above the text of a message that was refused, where there is no form any more.
    not_sent: "This was not sent. You can copy it.", "此消息未发送，您可以复制。";
    /// The sentence for an address that names a message which is not there, or which the reader may not see.
    no_message: "This address leads to no message that you may read.",
        "此地址没有您可以阅读的消息。";
    /// A thread.
    thread: "Thread", "话题";
    /// The threads that the reader follows.
    threads: "Threads", "话题";
    /// Where the reader follows no thread.
    threads_none: "No threads yet.", "还没有话题。";
    /// Above a thread whose first message is not kept any more.
    rootless: "The message that began this thread is no longer kept.", "此话题的首条消息已不再保留。";
    /// The link from a reply in the channel to its thread.
    in_thread: "In a thread", "话题中的回复";
    /// The link to messages before those of the page.
    older: "Older messages", "更早的消息";
    /// The link to messages after those of the page.
    newer: "Newer messages", "更新的消息";
    /// The link to the end of the channel.
    to_newest: "Back to the newest", "回到最新";
    /// The caption of a page that does not end with the newest message.
    some: "Messages of this channel", "本频道的消息";
    /// Finding messages by their words.
    search: "Search", "搜索";
    /// The field for what is looked for.
    search_for: "Words, and filters such as from: in: before: after: has:file is:saved",
        "关键词，以及筛选条件，如 发送人: 频道: 之前: 之后: 包含:文件 属于:收藏";
    /// The choice of which hits come first.
    search_newest: "Newest first", "最新优先";
    /// The other choice.
    search_best: "Best first", "最相关优先";
    /// When nothing was found.
    search_none: "Nothing was found.", "没有找到结果。";
    /// When nothing was found, and not everything was looked through.
    search_not_all: "There was no time to look through everything. Add words, a person or a channel.",
        "没能在限定时间内查完所有消息。请再加几个词、发送人或频道。";
    /// The link to messages that have one of the words, before how many they are.
    search_any: "Messages with any of these words:", "包含其中任一关键词的消息：";
    /// Before filters that mean nothing.
    search_unknown: "Not understood:", "无法识别：";
    /// While older messages are not indexed yet.
    search_unfinished: "Older messages are still being indexed; not all of them are found yet.",
        "较早的消息仍在建立索引，暂时无法全部找到。";
    /// The link to the next page of hits.
    search_more: "More", "更多";
    /// Above the messages of an empty channel.
    empty: "Nothing has been said here yet.", "这里还没有消息。";
    /// The caption that says which messages are shown.
    newest: "The newest 100 messages", "最新的 100 条消息";
    /// Signed in as.
    signed_in_as: "Signed in as", "当前用户";
    /// Title of an error page.
    failed: "That did not work", "操作未成功";
    /// Title of the page at an address where there is nothing.
    nothing_here: "There is nothing here", "此处没有内容";
    /// Link to the first page.
    start: "Go to the start", "返回首页";
    /// Link back to the channel in which something was refused.
    back_to_channel: "Back to the channel", "返回频道";
    /// Link back.
    back: "Back to the channels", "返回频道列表";
}

/// The words in that language.
#[must_use]
pub fn words(language: Language) -> &'static Words {
    match language {
        Language::English => &ENGLISH,
        Language::Chinese => &CHINESE,
    }
}
