//! The sentences of lines: what happened in a channel. The web app has the same ones.

use crate::model::lines::{Line, LineKind};
use crate::model::users::Language;

/// What a line says. `by` is the name of whoever did it; `None`: the reader did.
#[must_use]
pub fn line(language: Language, line: &Line, by: Option<&str>) -> String {
    let english = language == Language::English;
    let by = by.unwrap_or(if english { "You" } else { "您" });
    let Line { from, to, .. } = line;
    let whom = line.people.first().map_or("", |person| person.who.name.as_str());
    let (in_english, in_chinese) = match line.kind {
        LineKind::Members => return members(english, line),
        LineKind::Renamed if to.is_empty() => {
            (format!("{by} took away the conversation’s name"), format!("{by} 移除了此对话的名称"))
        }
        LineKind::Renamed if from.is_empty() => {
            (format!("{by} named the conversation {to}"), format!("{by} 将此对话命名为 {to}"))
        }
        LineKind::Renamed => (
            format!("{by} renamed the channel from #{from} to #{to}"),
            format!("{by} 将频道名称从 #{from} 改为 #{to}"),
        ),
        LineKind::Topic if to.is_empty() => {
            (format!("{by} took away the topic"), format!("{by} 移除了主题"))
        }
        LineKind::Topic => {
            (format!("{by} changed the topic to {to}"), format!("{by} 将主题改为 {to}"))
        }
        LineKind::Host => {
            (format!("{by} made {whom} a host"), format!("{by} 将 {whom} 设为主持人"))
        }
        LineKind::NoHost => (
            format!("{whom} is no host any more, by {by}"),
            format!("{by} 取消了 {whom} 的主持人身份"),
        ),
        LineKind::Slow if to == "0" => {
            (format!("{by} turned off slow mode"), format!("{by} 关闭了慢速模式"))
        }
        LineKind::Slow => (
            format!("{by} turned on slow mode: one message every {to} s"),
            format!("{by} 开启了慢速模式：每 {to} 秒一条消息"),
        ),
        LineKind::Archived => (format!("{by} archived the channel"), format!("{by} 归档了频道")),
        LineKind::BroughtBack => {
            (format!("{by} brought the channel back"), format!("{by} 恢复了频道"))
        }
        LineKind::MadePrivate => {
            (format!("{by} made the channel private"), format!("{by} 将频道设为私密"))
        }
        LineKind::MadePublic => {
            (format!("{by} made the channel public"), format!("{by} 将频道设为公开"))
        }
        LineKind::Cleared => (format!("{by} cleared the channel"), format!("{by} 清空了频道")),
        LineKind::Pinned => (format!("{by} pinned a message"), format!("{by} 置顶了一条消息")),
        LineKind::Exported => {
            (format!("{by} made a transcript of the channel"), format!("{by} 导出了频道记录"))
        }
    };
    if english { in_english } else { in_chinese }
}

/// Who joined and who left: two by name, the others as a number.
fn members(english: bool, line: &Line) -> String {
    let names = |joined: bool| -> Vec<&str> {
        let people = line.people.iter().filter(|person| person.joined == joined);
        people.map(|person| person.who.name.as_str()).collect()
    };
    let (joined, left) = (names(true), names(false));
    let came = passed(english, &joined, if english { "joined" } else { "加入了频道" });
    match (joined.as_slice(), left.as_slice()) {
        (_, []) => came,
        ([], left) => passed(english, left, if english { "left" } else { "离开了频道" }),
        ([_], [gone]) if english => format!("{came}, {gone} left"),
        ([_], [gone]) => format!("{came}，{gone} 离开了频道"),
        (_, left) if english => format!("{came}, {} left", left.len()),
        (_, left) => format!("{came}，{} 人离开", left.len()),
    }
}

/// `verb` says what these people did.
fn passed(english: bool, names: &[&str], verb: &str) -> String {
    match (names, english) {
        ([], _) => String::new(),
        ([one], _) => format!("{one} {verb}"),
        ([one, other], true) => format!("{one} and {other} {verb}"),
        ([one, other], false) => format!("{one} 和 {other} {verb}"),
        ([one, other, _], true) => format!("{one}, {other} and 1 other {verb}"),
        ([one, other, others @ ..], true) => {
            format!("{one}, {other} and {} others {verb}", others.len())
        }
        ([one, other, others @ ..], false) => {
            format!("{one}、{other} 和另外 {} 人{verb}", others.len())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ids::UserId;
    use crate::model::lines::Passage;
    use crate::model::time::Timestamp;
    use crate::model::users::User;

    fn of(came: &[&str], gone: &[&str]) -> Line {
        let person = |name: &&str, joined| Passage {
            who: User { id: UserId(1), name: (*name).to_owned(), picture: None },
            joined,
            at: Timestamp(0),
            by: None,
        };
        let mut people: Vec<Passage> = came.iter().map(|name| person(name, true)).collect();
        people.extend(gone.iter().map(|name| person(name, false)));
        Line { kind: LineKind::Members, people, from: String::new(), to: String::new() }
    }

    #[test]
    fn who_joined_and_who_left_is_one_sentence() {
        let cases = [
            (of(&["Ada"], &[]), "Ada joined", "Ada 加入了频道"),
            (of(&["Ada", "Bob"], &[]), "Ada and Bob joined", "Ada 和 Bob 加入了频道"),
            (of(&["Ada"], &["Bob"]), "Ada joined, Bob left", "Ada 加入了频道，Bob 离开了频道"),
            (
                of(&["Ada", "Bob", "Cleo", "Dan"], &["Eve"]),
                "Ada, Bob and 2 others joined, 1 left",
                "Ada、Bob 和另外 2 人加入了频道，1 人离开",
            ),
            (of(&[], &["Eve"]), "Eve left", "Eve 离开了频道"),
        ];
        for (one, english, chinese) in cases {
            assert_eq!(line(Language::English, &one, Some("Ada")), english);
            assert_eq!(line(Language::Chinese, &one, Some("Ada")), chinese);
        }
    }
}
