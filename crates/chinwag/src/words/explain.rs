//! Errors in words: the stable code, the HTTP status, and a sentence that says what to do.

use crate::chat::Error;
use crate::model::names::NameProblem;
use crate::model::refusal::{Noun, Refusal};
use crate::model::text::TextProblem;
use crate::model::users::Language;

/// What a client is told of an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The HTTP status.
    pub status: u16,
    /// What a program decides by.
    pub code: &'static str,
    /// The field that it is about.
    pub field: Option<&'static str>,
    /// What was wrong and what to do.
    pub detail: String,
    /// When it may work again, in seconds.
    pub retry_after_s: Option<u64>,
}

/// Explains an error in that language.
#[must_use]
pub fn explain(error: &Error, language: Language) -> Explanation {
    let say = |english: &str, chinese: &str| pick(language, english, chinese);
    match error {
        Error::Refused(refusal) => explain_refusal(refusal, language),
        Error::Full(_) => plain(
            507,
            "storage_full",
            say(
                "The server's disk is full or takes no more, so nothing was stored. Tell whoever \
                 runs it.",
                "服务器磁盘已满或无法写入，内容未保存。请告知管理员。",
            ),
        ),
        Error::Damaged(_) => plain(
            503,
            "damaged",
            say(
                "The server's data is damaged, so that was not possible. Tell whoever runs it.",
                "服务器数据已损坏，无法完成操作。请告知管理员。",
            ),
        ),
        Error::Unavailable(_) => Explanation {
            retry_after_s: Some(1),
            ..plain(
                503,
                "unavailable",
                say("The server is busy. Try again in a moment.", "服务器繁忙，请稍后再试。"),
            )
        },
        Error::Internal(_) => plain(
            500,
            "internal",
            say(
                "Something went wrong on the server. Try again; if it stays, tell whoever runs it.",
                "服务器出错了。请重试；如果问题持续，请告知管理员。",
            ),
        ),
    }
}

fn explain_refusal(refusal: &Refusal, language: Language) -> Explanation {
    let say = |english: &str, chinese: &str| pick(language, english, chinese);
    match refusal {
        Refusal::NameTaken
        | Refusal::NameAlike
        | Refusal::PasswordRequired
        | Refusal::WrongPassword
        | Refusal::CurrentPasswordRequired
        | Refusal::PasswordLength { .. }
        | Refusal::NotSignedIn
        | Refusal::Forbidden => explain_identity(refusal, language),
        Refusal::NotFound(noun) => plain(404, "not_found", missing(*noun, language)),
        Refusal::DisplayName(problem) => {
            field("name", name_problem(*problem, Named::Person, language))
        }
        Refusal::ChannelName(problem) => {
            field("name", name_problem(*problem, Named::Channel, language))
        }
        Refusal::TokenName(problem) => {
            field("name", name_problem(*problem, Named::Token, language))
        }
        Refusal::Text(problem) => text_problem(*problem, "text", language),
        Refusal::Topic(problem) => text_problem(*problem, "topic", language),
        Refusal::ChannelExists { name } => Explanation {
            field: Some("name"),
            ..plain(409, "channel_exists", channel_exists(name, language))
        },
        Refusal::ChannelAlike => Explanation {
            field: Some("name"),
            ..plain(
                409,
                "channel_alike",
                say(
                    "A channel has a name that looks like this one. Choose a name that differs \
                     more.",
                    "已有频道的名称与此名称看起来太相似，请换一个区别更明显的名称。",
                ),
            )
        },
        Refusal::KeyReused => plain(
            409,
            "key_reused",
            say(
                "That key was used for another message. Make a new key for each message.",
                "该键已用于另一条消息。每条消息请使用新的键。",
            ),
        ),
        Refusal::Malformed { field: name } => field(
            name,
            say(
                &format!("The field “{name}” is missing or does not have the form it needs."),
                &format!("字段“{name}”缺失或格式不正确。"),
            ),
        ),
        Refusal::TooMany { .. }
        | Refusal::TooManyOf { .. }
        | Refusal::TooManyAttachments { .. } => explain_limit(refusal, language),
        Refusal::TooLarge { .. }
        | Refusal::BadFile
        | Refusal::ImageTooBig
        | Refusal::UploadHeld
        | Refusal::WrongOffset { .. } => explain_file(refusal, language),
    }
}

fn explain_identity(refusal: &Refusal, language: Language) -> Explanation {
    let say = |english: &str, chinese: &str| pick(language, english, chinese);
    match refusal {
        Refusal::NameTaken => Explanation {
            field: Some("name"),
            ..plain(
                409,
                "name_taken",
                say(
                    "That name is taken. If it is yours, set a password in the browser where you \
                     are signed in.",
                    "该名称已被使用。如果是您的名称，请在已登录的浏览器中设置密码。",
                ),
            )
        },
        Refusal::NameAlike => Explanation {
            field: Some("name"),
            ..plain(
                409,
                "name_alike",
                say(
                    "Somebody has a name that looks like this one. Choose a name that differs \
                     more.",
                    "已有人的名称与此名称看起来太相似，请换一个区别更明显的名称。",
                ),
            )
        },
        Refusal::PasswordRequired => Explanation {
            field: Some("password"),
            ..plain(
                409,
                "password_required",
                say(
                    "That name is taken. If it is yours, enter its password.",
                    "该名称已被使用。如果是您的名称，请输入密码。",
                ),
            )
        },
        Refusal::WrongPassword => Explanation {
            field: Some("password"),
            ..plain(
                403,
                "wrong_password",
                say("That is not the password. Try again.", "密码不正确，请重试。"),
            )
        },
        Refusal::CurrentPasswordRequired => {
            field("current", say("Enter your current password.", "请输入当前密码。"))
        }
        Refusal::PasswordLength { min, max } => field(
            "new",
            say(
                &format!("A password has {min} to {max} characters."),
                &format!("密码长度为 {min} 到 {max} 个字符。"),
            ),
        ),
        Refusal::NotSignedIn => {
            plain(401, "not_signed_in", say("You are not logged in.", "您尚未登录。"))
        }
        _ => plain(403, "forbidden", say("You may not do that.", "您没有权限执行此操作。")),
    }
}

fn explain_limit(refusal: &Refusal, language: Language) -> Explanation {
    let say = |english: &str, chinese: &str| pick(language, english, chinese);
    match refusal {
        Refusal::TooManyOf { max, .. } => plain(
            409,
            "too_many_of",
            say(
                &format!("You have {max} of these, which is the most. Remove one first."),
                &format!("最多只能有 {max} 个，请先移除一个。"),
            ),
        ),
        Refusal::TooManyAttachments { max } => field(
            "attachments",
            say(
                &format!("A message carries at most {max} files. Send the rest in another one."),
                &format!("一条消息最多附带 {max} 个文件，其余的请另发一条。"),
            ),
        ),
        Refusal::TooMany { retry_after_s } => Explanation {
            retry_after_s: Some(*retry_after_s),
            ..plain(
                429,
                "too_many",
                say(
                    &format!("That was too often. Try again in {retry_after_s} s."),
                    &format!("操作过于频繁，请在 {retry_after_s} 秒后重试。"),
                ),
            )
        },
        _ => plain(400, "bad_request", say("That does not work.", "无法执行。")),
    }
}

fn explain_file(refusal: &Refusal, language: Language) -> Explanation {
    let say = |english: &str, chinese: &str| pick(language, english, chinese);
    match refusal {
        Refusal::TooLarge { max_bytes } => {
            let size = bytes(*max_bytes);
            plain(
                413,
                "too_large",
                say(
                    &format!("The file is too large. The most is {size}."),
                    &format!("文件过大，上限为 {size}。"),
                ),
            )
        }
        Refusal::ImageTooBig => plain(
            422,
            "image_too_big",
            say(
                "The image has too many pixels. Make it smaller and try again.",
                "图片像素过多，请缩小后重试。",
            ),
        ),
        Refusal::UploadHeld => Explanation {
            retry_after_s: Some(1),
            ..plain(
                423,
                "upload_held",
                say(
                    "Another request is at this upload. Try again in a moment.",
                    "该上传正由另一个请求处理，请稍后再试。",
                ),
            )
        },
        Refusal::WrongOffset { offset } => plain(
            409,
            "wrong_offset",
            say(
                &format!("The upload goes on at byte {offset}. Send what comes from there."),
                &format!("上传应从第 {offset} 字节继续，请从该处发送。"),
            ),
        ),
        _ => field(
            "file",
            say("The file is empty or its name is not usable.", "文件为空，或文件名不可用。"),
        ),
    }
}

/// Whose name it is.
#[derive(Clone, Copy)]
enum Named {
    Person,
    Channel,
    Token,
}

fn name_problem(problem: NameProblem, named: Named, language: Language) -> String {
    let (subject, chinese) = match named {
        Named::Person => ("A display name", "显示名称"),
        Named::Channel => ("A channel name", "频道名称"),
        Named::Token => ("A token's name", "令牌名称"),
    };
    let say = |english: &str, rest: &str| match language {
        Language::English => format!("{subject} {english}"),
        Language::Chinese => format!("{chinese}{rest}"),
    };
    match problem {
        NameProblem::Empty => match (named, language) {
            (Named::Channel, Language::English) => "Channel name cannot be empty.".to_owned(),
            _ => say("cannot be empty.", "不能为空。"),
        },
        NameProblem::TooLong { max } => {
            say(&format!("has at most {max} characters."), &format!("最多 {max} 个字符。"))
        }
        NameProblem::Control => {
            say("cannot hold line breaks or control characters.", "不能包含换行或控制字符。")
        }
        NameProblem::Direction => say(
            "cannot hold characters that change the direction of text.",
            "不能包含改变文字方向的字符。",
        ),
        NameProblem::Invisible => say("cannot hold invisible characters.", "不能包含不可见字符。"),
        NameProblem::Unassigned => say(
            "cannot hold characters that Unicode does not define.",
            "不能包含 Unicode 未定义的字符。",
        ),
        NameProblem::Reserved => say(
            "cannot be what the app writes beside your own name.",
            "不能与应用标示您本人的文字相同。",
        ),
        NameProblem::LeadingMark => say(
            "cannot start with an accent that has no letter before it.",
            "不能以没有基字的附加符号开头。",
        ),
    }
}

fn text_problem(problem: TextProblem, name: &'static str, language: Language) -> Explanation {
    let say = |english: &str, chinese: &str| pick(language, english, chinese);
    let (code, detail) = match problem {
        TextProblem::Empty => {
            ("empty_text", say("There is nothing to send.", "没有可发送的内容。"))
        }
        TextProblem::TooLong { max } => (
            "too_long",
            say(
                &format!("That is too long. The most is {max} characters."),
                &format!("内容过长，上限为 {max} 个字符。"),
            ),
        ),
        TextProblem::Control => (
            "invalid",
            say("The text holds a character that cannot be stored.", "文本包含无法保存的字符。"),
        ),
    };
    Explanation { code, ..field(name, detail) }
}

fn missing(noun: Noun, language: Language) -> String {
    let (english, chinese) = match noun {
        Noun::Channel => ("There is no such channel.", "没有这个频道。"),
        Noun::Message => ("There is no such message.", "没有这条消息。"),
        Noun::Upload => ("There is no such file.", "没有这个文件。"),
        Noun::Session => ("There is no such session.", "没有这个会话。"),
        Noun::Device => ("There is no such device.", "没有这个设备。"),
        Noun::Token => ("There is no such token.", "没有这个令牌。"),
        Noun::User => ("There is no such person.", "没有这个人。"),
    };
    pick(language, english, chinese)
}

fn channel_exists(name: &str, language: Language) -> String {
    pick(language, &format!("Channel {name} already exists."), &format!("频道 {name} 已存在。"))
}

fn bytes(count: u64) -> String {
    const MIB: u64 = 1024 * 1024;
    if count >= MIB {
        format!("{} MB", count / MIB)
    } else {
        format!("{} KB", count.div_ceil(1024))
    }
}

fn field(name: &'static str, detail: String) -> Explanation {
    Explanation { field: Some(name), ..plain(422, "invalid", detail) }
}

fn plain(status: u16, code: &'static str, detail: String) -> Explanation {
    Explanation { status, code, field: None, detail, retry_after_s: None }
}

fn pick(language: Language, english: &str, chinese: &str) -> String {
    match language {
        Language::English => english.to_owned(),
        Language::Chinese => chinese.to_owned(),
    }
}
