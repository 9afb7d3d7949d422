//! Runs of emphasis marks: whether a run may open or close emphasis, and which two runs are a pair.
//! The rules are those of `CommonMark`, except that Han counts as the edge of a word.

use super::Mark;
use super::chars::{Class, class};

/// A run of one mark.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    pub(super) mark: char,
    /// How many marks were typed.
    whole: usize,
    pub(super) opens: bool,
    pub(super) closes: bool,
    /// How many marks are not used yet.
    pub(super) left: usize,
}

/// How many kinds of closing runs there are. A kind says which runs may open it.
pub(super) const KINDS: usize = 18;

/// How often the character at `start` is repeated from there.
pub(super) fn run_length(text: &[char], start: usize) -> usize {
    text[start..].iter().take_while(|&&c| c == text[start]).count()
}

/// The run that starts at `start`.
pub(super) fn run_at(text: &[char], start: usize) -> Run {
    let (mark, whole) = (text[start], run_length(text, start));
    let before = class(start.checked_sub(1).map(|at| text[at]));
    let after = class(text.get(start + whole).copied());
    let usable = mark != '~' || whole == 2;
    Run {
        mark,
        whole,
        opens: usable && leans_on(after, before) && (mark != '_' || before != Class::Word),
        closes: usable && leans_on(before, after) && (mark != '_' || after != Class::Word),
        left: whole,
    }
}

/// Whether a mark belongs to the character on its inner side, given the character on its outer side.
fn leans_on(inner: Class, outer: Class) -> bool {
    match inner {
        Class::Space => false,
        Class::Punctuation => matches!(outer, Class::Space | Class::Punctuation | Class::Han),
        Class::Han | Class::Word | Class::Other => true,
    }
}

impl Run {
    /// Whether this opening run and a closing run may be a pair. The rule of three keeps `**bold*`
    /// from being half a pair.
    pub(super) fn pairs_with(&self, close: &Self) -> bool {
        let is_ambiguous = self.closes || close.opens;
        let by_three = (self.whole + close.whole).is_multiple_of(3);
        self.mark == close.mark && (!is_ambiguous || !by_three || self.whole.is_multiple_of(3))
    }

    /// The kind of this closing run, a number below [`KINDS`].
    pub(super) fn kind(&self) -> usize {
        let mark = match self.mark {
            '*' => 0,
            '_' => 1,
            _ => 2,
        };
        mark * 6 + if self.opens { 3 } else { 0 } + self.whole % 3
    }

    /// The emphasis that `used` marks on either side give the text between them.
    pub(super) fn makes(&self, used: usize) -> Mark {
        match (self.mark, used) {
            ('~', _) => Mark::Strike,
            (_, 2) => Mark::Strong,
            _ => Mark::Stress,
        }
    }
}
