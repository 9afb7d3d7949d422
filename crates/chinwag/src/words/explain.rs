//! Errors in words: the stable code, the HTTP status, and a sentence that says what to do.

use super::codes::Code;
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
    pub code: Code,
    /// The field that it is about.
    pub field: Option<&'static str>,
    /// What was wrong and what to do.
    pub detail: String,
    /// When it may work again, in seconds.
    pub retry_after_s: Option<u64>,
}

impl Explanation {
    /// The code with its own sentence.
    #[must_use]
    pub fn new(code: Code, language: Language) -> Self {
        Self::saying(code, code.sentence(language).to_owned())
    }

    /// The code with a sentence of its own.
    fn saying(code: Code, detail: String) -> Self {
        Self { status: code.status(), code, field: None, detail, retry_after_s: None }
    }

    /// Puts a value where the sentence has `{place}`.
    #[must_use]
    pub fn with(mut self, place: &str, value: &impl ToString) -> Self {
        self.detail = self.detail.replacen(&format!("{{{place}}}"), &value.to_string(), 1);
        self
    }

    fn about(self, field: &'static str) -> Self {
        Self { field: Some(field), ..self }
    }

    pub(crate) fn again_in(self, seconds: u64) -> Self {
        Self { retry_after_s: Some(seconds), ..self }
    }
}

/// Explains an error in that language.
#[must_use]
pub fn explain(error: &Error, language: Language) -> Explanation {
    let told = |code| Explanation::new(code, language);
    match error {
        Error::Refused(refusal) => explain_refusal(refusal, language),
        Error::Full(_) => told(Code::StorageFull),
        Error::Damaged(_) => told(Code::Damaged),
        Error::Unavailable(_) => told(Code::Unavailable).again_in(1),
        Error::Internal(_) => told(Code::Internal),
    }
}

/// Every refusal stands here by its name: one that is added does not compile before it has its
/// sentence.
fn explain_refusal(refusal: &Refusal, language: Language) -> Explanation {
    let told = |code| Explanation::new(code, language);
    let say = |english: &str, chinese: &str| pick(language, english, chinese);
    match refusal {
        Refusal::NameTaken => told(Code::NameTaken).about("name"),
        Refusal::NameAlike => told(Code::NameAlike).about("name"),
        Refusal::PasswordRequired => told(Code::PasswordRequired).about("password"),
        Refusal::WrongPassword => told(Code::WrongPassword).about("password"),
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
        Refusal::NotSignedIn => told(Code::NotSignedIn),
        Refusal::OtherSender => told(Code::OtherSender),
        Refusal::OtherInstance => told(Code::OtherInstance),
        Refusal::Forbidden => told(Code::Forbidden),
        Refusal::NotFound(noun) => Explanation::saying(Code::NotFound, missing(*noun, language)),
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
        Refusal::ChannelExists { name } => {
            told(Code::ChannelExists).with("name", name).about("name")
        }
        Refusal::ChannelAlike => told(Code::ChannelAlike).about("name"),
        Refusal::KeyReused => told(Code::KeyReused),
        Refusal::TooManyAttachments { max } => field(
            "attachments",
            say(
                &format!("A message carries at most {max} files. Send the rest in another one."),
                &format!("一条消息最多附带 {max} 个文件，其余的请另发一条。"),
            ),
        ),
        Refusal::TooManyOf { noun: Noun::Membership, max } => Explanation::saying(
            Code::TooManyOf,
            say(
                &format!("You are in {max} channels, which is the most. Leave one first."),
                &format!("您已加入 {max} 个频道，达到上限。请先退出一个频道。"),
            ),
        ),
        Refusal::TooManyOf { noun: _, max } => told(Code::TooManyOf).with("max", max),
        Refusal::TooMany { retry_after_s } => {
            told(Code::TooMany).with("seconds", retry_after_s).again_in(*retry_after_s)
        }
        Refusal::QuotaReached { max_bytes } => {
            told(Code::QuotaReached).with("size", &bytes(*max_bytes))
        }
        Refusal::StorageLow => told(Code::StorageLow),
        Refusal::ChecksumMismatch => told(Code::ChecksumMismatch),
        Refusal::UploadHeld => told(Code::UploadHeld).again_in(1),
        Refusal::WrongOffset { offset } => told(Code::WrongOffset).with("offset", offset),
        Refusal::TooLarge { max_bytes } => told(Code::TooLarge).with("size", &bytes(*max_bytes)),
        Refusal::EmptyFile => told(Code::EmptyFile).about("file"),
        Refusal::BadFile => field(
            "file",
            say(
                "The file's name is not usable. Rename it and try again.",
                "文件名不可用，请重命名后再试。",
            ),
        ),
        Refusal::Malformed { field: name } => told(Code::Invalid).with("field", name).about(name),
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
    match problem {
        TextProblem::Empty => Explanation::new(Code::EmptyText, language).about(name),
        TextProblem::TooLong { max } => {
            Explanation::new(Code::TooLong, language).with("max", &max).about(name)
        }
        TextProblem::Control => field(
            name,
            pick(
                language,
                "The text holds a character that cannot be stored.",
                "文本包含无法保存的字符。",
            ),
        ),
    }
}

fn missing(noun: Noun, language: Language) -> String {
    let (english, chinese) = match noun {
        Noun::Channel => ("There is no such channel.", "没有这个频道。"),
        Noun::Membership => ("You are not in this channel.", "您不在这个频道中。"),
        Noun::Message => ("There is no such message.", "没有这条消息。"),
        Noun::Upload => ("There is no such file.", "没有这个文件。"),
        Noun::Session => ("There is no such session.", "没有这个会话。"),
        Noun::Device => ("There is no such device.", "没有这个设备。"),
        Noun::Token => ("There is no such token.", "没有这个令牌。"),
        Noun::User => ("There is no such person.", "没有这个人。"),
    };
    pick(language, english, chinese)
}

fn bytes(count: u64) -> String {
    const MIB: u64 = 1024 * 1024;
    if count >= MIB {
        format!("{} MB", count / MIB)
    } else {
        format!("{} KB", count.div_ceil(1024))
    }
}

/// A field that breaks a rule.
fn field(name: &'static str, detail: String) -> Explanation {
    Explanation::saying(Code::Invalid, detail).about(name)
}

fn pick(language: Language, english: &str, chinese: &str) -> String {
    match language {
        Language::English => english.to_owned(),
        Language::Chinese => chinese.to_owned(),
    }
}
