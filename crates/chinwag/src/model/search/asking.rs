//! What somebody typed to search, taken apart: words, phrases in quotes, and filters such as `from:Ada` or
//! `发送人:小雨`, anywhere among them.

use super::MAX_TYPED;
use super::dates::day;
use super::phrase::Phrase;
use crate::model::time::Timestamp;

/// What somebody asks for, as they typed it. Names are not looked up yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// The words and phrases, as they were typed, each of which has something to look for that none before it has.
    pub words: Vec<String>,
    /// The same, as they are looked for.
    pub phrases: Vec<Phrase>,
    /// By whom.
    pub from: Vec<Name>,
    /// In which channels.
    pub inside: Vec<Name>,
    /// Before this moment.
    pub before: Option<Timestamp>,
    /// At this moment or later.
    pub after: Option<Timestamp>,
    /// What it has; all of it.
    pub has: Vec<Has>,
    /// What it is; all of it.
    pub is: Vec<Is>,
    /// Whether it mentions whoever asks.
    pub mentions_me: bool,
    /// Filters that mean nothing, as they were typed.
    pub unknown: Vec<String>,
}

/// A name in a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Name {
    /// Whoever asks.
    Me,
    /// A name, and the filter as it was typed.
    Named {
        /// The name.
        name: String,
        /// The filter.
        typed: String,
    },
}

/// What a message has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Has {
    /// A file.
    File,
    /// A link.
    Link,
    /// A picture.
    Image,
}

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Is {
    /// Saved by whoever asks.
    Saved,
    /// Of a thread: it begins one, or answers in one.
    Thread,
}

impl Has {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::File, Self::Link, Self::Image];

    /// Its code on the wire, which is also what is typed in English.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Link => "link",
            Self::Image => "image",
        }
    }

    /// What a code stands for.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|has| has.code() == code)
    }

    fn of_word(word: &str) -> Option<Self> {
        match word {
            "文件" | "附件" => Some(Self::File),
            "链接" | "連結" => Some(Self::Link),
            "图片" | "圖片" => Some(Self::Image),
            word => Self::of_code(&word.to_ascii_lowercase()),
        }
    }
}

impl Is {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Saved, Self::Thread];

    /// Its code on the wire, which is also what is typed in English.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::Thread => "thread",
        }
    }

    /// What a code stands for.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|is| is.code() == code)
    }

    fn of_word(word: &str) -> Option<Self> {
        match word {
            "收藏" => Some(Self::Saved),
            "话题" | "話題" => Some(Self::Thread),
            word => Self::of_code(&word.to_ascii_lowercase()),
        }
    }
}

/// Which filter a word before a colon is.
#[derive(Clone, Copy)]
enum Filter {
    From,
    In,
    Before,
    After,
    Has,
    Is,
    Mentions,
}

impl Filter {
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "发送人" | "發送人" => Self::From,
            "频道" | "頻道" => Self::In,
            "之前" => Self::Before,
            "之后" | "之後" => Self::After,
            "包含" => Self::Has,
            "属于" | "屬於" => Self::Is,
            "提到" => Self::Mentions,
            word => match word.to_ascii_lowercase().as_str() {
                "from" => Self::From,
                "in" => Self::In,
                "before" => Self::Before,
                "after" => Self::After,
                "has" => Self::Has,
                "is" => Self::Is,
                "mentions" => Self::Mentions,
                _ => return None,
            },
        })
    }
}

/// A part of what was typed: text without spaces, in which quotes may hold some.
struct Part<'a> {
    /// All of it.
    typed: &'a str,
    /// The filter, and what stands behind its colon.
    filter: Option<(Filter, &'a str)>,
}

impl Asked {
    /// Takes apart what was typed. `read_time` reads a time with its date. `None`: more than [`MAX_TYPED`]
    /// characters. It looks at each character a few times.
    #[must_use]
    pub fn parse(typed: &str, read_time: impl Fn(&str) -> Option<Timestamp>) -> Option<Self> {
        if typed.chars().count() > MAX_TYPED {
            return None;
        }
        let mut asked = Self::default();
        let mut rest = typed.trim_start();
        while !rest.is_empty() {
            let part = next(rest);
            rest = rest[part.typed.len()..].trim_start();
            match part.filter {
                Some((filter, value)) => asked.filter(filter, value, part.typed, &read_time),
                None => asked.word(part.typed),
            }
        }
        Some(asked)
    }

    /// Whether nothing is asked for. A filter that means nothing asks for something: it finds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let no_words = self.phrases.is_empty() && self.unknown.is_empty();
        let anywhere = self.from.is_empty() && self.inside.is_empty();
        let any_time = self.before.is_none() && self.after.is_none();
        let any_kind = self.has.is_empty() && self.is.is_empty() && !self.mentions_me;
        no_words && anywhere && any_time && any_kind
    }

    fn word(&mut self, typed: &str) {
        let quoted = typed.starts_with(is_quote);
        let word = typed.trim_matches(is_quote);
        if let Some(phrase) = Phrase::of(word, quoted)
            && !self.phrases.contains(&phrase)
        {
            self.words.push(word.to_owned());
            self.phrases.push(phrase);
        }
    }

    fn filter(
        &mut self,
        filter: Filter,
        value: &str,
        typed: &str,
        read_time: impl Fn(&str) -> Option<Timestamp>,
    ) {
        let quoted = value.starts_with(is_quote);
        let value = value.trim_matches(is_quote).trim();
        // Somebody is about to type the rest.
        if value.is_empty() {
            return;
        }
        let named = |name: &str| Name::Named { name: name.to_owned(), typed: typed.to_owned() };
        let is_me = !quoted && (value.eq_ignore_ascii_case("me") || value == "我");
        let time = || day(value).or_else(|| read_time(value));
        let known = match filter {
            Filter::From if is_me => put(&mut self.from, Name::Me),
            Filter::From => put(&mut self.from, named(value.trim_start_matches('@'))),
            Filter::In => put(&mut self.inside, named(value.trim_start_matches('#'))),
            Filter::Before => time().map(|at| self.before = Some(at)),
            Filter::After => time().map(|at| self.after = Some(at)),
            Filter::Has => Has::of_word(value).and_then(|has| put(&mut self.has, has)),
            Filter::Is => Is::of_word(value).and_then(|is| put(&mut self.is, is)),
            Filter::Mentions => is_me.then(|| self.mentions_me = true),
        };
        if known.is_none() {
            self.unknown.push(typed.to_owned());
        }
    }
}

/// Adds to a list what is not in it.
#[expect(clippy::unnecessary_wraps, reason = "the arms of a match are alike")]
fn put<T: PartialEq>(list: &mut Vec<T>, one: T) -> Option<()> {
    if !list.contains(&one) {
        list.push(one);
    }
    Some(())
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '「' | '」')
}

fn is_colon(c: char) -> bool {
    matches!(c, ':' | '：')
}

/// The first part of a text that does not begin with a space.
fn next(text: &str) -> Part<'_> {
    if text.starts_with(is_quote) {
        return Part { typed: &text[..quoted(text)], filter: None };
    }
    let end = text.find(|c: char| c.is_whitespace() || is_quote(c)).unwrap_or(text.len());
    if let Some(colon) = text[..end].find(is_colon)
        && let Some(filter) = Filter::of(&text[..colon])
    {
        let value = &text[colon..];
        let value = &value[value.chars().next().map_or(0, char::len_utf8)..];
        let long = if value.starts_with(is_quote) {
            quoted(value)
        } else {
            value.find(char::is_whitespace).unwrap_or(value.len())
        };
        let typed = &text[..text.len() - value.len() + long];
        return Part { typed, filter: Some((filter, &value[..long])) };
    }
    Part { typed: &text[..end], filter: None }
}

/// Where a text in quotes ends, which begins with one. An open quote holds everything.
fn quoted(text: &str) -> usize {
    let first = text.chars().next().map_or(0, char::len_utf8);
    let closes = text[first..].char_indices().find(|(_, c)| is_quote(*c));
    closes.map_or(text.len(), |(at, quote)| first + at + quote.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::{Asked, Has, Is, MAX_TYPED, Name};
    use crate::model::time::Timestamp;

    fn asked(typed: &str) -> Asked {
        let noon = |text: &str| (text == "2026-03-01T12:00:00Z").then_some(Timestamp(12));
        Asked::parse(typed, noon).expect("it is short enough")
    }

    fn named(name: &str, typed: &str) -> Name {
        Name::Named { name: name.to_owned(), typed: typed.to_owned() }
    }

    #[test]
    fn words_phrases_and_filters_stand_in_any_order() {
        let all = asked(
            "from:\"Ada Okafor\" tea “in the” 频道：设计评审 cup is:saved mentions:ME has:LINK",
        );
        assert_eq!(all.words, ["tea", "in the", "cup"]);
        assert_eq!(all.from, [named("Ada Okafor", "from:\"Ada Okafor\"")]);
        assert_eq!(all.inside, [named("设计评审", "频道：设计评审")]);
        assert_eq!((all.has, all.is, all.mentions_me), (vec![Has::Link], vec![Is::Saved], true));
        let chinese = asked(
            "发送人:我 包含:图片 属于:话题 提到:我 之后:2026-03-01 之前:2026-03-01T12:00:00Z",
        );
        assert_eq!(chinese.from, [Name::Me]);
        assert_eq!((chinese.has, chinese.is), (vec![Has::Image], vec![Is::Thread]));
        assert_eq!(
            (chinese.after, chinese.before),
            (Some(Timestamp(1_772_323_200_000)), Some(Timestamp(12)))
        );
        assert!(chinese.mentions_me && chinese.words.is_empty() && chinese.unknown.is_empty());
    }

    #[test]
    fn what_is_no_filter_is_a_word_or_is_told() {
        assert_eq!(asked("http://a.example re:tea").words, ["http://a.example", "re:tea"]);
        assert_eq!(asked("before:soon has:luck").unknown, ["before:soon", "has:luck"]);
        // Somebody is about to type the rest.
        assert!(asked("from: in:\"").is_empty());
        assert!(asked("  !!! \"\" “” ,").is_empty());
        assert_eq!(asked("\"open quote").words, ["open quote"]);
        assert_eq!(asked("tea TEA \"tea\" téa cup").words, ["tea", "tea", "cup"]);
        assert_eq!(asked("from:\"me\"").from, [named("me", "from:\"me\"")]);
    }

    #[test]
    fn it_is_bounded() {
        assert!(Asked::parse(&"字".repeat(MAX_TYPED), |_| None).is_some());
        assert!(Asked::parse(&"字".repeat(MAX_TYPED + 1), |_| None).is_none());
    }
}
