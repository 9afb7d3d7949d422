//! The sentences for names and texts that break a rule.

use super::codes::Code;
use super::explanation::{Explanation, pick};
use crate::model::names::NameProblem;
use crate::model::profiles::ProfileProblem;
use crate::model::text::TextProblem;
use crate::model::users::Language;

/// What a name belongs to.
#[derive(Clone, Copy)]
pub(super) enum Named {
    Person,
    Channel,
    Token,
    Place,
}

/// The sentence for a name that breaks a rule.
pub(super) fn name_problem(problem: NameProblem, named: Named, language: Language) -> String {
    let (subject, chinese) = match named {
        Named::Person => ("A display name", "显示名称"),
        Named::Channel => ("A channel name", "频道名称"),
        Named::Token => ("A token's name", "令牌名称"),
        Named::Place => ("The name of a place", "空间名称"),
    };
    let say = |english: &str, rest: &str| match language {
        Language::English => format!("{subject} {english}"),
        Language::Chinese => format!("{chinese}{rest}"),
    };
    match problem {
        // The sentence of the origin.
        NameProblem::Empty if matches!((named, language), (Named::Channel, Language::English)) => {
            "Channel name cannot be empty.".to_owned()
        }
        NameProblem::Empty => say("cannot be empty.", "不能为空。"),
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
            "cannot be a word that the app itself uses for people, such as “you” or “everyone”.",
            "不能是应用本身用来称呼人的词，例如“您”或“所有人”。",
        ),
        NameProblem::Former => say(
            "cannot be what the app calls people whose data was removed.",
            "不能与应用对已移除数据的人的称呼相同。",
        ),
        NameProblem::LeadingMark => say(
            "cannot start with an accent that has no letter before it.",
            "不能以没有基字的附加符号开头。",
        ),
        NameProblem::Stacked { max } => say(
            &format!("has at most {max} accents on one letter."),
            &format!("每个字母上最多 {max} 个附加符号。"),
        ),
    }
}

/// Explains a text that breaks a rule; `field` is its name on the wire.
pub(super) fn text_problem(
    problem: TextProblem,
    field: &'static str,
    language: Language,
) -> Explanation {
    match problem {
        TextProblem::Empty => Explanation::new(Code::EmptyText, language).about(field),
        TextProblem::TooLong { max } => {
            Explanation::new(Code::TooLong, language).with("max", &max).about(field)
        }
        TextProblem::Control => Explanation::invalid(
            field,
            pick(
                language,
                "The text holds a character that cannot be stored.",
                "文本包含无法保存的字符。",
            ),
        ),
    }
}

/// Explains a part of a profile that breaks a rule.
pub(super) fn profile_problem(problem: ProfileProblem, language: Language) -> Explanation {
    let invalid =
        |field, english, chinese| Explanation::invalid(field, pick(language, english, chinese));
    match problem {
        ProfileProblem::About(problem) => text_problem(problem, "about", language),
        ProfileProblem::Status(problem) => text_problem(problem, "text", language),
        ProfileProblem::Zone => invalid(
            "zone",
            "That is not the name of a time zone, such as Europe/Vienna.",
            "这不是时区名称，时区名称形如 Asia/Shanghai。",
        ),
        ProfileProblem::Emoji => invalid("emoji", "Choose one emoji.", "请选择一个表情。"),
        ProfileProblem::Until => invalid(
            "until",
            "The status would end in the past. Choose a later time.",
            "状态的结束时间已过，请选择更晚的时间。",
        ),
        ProfileProblem::Quiet => {
            invalid("until", "Say until when notifications are paused.", "请选择暂停通知到何时。")
        }
    }
}
