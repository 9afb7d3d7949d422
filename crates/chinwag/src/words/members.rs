//! The words of the plain page that shows who is in a channel.

use crate::model::users::Language;

macro_rules! catalogue {
    ($($(#[$doc:meta])* $name:ident: $english:literal, $chinese:literal;)*) => {
        /// The words of the page of a channel's members, in one language.
        pub struct MembersWords {
            $($(#[$doc])* pub $name: &'static str,)*
        }

        static ENGLISH: MembersWords = MembersWords { $($name: $english,)* };
        static CHINESE: MembersWords = MembersWords { $($name: $chinese,)* };
    };
}

catalogue! {
    /// Beside a host.
    host: "Host", "主持人";
    /// Beside a guest.
    guest: "Guest", "访客";
    /// Beside the reader.
    you: "you", "您";
    /// The field that narrows the list down.
    find: "Find by name or pinyin", "按名称或拼音查找";
    /// When nobody has those letters.
    none_found: "Nobody here has these letters in their name.", "这里没有名称包含这些字的成员。";
    /// The link to the next page.
    more: "More members", "更多成员";
    /// The headline of the form that adds somebody.
    add: "Add somebody", "添加成员";
    /// The field of that form.
    add_name: "Their display name", "对方的显示名称";
    /// The button of that form.
    add_button: "Add", "添加";
    /// What adding to a private channel means.
    add_hint: "They read everything that was ever written here.", "对方可以看到这里的全部历史消息。";
    /// The button that leaves.
    leave: "Leave this channel", "离开此频道";
    /// The button that hides a direct conversation.
    hide: "Hide this conversation", "隐藏此会话";
    /// What hiding means.
    hide_hint: "It comes back with the next message.", "有新消息时会重新出现。";
    /// The headline of the invites.
    invites: "Invites for guests", "访客邀请";
    /// The field for what an invite is for.
    label: "What is it for?", "用途";
    /// The field for the length of a visit.
    minutes: "Minutes that a guest stays", "访客停留分钟数";
    /// The hint of that field.
    minutes_hint: "Leave it empty and guests stay until you end their visit.", "留空则直到您结束访问为止。";
    /// The button that makes an invite.
    invite: "Make an invite", "创建邀请";
    /// The link to the address of an invite, and its QR code.
    show: "Show address and QR code", "查看地址和二维码";
    /// The button that ends an invite.
    end: "End it", "结束邀请";
    /// An invite without a label.
    no_label: "Invite", "邀请";
    /// The headline of those who wait.
    waiting: "Waiting to come in", "等待加入";
    /// The button that lets somebody in.
    let_in: "Let in", "允许加入";
    /// The button that does not.
    refuse: "Refuse", "拒绝";
    /// The headline of the form that opens a direct conversation.
    write_to: "Write to somebody", "给某人写私信";
    /// The field of that form.
    write_names: "Their display names, one on each line", "对方的显示名称，每行一个";
    /// The hint of that field.
    write_hint: "Up to seven people. Leave it empty for notes to yourself.", "最多七人。留空则写给自己。";
    /// The button of that form.
    write_button: "Open the conversation", "打开会话";
}

/// The words in that language.
#[must_use]
pub fn members_words(language: Language) -> &'static MembersWords {
    match language {
        Language::English => &ENGLISH,
        Language::Chinese => &CHINESE,
    }
}

/// How many came by an invite.
#[must_use]
pub fn came_by(language: Language, uses: i64) -> String {
    match (language, uses) {
        (Language::English, 1) => "1 person came by it".to_owned(),
        (Language::English, uses) => format!("{uses} people came by it"),
        (Language::Chinese, uses) => format!("已有 {uses} 人通过它加入"),
    }
}
