//! Which code and which sentence each error and each refusal gets.

use super::broken_rules::{Named, name_problem, profile_problem, text_problem};
use super::codes::Code;
use super::explanation::{Explanation, pick};
use crate::chat::Error;
use crate::model::names::NameProblem;
use crate::model::permissions::Denial;
use crate::model::refusal::{Noun, Refusal};
use crate::model::users::Language;

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

/// Every refusal and every noun is named here, without a `_` arm: a new one does not compile before
/// it has its sentence.
fn explain_refusal(refusal: &Refusal, language: Language) -> Explanation {
    let told = |code| Explanation::new(code, language);
    let say = |english: &str, chinese: &str| pick(language, english, chinese);
    match refusal {
        Refusal::NameTaken => told(Code::NameTaken).about("name"),
        Refusal::NameHeld => name_held(language),
        Refusal::NameKept => name_kept(language),
        Refusal::NameAlike => told(Code::NameAlike).about("name"),
        Refusal::PasswordRequired => told(Code::PasswordRequired).about("password"),
        Refusal::WrongPassword => told(Code::WrongPassword).about("password"),
        Refusal::CurrentPasswordRequired => {
            Explanation::invalid("current", say("Enter your current password.", "请输入当前密码。"))
        }
        Refusal::PasswordLength { min, max } => password_length(*min, *max, language),
        Refusal::PasswordNeeded
        | Refusal::InviteNeeded
        | Refusal::DoorClosed
        | Refusal::InviteEnded
        | Refusal::WrongCode
        | Refusal::DoorCrowded
        | Refusal::VisitEnded
        | Refusal::VisitGoesOn
        | Refusal::HasOwner
        | Refusal::LinkEnded
        | Refusal::PlaceName(_) => at_the_door(refusal, language),
        Refusal::Deactivated => told(Code::Deactivated),
        Refusal::Profile(problem) => profile_problem(*problem, language),
        Refusal::BadPicture => told(Code::BadPicture),
        Refusal::NotSignedIn => told(Code::NotSignedIn),
        Refusal::OtherSender => told(Code::OtherSender),
        Refusal::OtherInstance => told(Code::OtherInstance),
        Refusal::Forbidden => told(Code::Forbidden),
        Refusal::TokenReads => told(Code::TokenReads),
        Refusal::Denied(denial) => denied(*denial, language),
        Refusal::LastOwner => told(Code::LastOwner),
        Refusal::Slow { retry_after_s } => {
            told(Code::Slow).with("seconds", retry_after_s).again_in(*retry_after_s)
        }
        Refusal::NotFound(noun) => Explanation::saying(Code::NotFound, missing(*noun, language)),
        Refusal::DisplayName(problem) => bad_name(*problem, Named::Person, language),
        Refusal::ChannelName(problem) => bad_name(*problem, Named::Channel, language),
        Refusal::TokenName(problem) => bad_name(*problem, Named::Token, language),
        Refusal::Text(problem) => text_problem(*problem, "text", language),
        Refusal::Topic(problem) => text_problem(*problem, "topic", language),
        Refusal::ChannelExists { name } => {
            told(Code::ChannelExists).with("name", name).about("name")
        }
        Refusal::ChannelAlike => told(Code::ChannelAlike).about("name"),
        Refusal::LastHost => told(Code::LastHost),
        Refusal::IsKeptOut => told(Code::KeptOut),
        Refusal::EditedMeanwhile => told(Code::EditedMeanwhile),
        Refusal::EditTooLate => told(Code::EditTooLate),
        Refusal::QuotedGone => told(Code::QuotedGone).about("quote"),
        Refusal::KeyReused => told(Code::KeyReused),
        Refusal::TooManyAttachments { max } => too_many_attachments(*max, language),
        Refusal::TooManyOf { noun, max } => too_many_of(*noun, *max, language),
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
        Refusal::BadFile => Explanation::invalid(
            "file",
            say(
                "The file's name is not usable. Rename it and try again.",
                "文件名不可用，请重命名后再试。",
            ),
        ),
        Refusal::NothingToSearch => nothing_to_search(language),
        Refusal::SearchTooLong { max } => search_too_long(*max, language),
        Refusal::Malformed { field: name } => told(Code::Invalid).with("field", name).about(name),
    }
}

fn bad_name(problem: NameProblem, named: Named, language: Language) -> Explanation {
    Explanation::invalid("name", name_problem(problem, named, language))
}

fn too_many_attachments(max: usize, language: Language) -> Explanation {
    let sentence = pick(
        language,
        &format!("A message carries at most {max} files. Send the rest in another one."),
        &format!("一条消息最多附带 {max} 个文件，其余的请另发一条。"),
    );
    Explanation::invalid("attachments", sentence)
}

/// Why somebody does not come in.
fn at_the_door(refusal: &Refusal, language: Language) -> Explanation {
    let told = |code| Explanation::new(code, language);
    match refusal {
        Refusal::PasswordNeeded => told(Code::PasswordNeeded).about("password"),
        Refusal::InviteNeeded => told(Code::InviteNeeded),
        Refusal::WrongCode => told(Code::WrongCode),
        Refusal::VisitGoesOn => told(Code::VisitGoesOn),
        Refusal::DoorClosed => told(Code::DoorClosed),
        Refusal::DoorCrowded => told(Code::DoorCrowded).again_in(60),
        Refusal::VisitEnded => told(Code::VisitEnded),
        Refusal::HasOwner => told(Code::HasOwner),
        Refusal::LinkEnded => told(Code::LinkEnded),
        Refusal::PlaceName(problem) => {
            Explanation::invalid("place", name_problem(*problem, Named::Place, language))
        }
        // The list in `explain_refusal` leaves one more.
        _ => told(Code::InviteEnded),
    }
}

fn name_held(language: Language) -> Explanation {
    let sentence =
        pick(language, "That name is taken. Choose another.", "该名称已被使用，请换一个。");
    Explanation::saying(Code::NameTaken, sentence).about("name")
}

fn nothing_to_search(language: Language) -> Explanation {
    let sentence =
        pick(language, "Type a word, or choose a filter.", "请输入一个词，或选择一个筛选条件。");
    Explanation::invalid("q", sentence)
}

fn search_too_long(max: usize, language: Language) -> Explanation {
    let sentence =
        pick(language, "A search has at most {max} characters.", "搜索内容最多 {max} 个字符。");
    Explanation::invalid("q", sentence).with("max", &max)
}

fn name_kept(language: Language) -> Explanation {
    let sentence = pick(
        language,
        "That name is taken: it is kept for the person who had it lately. If that is you, log in with your new name.",
        "该名称已被使用：它为不久前使用它的人保留。如果是您，请用您的新名称登录。",
    );
    Explanation::saying(Code::NameTaken, sentence).about("name")
}

fn password_length(min: usize, max: usize, language: Language) -> Explanation {
    let sentence = pick(
        language,
        &format!("A password has {min} to {max} characters."),
        &format!("密码长度为 {min} 到 {max} 个字符。"),
    );
    Explanation::invalid("new", sentence)
}

/// Why somebody may not do something in a channel.
fn denied(denial: Denial, language: Language) -> Explanation {
    match denial {
        Denial::NotFound => Explanation::saying(Code::NotFound, missing(Noun::Channel, language)),
        Denial::Forbidden => Explanation::new(Code::Forbidden, language),
        Denial::NotInside => Explanation::new(Code::NotInside, language),
        Denial::HostsWrite => Explanation::new(Code::HostsWrite, language),
        Denial::Muted => Explanation::new(Code::Muted, language),
        Denial::AllMuted => Explanation::new(Code::AllMuted, language),
        Denial::Locked => Explanation::new(Code::Locked, language),
        Denial::Archived => Explanation::new(Code::Archived, language),
        Denial::Unreachable => Explanation::new(Code::Unreachable, language),
    }
}

/// More of a thing than one person may have.
fn too_many_of(noun: Noun, max: usize, language: Language) -> Explanation {
    match noun {
        Noun::Membership => Explanation::saying(
            Code::TooManyOf,
            pick(
                language,
                &format!("You are in {max} channels, which is the most. Leave one first."),
                &format!("您已加入 {max} 个频道，达到上限。请先退出一个频道。"),
            ),
        ),
        Noun::Pin => Explanation::saying(
            Code::TooManyOf,
            pick(
                language,
                &format!("{max} messages are pinned here, which is the most. Take one down first."),
                &format!("此频道已置顶 {max} 条消息，达到上限。请先取消一条。"),
            ),
        ),
        Noun::Message => Explanation::saying(
            Code::TooManyOf,
            pick(
                language,
                &format!("You have saved {max} messages, which is the most. Remove one first."),
                &format!("您已收藏 {max} 条消息，达到上限。请先移除一条。"),
            ),
        ),
        Noun::Thread => Explanation::saying(
            Code::TooManyOf,
            pick(
                language,
                &format!("You follow {max} threads, which is the most. Stop following one first."),
                &format!("您已关注 {max} 个话题，达到上限。请先取消关注一个。"),
            ),
        ),
        Noun::Reaction => Explanation::saying(
            Code::TooManyOf,
            pick(
                language,
                &format!("There are {max} kinds of reactions already. Choose one of them."),
                &format!("这条消息已有 {max} 种表情回应，请从中选择。"),
            ),
        ),
        Noun::User => Explanation::saying(
            Code::TooManyOf,
            pick(
                language,
                &format!("That is for {max} people at most."),
                &format!("最多 {max} 人。"),
            ),
        ),
        Noun::Channel
        | Noun::Upload
        | Noun::Session
        | Noun::Device
        | Noun::Token
        | Noun::Invite
        | Noun::Waiting
        | Noun::Page
        | Noun::Report => Explanation::new(Code::TooManyOf, language).with("max", &max),
    }
}

fn missing(noun: Noun, language: Language) -> String {
    let (english, chinese) = match noun {
        Noun::Channel => ("There is no such channel.", "没有这个频道。"),
        Noun::Membership => ("You are not in this channel.", "您不在这个频道中。"),
        Noun::Message => ("There is no such message.", "没有这条消息。"),
        Noun::Thread => ("There is no such thread.", "没有这个话题。"),
        Noun::Upload => ("There is no such file.", "没有这个文件。"),
        Noun::Session => ("There is no such session.", "没有这个会话。"),
        Noun::Device => ("There is no such device.", "没有这个设备。"),
        Noun::Token => ("There is no such token.", "没有这个令牌。"),
        Noun::User => ("There is no such person.", "没有这个人。"),
        Noun::Invite => ("There is no such invite.", "没有这个邀请。"),
        Noun::Waiting => ("Nobody of that name waits at the door.", "门口没有这个名称在等待。"),
        Noun::Pin => ("There is no such pin.", "没有这个置顶。"),
        Noun::Reaction => ("There is no such reaction.", "没有这个表情回应。"),
        Noun::Report => ("There is no such report.", "没有这个举报。"),
        Noun::Page => ("There is nothing at this address.", "此地址没有内容。"),
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
