//! The words of the pages at the door: the first run, invites, waiting, sign-in links.

use crate::model::users::Language;

macro_rules! catalogue {
    ($($(#[$doc:meta])* $name:ident: $english:literal, $chinese:literal;)*) => {
        /// The words of the pages at the door, in one language.
        pub struct DoorWords {
            $($(#[$doc])* pub $name: &'static str,)*
        }

        static ENGLISH: DoorWords = DoorWords { $($name: $english,)* };
        static CHINESE: DoorWords = DoorWords { $($name: $chinese,)* };
    };
}

catalogue! {
    /// The `lang` attribute.
    lang: "en", "zh-Hans";
    /// The choice of language.
    language: "Language", "语言";
    /// The name field.
    display_name: "Display name", "显示名称";
    /// The same on an invite.
    your_name: "Your name", "您的名称";
    /// The password field.
    password: "Password", "密码";
    /// The rule for passwords.
    password_rule: "At least 8 characters.", "至少 8 个字符。";
    /// The field for a new password.
    new_password: "New password", "新密码";
    /// The button that goes on.
    next: "Next", "下一步";
    /// The button that goes back.
    back: "Back", "返回";
    /// Title of the first run.
    first_title: "First run", "首次运行";
    /// The first question.
    first_place: "What is this place called?", "这个空间叫什么？";
    /// What kind of answer is meant.
    first_place_text: "A class, a team, a house. You can change it later.",
        "一个班级、一个团队或一个家。以后可以修改。";
    /// The field of the first question.
    first_place_name: "Name of the place", "空间名称";
    /// Where the name is seen.
    first_place_hint: "People see it on the sign-in page and above the channels.",
        "大家会在登录页和频道列表上方看到它。";
    /// The second question.
    first_you: "And who are you?", "您是谁？";
    /// What they become.
    first_you_text: "You are the first here, and the owner.", "您是这里的第一位成员，也是所有者。";
    /// Why a password is needed.
    first_password_hint: "At least 8 characters. An owner needs one.", "至少 8 个字符。所有者必须有密码。";
    /// The third question.
    first_entry: "Who may come in?", "谁可以进来？";
    /// A hint for the answer.
    first_entry_text: "For a room full of people, Open is the quickest.", "如果人都在同一个房间里，“开放”最快捷。";
    /// A way in.
    way_open: "Open", "开放";
    /// What it means.
    way_open_text: "Whoever opens the address takes a name and is in", "打开地址的人取一个名称即可进入";
    /// A way in.
    way_invite: "By invite", "仅限邀请";
    /// What it means.
    way_invite_text: "Only with a link or code that you give out", "只能通过您发出的链接或二维码进入";
    /// A way in.
    way_approval: "By approval", "需批准";
    /// What it means.
    way_approval_text: "Anybody may ask, you let them in", "任何人都可以申请，由您批准进入";
    /// The last button of the first run.
    first_open: "Open the doors", "开门";
    /// Under the address to give out.
    first_bring: "You are in. Bring the others:", "您已进入。把其他人也请来：";
    /// What is missing without https.
    needs_https: "From outside this network, Chinwag needs an https address. The guide to running it says how to set one up.",
        "要从本网络之外访问，Chinwag 需要一个 https 地址。部署指南说明了如何设置。";
    /// The button that leads in.
    go_in: "Go in", "进入";
    /// The hint of the name field for guests.
    name_hint_guest: "No email, no password. Everybody in the room sees it.", "无需邮箱和密码。房间里的所有人都会看到它。";
    /// The hint of the name field for members.
    name_hint_member: "Everybody here sees it.", "这里的所有人都会看到它。";
    /// The field for what somebody says who waits.
    says: "A word to whoever lets you in", "给批准人的一句话";
    /// The sentence of a name that is taken, before another is offered.
    taken: "Somebody here has that name. Add a letter:", "这里已有人使用该名称。请加一个字：";
    /// Title and heading of the waiting page.
    waiting: "Somebody will let you in", "请等待批准进入";
    /// Before the name that waits.
    at_the_door: "Your name is at the door,", "您的名称正在门口等待：";
    /// After it.
    keep_open: ". Keep this page open; it goes on by itself.", "。请保持此页面打开，获准后会自动进入。";
    /// The button that asks with another name.
    change_name: "Change name", "更改名称";
    /// The button that stops waiting.
    leave: "Leave", "离开";
    /// Heading of the page where a code is typed.
    code_title: "Type the code", "输入邀请码";
    /// Where the code is.
    code_text: "It is on the screen in your room, six letters and digits.", "它显示在您房间的屏幕上，由六个字母和数字组成。";
    /// The field.
    code: "Code", "邀请码";
    /// What does not matter.
    code_hint: "Capitals or not is the same. There is no O, 0, I, L or 1.", "不区分大小写。不含 O、0、I、L 和 1。";
    /// The link for whoever has a name already.
    code_sign_in: "I have a name here already", "我在这里已有名称";
    /// Heading of the page after a guest's visit.
    visit_ended: "That was it", "访问已结束";
    /// The button that leads to where a code is typed.
    type_code: "Type a code", "输入邀请码";
    /// The link to the sign-in page.
    other_name: "Sign in under another name", "用其他名称登录";
    /// Heading for a name that was refused.
    refused: "Not this time", "这次未能进入";
    /// The button after that.
    another_name: "Try another name", "换一个名称";
    /// Heading for an invite that has ended.
    ended: "This invite has ended", "此邀请已失效";
    /// Heading for a closed door.
    closed: "The door is closed", "门已关闭";
    /// The button there.
    try_again: "Try again", "重试";
    /// The button that leads to the sign-in page.
    to_sign_in: "Go to sign-in", "前往登录";
    /// Heading of the page of a sign-in link.
    link: "Come back in", "重新登录";
    /// What the link does.
    link_text: "Choose a new password. You are then logged out everywhere else.", "请设置新密码，之后您会在其他所有地方退出登录。";
    /// The button there.
    link_button: "Set password and go in", "设置密码并进入";
    /// Heading for a link that was used or has ended.
    link_ended: "This link has ended", "此链接已失效";
    /// Heading for an address that makes no owner any more.
    not_first: "There is nothing here", "此处没有内容";
}

/// The words in that language.
#[must_use]
pub fn door_words(language: Language) -> &'static DoorWords {
    match language {
        Language::English => &ENGLISH,
        Language::Chinese => &CHINESE,
    }
}

/// A sentence with values in it, of the pages at the door.
pub enum DoorText<'a> {
    /// Above where an invite leads.
    Invites {
        /// Who made it.
        host: &'a str,
    },
    /// The button of an invite.
    Join {
        /// The channel or the place.
        whereto: &'a str,
    },
    /// How many are in the channel, and as what one comes in.
    Here {
        /// How many people are in it; `None` when it leads into no channel.
        count: Option<i64>,
        /// Whether one becomes a guest.
        guest: bool,
    },
    /// That somebody who is signed in joins under their name.
    AsMyself {
        /// Their name.
        name: &'a str,
    },
    /// Who lets one in.
    HostLetsIn {
        /// Who made the invite.
        host: &'a str,
    },
    /// Who refused which name.
    Refused {
        /// Who refused.
        by: Option<&'a str>,
        /// The name.
        name: &'a str,
    },
    /// Whom to ask for another invite.
    AskForNew {
        /// Who made the invite.
        host: &'a str,
    },
    /// Whom to ask to open the door.
    AskToOpen {
        /// Who made the invite.
        host: &'a str,
    },
    /// That the place is open.
    IsOpen {
        /// The place.
        place: &'a str,
    },
    /// When an address ends, and for how many it is.
    Ends {
        /// When, as UTC.
        at: Option<&'a str>,
        /// How many more it lets in.
        left: Option<i64>,
    },
    /// At the foot of the pages.
    Foot {
        /// The place.
        place: &'a str,
    },
    /// When a guest's visit ended.
    VisitEnded {
        /// When, as UTC.
        at: &'a str,
    },
    /// How a guest comes back.
    ComeBackAs {
        /// The name that they have.
        name: &'a str,
    },
    /// For whom a sign-in link is.
    LinkFor {
        /// The person.
        name: &'a str,
    },
}

impl DoorText<'_> {
    /// The sentence.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        match language {
            Language::English => self.english(),
            Language::Chinese => self.chinese(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::Invites { host } => format!("{host} invites you to"),
            Self::Join { whereto } => format!("Join {whereto}"),
            Self::Here { count, guest } => {
                let role = if *guest { "You join as a guest." } else { "You join as a member." };
                match count {
                    None => role.to_owned(),
                    Some(1) => format!("1 person is here. {role}"),
                    Some(count) => format!("{count} are here. {role}"),
                }
            }
            Self::AsMyself { name } => format!("You are signed in as {name}."),
            Self::HostLetsIn { host } => format!("{host} will let you in"),
            Self::Refused { by, name } => format!(
                "{} did not let “{name}” in. Use the name that people here know.",
                by.unwrap_or("Whoever keeps the door")
            ),
            Self::AskForNew { host } => format!("Ask {host} for a new one."),
            Self::AskToOpen { host } => {
                format!("Ask {host} to open the door, then try again.")
            }
            Self::IsOpen { place } => format!("{place} is open"),
            Self::Ends { at, left } => {
                let end = at.map_or("It does not end.".to_owned(), |at| format!("Until {at} UTC."));
                match left {
                    None => format!("{end} No limit."),
                    Some(left) => format!("{end} {left} more may come by it."),
                }
            }
            Self::Foot { place } => format!("Messages stay on the server of {place}."),
            Self::VisitEnded { at } => {
                format!("Your visit ended at {at} UTC. What you wrote stays with the others.")
            }
            Self::ComeBackAs { name } => {
                format!("Any invite that you open in this browser brings you back as {name}.")
            }
            Self::LinkFor { name } => format!("This link signs in {name}."),
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::Invites { host } => format!("{host} 邀请您加入"),
            Self::Join { whereto } => format!("加入 {whereto}"),
            Self::Here { count, guest } => {
                let role = if *guest {
                    "您将以访客身份加入。"
                } else {
                    "您将以成员身份加入。"
                };
                count.map_or(role.to_owned(), |count| format!("已有 {count} 人在这里。{role}"))
            }
            Self::AsMyself { name } => format!("您当前以 {name} 的身份登录。"),
            Self::HostLetsIn { host } => format!("{host} 会批准您进入"),
            Self::Refused { by, name } => {
                format!("{} 没有让“{name}”进入。请使用这里的人认识的名称。", by.unwrap_or("管理员"))
            }
            Self::AskForNew { host } => format!("请向 {host} 索取新的邀请。"),
            Self::AskToOpen { host } => format!("请联系 {host} 开门，然后重试。"),
            Self::IsOpen { place } => format!("{place} 已开放"),
            Self::Ends { at, left } => {
                let end =
                    at.map_or("长期有效。".to_owned(), |at| format!("有效期至 {at} UTC。"));
                match left {
                    None => format!("{end}人数不限。"),
                    Some(left) => format!("{end}还可加入 {left} 人。"),
                }
            }
            Self::Foot { place } => format!("消息保存在 {place} 的服务器上。"),
            Self::VisitEnded { at } => {
                format!("您的访问已于 {at} UTC 结束。您写下的内容会留给大家。")
            }
            Self::ComeBackAs { name } => {
                format!("在此浏览器中打开任何邀请，即可以 {name} 的名称返回。")
            }
            Self::LinkFor { name } => format!("此链接用于登录 {name}。"),
        }
    }
}
