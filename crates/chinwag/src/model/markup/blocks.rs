//! Blocks of a message: paragraphs, quotes, lists, tables, code. How a line begins decides.
//!
//! Parsing takes linear time and loses no text: a mark without content stays as it was typed.

use super::chars::{Class, class};
use super::{
    Block, Inline, MAX_LIST_DEPTH, MAX_MARKS, MAX_PARTS, MAX_QUOTE_DEPTH, Mark, Parts, inlines,
    tables,
};
use crate::model::steps;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory as _};

/// A line that is indented by this much more than the mark of an item belongs to it, in columns.
const DEEPER: usize = 2;
/// How wide a tab is, in columns.
const TAB: usize = 4;
/// How many parts of a message a block of code counts as.
const PARTS_OF_CODE: i32 = 8;
/// The longest name of a language, in characters.
const MAX_LANGUAGE: usize = 32;

/// Parses a message's text. Any text can be parsed.
#[must_use]
pub fn parse(text: &str) -> Vec<Block> {
    let mut parts = Parts(MAX_PARTS);
    let text = without_stacks(text);
    let lines: Vec<String> = text.split(is_break).map(str::to_owned).collect();
    Parser { lines: &lines, parts: &mut parts, quotes: 0, lists: 0, next: 0 }.parse()
}

/// As [`parse`], of a text by that author: `/me` at its beginning tells what they do, and becomes their
/// name.
#[must_use]
pub fn parse_by(author: &str, text: &str) -> Vec<Block> {
    let Some(told) = told(text) else { return parse(text) };
    let mut blocks = parse(told);
    let mut inlines = vec![Inline::Text(format!("{author} "))];
    if let Some(Block::Paragraph(children)) = blocks.first_mut() {
        inlines.append(children);
        blocks.remove(0);
    }
    blocks.insert(0, Block::Paragraph(vec![Inline::Marked(Mark::Stress, inlines)]));
    blocks
}

/// What stands behind `/me`.
fn told(text: &str) -> Option<&str> {
    let behind = text.strip_prefix("/me")?;
    let told = behind.trim_start_matches([' ', '\t']);
    (told.len() < behind.len() && told.starts_with(|c: char| !c.is_whitespace())).then_some(told)
}

/// Whether it is a line break of Unicode (UAX 14). A message has no line breaks of two characters.
fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Removes the combining marks on a letter that are too many to be shown.
fn without_stacks(text: &str) -> String {
    let mut marks = 0;
    let kept = text.chars().filter(|c| {
        let is_mark = c.general_category_group() == GeneralCategoryGroup::Mark;
        marks = if is_mark { marks + 1 } else { 0 };
        marks <= MAX_MARKS
    });
    kept.collect()
}

struct Parser<'a> {
    lines: &'a [String],
    parts: &'a mut Parts,
    quotes: usize,
    lists: usize,
    next: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Marker {
    Bullet,
    Number,
}

impl<'a> Parser<'a> {
    fn parse(mut self) -> Vec<Block> {
        let (mut blocks, mut paragraph) = (Vec::new(), Vec::new());
        while self.next < self.lines.len() && self.parts.is_left() {
            steps::count(1 + self.line(self.next).len());
            let block = self.fence().or_else(|| self.quote());
            let block = block.or_else(|| self.bullets()).or_else(|| self.numbers());
            let block = block.or_else(|| self.table());
            if let Some(block) = block {
                // The paragraph before it is counted after it, which makes the same sum.
                let made = self.paragraph(&mut paragraph);
                blocks.extend(made);
                blocks.push(block);
                continue;
            }
            let line = self.line(self.next);
            self.next += 1;
            if line.trim().is_empty() {
                blocks.extend(self.paragraph(&mut paragraph));
            } else {
                // In an item of a list, the indentation belongs to the list.
                paragraph.push(if self.lists > 0 { line.trim_start() } else { line }.to_owned());
            }
        }
        paragraph.extend(self.lines.iter().skip(self.next).cloned());
        blocks.extend(self.paragraph(&mut paragraph));
        blocks
    }

    fn paragraph(&mut self, lines: &mut Vec<String>) -> Option<Block> {
        let text = std::mem::take(lines).join("\n");
        if text.trim().is_empty() {
            return None;
        }
        self.parts.take(1);
        Some(Block::Paragraph(inlines::parse(&text, self.parts)))
    }

    /// Parses a block of code. Without a closing fence it goes on to the end of the text.
    fn fence(&mut self) -> Option<Block> {
        let (indent, ticks, info) = fence(self.line(self.next))?;
        let info = info.trim().to_owned();
        let closing = (self.next + 1..self.lines.len()).find(|&at| closes(self.line(at), ticks));
        let end = closing.unwrap_or(self.lines.len());
        steps::count(self.lines[self.next..end].iter().map(String::len).sum());
        let code = self.lines[self.next + 1..end].iter().map(|line| without_indent(line, indent));
        let mut code: Vec<String> = code.collect();
        let is_language =
            info.chars().count() <= MAX_LANGUAGE && !info.contains(char::is_whitespace);
        let language = if is_language {
            info
        } else {
            code.insert(0, info);
            String::new()
        };
        let text = code.join("\n");
        if language.is_empty() && text.trim().is_empty() {
            return Some(self.as_typed(end + 1));
        }
        self.next = end + 1;
        self.parts.take(PARTS_OF_CODE);
        Some(Block::Code { language, text })
    }

    fn quote(&mut self) -> Option<Block> {
        if self.quotes >= MAX_QUOTE_DEPTH {
            return None;
        }
        quoted(self.line(self.next))?;
        let inner: Vec<String> = self.lines[self.next..]
            .iter()
            .map_while(|line| quoted(line))
            .map(str::to_owned)
            .collect();
        let end = self.next + inner.len();
        steps::count(inner.iter().map(String::len).sum());
        if inner.iter().all(|line| line.trim().is_empty()) {
            return Some(self.as_typed(end));
        }
        self.next = end;
        self.parts.take(1);
        Some(Block::Quote(self.parse_inside(&inner, self.quotes + 1, self.lists)))
    }

    fn bullets(&mut self) -> Option<Block> {
        let mut items = Vec::new();
        while let Some(mark) = self.starts_item(Marker::Bullet) {
            items.push(self.item(mark, Marker::Bullet));
        }
        (!items.is_empty()).then_some(Block::Bullets(items))
    }

    /// Parses a list with numbers. A number that neither follows nor repeats the one before starts a
    /// list of its own.
    fn numbers(&mut self) -> Option<Block> {
        let start = number_of(self.line(self.next))?;
        let (mut items, mut last) = (Vec::new(), start);
        while let Some(mark) = self.starts_item(Marker::Number) {
            let number = number_of(self.line(self.next)).unwrap_or(last);
            if !items.is_empty() && number != last && number != last + 1 {
                break;
            }
            items.push(self.item(mark, Marker::Number));
            last = number;
        }
        (!items.is_empty()).then_some(Block::Numbers(start, items))
    }

    /// The length of the mark of an item that starts here, in bytes.
    fn starts_item(&self, marker: Marker) -> Option<usize> {
        if self.lists >= MAX_LIST_DEPTH || !self.parts.is_left() {
            return None;
        }
        mark_length(self.line(self.next), marker)
    }

    /// Parses the item that starts here: what follows its mark, and the lines that are indented
    /// more.
    fn item(&mut self, mark: usize, marker: Marker) -> Vec<Block> {
        let first = self.line(self.next);
        let columns = columns_in(&first[..mark]);
        let end = self.item_end(columns_of(first) + DEEPER);
        let mut lines = vec![first[mark..].to_owned()];
        let rest = self.lines.get(self.next + 1..end).unwrap_or_default();
        lines.extend(rest.iter().map(|line| without_indent(line, columns)));
        steps::count(lines.iter().map(String::len).sum());
        self.next = end;
        self.parts.take(1);
        let task = lines.first().filter(|_| marker == Marker::Bullet).and_then(|line| task(line));
        let Some((done, text)) = task else {
            return self.parse_inside(&lines, self.quotes, self.lists + 1);
        };
        lines[0] = text;
        let mut blocks = self.parse_inside(&lines, self.quotes, self.lists + 1);
        blocks.insert(0, Block::Box(done));
        blocks
    }

    /// Parses a line of cells with a line of dashes below it, and the rows that follow. A line without
    /// a bar ends the table. A head without names would be marks and nothing else.
    fn table(&mut self) -> Option<Block> {
        let names = tables::cells(self.line(self.next))
            .filter(|names| names.iter().any(|name| !name.is_empty()))?;
        let aligns = tables::aligns(self.line(self.next + 1), names.len())?;
        self.next += 2;
        let head = self.cells(&names);
        let mut rows = Vec::new();
        while self.parts.is_left() {
            let Some(row) = tables::row(self.line(self.next), names.len()) else { break };
            self.next += 1;
            rows.push(self.cells(&row));
        }
        Some(Block::Table { aligns, head, rows })
    }

    fn cells(&mut self, texts: &[String]) -> Vec<Vec<Inline>> {
        self.parts.take(i32::try_from(texts.len()).unwrap_or(i32::MAX));
        texts.iter().map(|text| inlines::parse(text, self.parts)).collect()
    }

    /// Parses the lines inside a quote or an item, that many quotes and lists deep.
    fn parse_inside(&mut self, lines: &[String], quotes: usize, lists: usize) -> Vec<Block> {
        Parser { lines, parts: self.parts, quotes, lists, next: 0 }.parse()
    }

    /// The first line that does not belong to the item. A blank line belongs to it when a line that
    /// is indented more follows.
    fn item_end(&self, depth: usize) -> usize {
        let mut end = self.next + 1;
        for index in self.next + 1..self.lines.len() {
            let line = self.line(index);
            steps::count(1);
            if line.trim().is_empty() {
                continue;
            }
            if columns_of(line) < depth {
                break;
            }
            end = index + 1;
        }
        end
    }

    /// Takes lines that have marks and nothing else. They are shown as they were typed, or nobody
    /// would see them.
    fn as_typed(&mut self, end: usize) -> Block {
        let text = self.lines[self.next..end.min(self.lines.len())].join(" ");
        self.next = end;
        self.parts.take(1);
        Block::Paragraph(vec![Inline::Text(text)])
    }

    fn line(&self, index: usize) -> &'a str {
        self.lines.get(index).map_or("", String::as_str)
    }
}

/// Reads the box of a task: whether it is done, and the text behind it.
fn task(line: &str) -> Option<(bool, String)> {
    let (done, behind) = match line.get(..3)? {
        "[ ]" => (false, &line[3..]),
        "[x]" | "[X]" => (true, &line[3..]),
        _ => return None,
    };
    let text = behind.trim_start();
    (text.len() < behind.len() && !text.is_empty()).then(|| (done, text.to_owned()))
}

/// Reads an opening fence: its indentation, its length, and the rest of the line.
fn fence(line: &str) -> Option<(usize, usize, &str)> {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let ticked = &line[indent..];
    let rest = ticked.trim_start_matches('`');
    let ticks = ticked.len() - rest.len();
    (indent <= 3 && ticks >= 3 && !rest.contains('`')).then_some((indent, ticks, rest))
}

fn closes(line: &str, ticks: usize) -> bool {
    fence(line).is_some_and(|(_, length, rest)| length >= ticks && rest.trim().is_empty())
}

/// What is quoted in a line. A mark that begins a face, such as `>:(` or `>_<`, quotes nothing.
fn quoted(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches(' ');
    if line.len() - rest.len() > 3 {
        return None;
    }
    let rest = rest
        .strip_prefix('>')
        .filter(|rest| !rest.starts_with([':', ';', '=', '_', '.', '<', '-']))?;
    let first = rest.chars().next().filter(|c| class(Some(*c)) == Class::Space);
    Some(&rest[first.map_or(0, char::len_utf8)..])
}

fn mark_length(line: &str, marker: Marker) -> Option<usize> {
    let inner = line.trim_start();
    let behind = match marker {
        Marker::Bullet => inner.strip_prefix(['-', '*', '•'])?,
        Marker::Number => inner[digits(inner)?..].strip_prefix('.')?,
    };
    let text = behind.trim_start();
    (text.len() < behind.len() && !text.is_empty()).then(|| line.len() - text.len())
}

/// How many digits a number at the start has: one zero, or up to nine digits without a leading zero.
fn digits(text: &str) -> Option<usize> {
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    let is_number = (1..=9).contains(&count) && (count == 1 || !text.starts_with('0'));
    is_number.then_some(count)
}

fn number_of(line: &str) -> Option<u32> {
    mark_length(line, Marker::Number)?;
    let inner = line.trim_start();
    inner[..digits(inner)?].parse().ok()
}

/// How far a line is indented, in columns.
fn columns_of(line: &str) -> usize {
    columns_in(&line[..line.len() - line.trim_start().len()])
}

fn columns_in(text: &str) -> usize {
    text.chars().fold(0, |columns, c| columns + width(c, columns))
}

fn width(c: char, columns: usize) -> usize {
    if c == '\t' { TAB - columns % TAB } else { 1 }
}

/// Removes up to `most` columns of the indentation. A tab that reaches further leaves spaces.
fn without_indent(line: &str, most: usize) -> String {
    let (mut columns, mut at) = (0, 0);
    for c in line.chars() {
        if columns >= most || !c.is_whitespace() {
            break;
        }
        columns += width(c, columns);
        at += c.len_utf8();
    }
    " ".repeat(columns.saturating_sub(most)) + &line[at..]
}
