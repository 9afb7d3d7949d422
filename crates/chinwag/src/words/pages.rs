//! Flashes and the words of the plain pages.

use crate::model::users::Language;

/// The one-time messages of the plain pages; six of them are the origin's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FlashText {
    /// A name was taken.
    NameCreated(String),
    /// She logged out.
    LoggedOut,
    /// There is a channel of that name.
    ChannelExists(String),
    /// A channel was made.
    ChannelCreated(String),
    /// A channel needs a name.
    ChannelNameEmpty,
    /// Nobody is signed in.
    NotLoggedIn,
}

impl FlashText {
    /// The sentence.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let (english, chinese) = match self {
            Self::NameCreated(name) => {
                (format!("New username {name} created."), format!("新用户名 {name} 已创建。"))
            }
            Self::LoggedOut => ("You have logged out.".to_owned(), "您已退出登录。".to_owned()),
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
            Self::NotLoggedIn => ("You are not logged in.".to_owned(), "您尚未登录。".to_owned()),
        };
        match language {
            Language::English => english,
            Language::Chinese => chinese,
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
    /// Its headline.
    pull_up: "Pull up a chair", "来，坐下聊";
    /// What it asks for.
    pull_up_text: "Type a display name and you are in. No email, no account to set up.",
        "输入显示名称即可加入，无需邮箱，也不用注册。";
    /// The name field.
    display_name: "Display name", "显示名称";
    /// The password field.
    password: "Password", "密码";
    /// When the password is needed.
    password_hint: "Only for a name that is protected by a password.", "仅受密码保护的名称需要填写。";
    /// The sign-in button.
    join: "Join", "加入";
    /// The list of channels.
    channels: "Channels", "频道";
    /// A channel.
    channel: "Channel", "频道";
    /// Column head.
    created_at: "Created at", "创建时间";
    /// Column head.
    members: "Members", "成员";
    /// Above the last channel.
    latest: "The latest channel you accessed", "您最近访问的频道";
    /// When she has visited none.
    latest_none: "None yet", "暂无";
    /// The form to make a channel.
    create: "Create a channel", "创建频道";
    /// Its field.
    name: "Name", "名称";
    /// Its button.
    create_button: "Create channel", "创建频道";
    /// When there are none.
    no_channels: "No channels yet", "还没有频道";
    /// Label of the text field.
    message: "Message", "消息";
    /// The send button.
    send: "Send", "发送";
    /// The way to all channels.
    browse: "Browse channels", "浏览频道";
    /// The button that opens the list of channels on a phone.
    open_list: "Open channel list", "打开频道列表";
    /// Above the messages of the day.
    today: "Today", "今天";
    /// Above the messages of the day before.
    yesterday: "Yesterday", "昨天";
    /// Above what is new, before the time of the last visit.
    new_since_before: "New since ", "";
    /// The same, after it.
    new_since_after: "", " 以来的新消息";
    /// The delete button.
    delete: "Delete", "删除";
    /// The button that asks first.
    delete_ask: "Delete…", "删除…";
    /// Title of the question before a message is deleted.
    delete_title: "Delete this message?", "删除这条消息？";
    /// What it says.
    delete_text: "It goes for everybody, with its files. That cannot be undone.",
        "消息及其附件将对所有人删除，且无法恢复。";
    /// The way back from the question.
    keep: "Keep it", "保留";
    /// The field for files.
    attach: "Attach files", "添加附件";
    /// A tombstone.
    deleted: "deleted a message", "删除了一条消息";
    /// Log out.
    log_out: "Log out", "退出登录";
    /// Settings.
    settings: "Settings", "设置";
    /// What settings need.
    settings_text: "Settings need a browser with script.", "设置页面需要浏览器启用脚本。";
    /// Title of the page for a channel that does not exist.
    missing: "There is no such channel", "没有这个频道";
    /// What to do then.
    missing_text: "It may have another name. Pick one from the list, or create it there.",
        "它可能用了别的名称。请从列表中选择，或在列表页创建。";
    /// Above the messages of an empty channel.
    empty: "Nothing has been said here yet.", "这里还没有消息。";
    /// Which messages are shown.
    newest: "The newest 100 messages", "最新的 100 条消息";
    /// Signed in as.
    signed_in_as: "Signed in as", "当前用户";
    /// Title of an error page.
    failed: "That did not work", "操作未成功";
    /// Title of the page for an address where nothing is.
    nothing_here: "There is nothing here", "此处没有内容";
    /// Link to the first page.
    start: "Go to the start", "返回首页";
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
