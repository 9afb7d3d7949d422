//! Text inside a block: emphasis, code, links.
//!
//! The parser makes one pass with a stack. A mark that may open pushes a frame, which collects what
//! follows. A mark that may close looks down the stack for its opener, and the frames between
//! become text again. No frame is searched twice: a failed search is remembered (`floors`), and a
//! successful one removes the frames that it passed. So the time is linear, and marks without a
//! partner stay text.

use std::collections::HashMap;

use super::chars::{Class, class};
use super::emphasis::{KINDS, Run, run_at, run_length};
use super::honest::is_honest_label;
use super::links::{autolink_at, bare_address_end, destination_at, safe_href};
use super::{Inline, MAX_EMPHASIS_DEPTH, Parts};
use crate::model::steps;

/// An open mark with what has come after it. The bottom frame has no mark and becomes the result.
struct Frame {
    open: Open,
    nodes: Vec<Inline>,
    /// How deep the nodes are nested.
    depth: usize,
}

#[derive(Clone, Copy)]
enum Open {
    Bottom,
    Run(Run),
    Bracket(usize),
}

/// Parses the text of one block. Each inline that is not plain text takes one of `parts`.
pub(super) fn parse(text: &str, parts: &mut Parts) -> Vec<Inline> {
    let text: Vec<char> = text.chars().collect();
    let bottom = Frame { open: Open::Bottom, nodes: Vec::new(), depth: 0 };
    let parser = Parser {
        text: &text,
        parts,
        at: 0,
        frames: vec![bottom],
        brackets: Vec::new(),
        floors: [1; KINDS],
        ticks: None,
    };
    parser.parse()
}

struct Parser<'a> {
    text: &'a [char],
    parts: &'a mut Parts,
    at: usize,
    frames: Vec<Frame>,
    /// Stack positions of `[` that may still become a link.
    brackets: Vec<usize>,
    /// For each kind of closing run, the height of the stack below which no opener matches it.
    floors: [usize; KINDS],
    /// The positions of runs of backticks, by their length, in descending order.
    ticks: Option<HashMap<usize, Vec<usize>>>,
}

impl Parser<'_> {
    fn parse(mut self) -> Vec<Inline> {
        while self.at < self.text.len() && self.parts.is_left() {
            steps::count(1);
            match self.text[self.at] {
                '\\' => self.backslash(),
                '`' => self.code(),
                '*' | '_' | '~' => self.emphasis(),
                '[' => self.open_bracket(),
                ']' => self.close_bracket(),
                '<' => self.autolink(),
                'h' | 'H' if self.scheme_length().is_some() => self.bare_address(),
                _ => self.take(1),
            }
        }
        self.take(self.text.len() - self.at);
        self.flatten_to(0);
        self.frames.pop().map(|frame| frame.nodes).unwrap_or_default()
    }

    /// Takes a backslash. A mark behind it is text, and so is the backslash itself, as in a path.
    fn backslash(&mut self) {
        let escapes = self.text.get(self.at + 1).is_some_and(|c| "\\`*_~[]>".contains(*c));
        self.take(if escapes { 2 } else { 1 });
    }

    fn code(&mut self) {
        let length = run_length(self.text, self.at);
        let start = self.at + length;
        let Some(end) = self.next_ticks(length, start) else { return self.take(length) };
        steps::count(end - start);
        let inner: String =
            self.text[start..end].iter().map(|&c| if c == '\n' { ' ' } else { c }).collect();
        if inner.trim().is_empty() {
            return self.take(length);
        }
        let padded = inner.strip_prefix(' ').and_then(|rest| rest.strip_suffix(' '));
        let inner = padded.map(str::to_owned).unwrap_or(inner);
        self.parts.take(1);
        self.append(Inline::Code(inner), 0);
        self.at = end + length;
    }

    fn next_ticks(&mut self, length: usize, from: usize) -> Option<usize> {
        let text = self.text;
        let ticks = self.ticks.get_or_insert_with(|| ticks_of(text));
        let places = ticks.get_mut(&length)?;
        while places.last().is_some_and(|&place| place < from) {
            places.pop();
        }
        places.last().copied()
    }

    fn emphasis(&mut self) {
        let mut run = run_at(self.text, self.at);
        self.at += run.left;
        if run.closes {
            self.close(&mut run);
        }
        if run.left > 0 && run.opens {
            self.frames.push(Frame { open: Open::Run(run), nodes: Vec::new(), depth: 0 });
        } else if run.left > 0 {
            self.text_of(&run);
        }
    }

    fn close(&mut self, run: &mut Run) {
        while run.left > 0 {
            let Some(index) = self.find_opener(run) else { return };
            self.flatten_to(index);
            let frame = self.top();
            let Open::Run(mut opener) = frame.open else { return };
            if frame.depth >= MAX_EMPHASIS_DEPTH {
                return;
            }
            let used = opener.left.min(run.left).min(2);
            opener.left -= used;
            run.left -= used;
            let children = std::mem::take(&mut frame.nodes);
            frame.nodes = vec![Inline::Marked(run.makes(used), children)];
            frame.depth += 1;
            frame.open = Open::Run(opener);
            self.parts.take(1);
            if opener.left == 0 {
                self.settle();
            }
        }
    }

    /// Moves what the top frame holds to the frame below, when all marks of the top are used.
    fn settle(&mut self) {
        if let Some(frame) = self.frames.pop() {
            self.cut_to(self.frames.len());
            steps::count(frame.nodes.len());
            for node in frame.nodes {
                self.append(node, frame.depth);
            }
        }
    }

    fn find_opener(&mut self, run: &Run) -> Option<usize> {
        let kind = run.kind();
        let found = (self.floors[kind]..self.frames.len()).rev().find(
            |&index| matches!(self.frames[index].open, Open::Run(open) if open.pairs_with(run)),
        );
        steps::count(self.frames.len() - found.unwrap_or(self.floors[kind].min(self.frames.len())));
        if found.is_none() {
            self.floors[kind] = self.frames.len();
        }
        found
    }

    fn open_bracket(&mut self) {
        self.brackets.push(self.frames.len());
        self.frames.push(Frame { open: Open::Bracket(self.at), nodes: Vec::new(), depth: 0 });
        self.at += 1;
    }

    fn close_bracket(&mut self) {
        let index = self.brackets.pop();
        let link = index.and_then(|index| Some((index, self.link_from(index)?)));
        let Some((index, (href, end))) = link else { return self.take(1) };
        self.flatten_to(index);
        let Some(frame) = self.frames.pop() else { return };
        self.cut_to(index);
        // There is no link inside a link, so brackets further out are text now.
        self.brackets.clear();
        self.parts.take(1);
        let children = without_links(frame.nodes);
        self.append(Inline::Link { href, labelled: true, children }, frame.depth + 1);
        self.at = end;
    }

    fn link_from(&self, index: usize) -> Option<(String, usize)> {
        let Open::Bracket(at) = self.frames.get(index)?.open else { return None };
        let (address, end) = destination_at(self.text, self.at + 1)?;
        let href = safe_href(&address)?;
        is_honest_label(&self.text[at + 1..self.at], &href).then_some((href, end))
    }

    fn autolink(&mut self) {
        let Some((shown, href, end)) = autolink_at(self.text, self.at) else { return self.take(1) };
        self.link(href, shown);
        self.at = end;
    }

    /// Appends a link that shows its address.
    fn link(&mut self, href: String, shown: String) {
        self.parts.take(1);
        let children = vec![Inline::Text(shown)];
        self.append(Inline::Link { href, labelled: false, children }, 1);
    }

    /// The length of the `http://` or `https://` here, if there is one.
    fn scheme_length(&self) -> Option<usize> {
        let ahead = self.text[self.at..].iter().take(8);
        let ahead: String = ahead.map(char::to_ascii_lowercase).collect();
        ["http://", "https://"].iter().find(|s| ahead.starts_with(*s)).map(|s| s.len())
    }

    fn bare_address(&mut self) {
        let scheme = self.scheme_length().unwrap_or(1);
        let before = class(self.at.checked_sub(1).map(|at| self.text[at]));
        if before == Class::Word {
            return self.take(scheme);
        }
        let end = bare_address_end(self.text, self.at).max(self.at + scheme);
        let address: String = self.text[self.at..end].iter().collect();
        match safe_href(&address) {
            Some(href) => {
                self.link(href, address);
                self.at = end;
            }
            None => self.take(end - self.at),
        }
    }

    /// Takes the next characters as text.
    fn take(&mut self, count: usize) {
        let end = (self.at + count).min(self.text.len());
        if end > self.at {
            steps::count(end - self.at);
            let text = self.text[self.at..end].iter().collect();
            self.append(Inline::Text(text), 0);
        }
        self.at = end;
    }

    fn text_of(&mut self, run: &Run) {
        self.append(Inline::Text(String::from(run.mark).repeat(run.left)), 0);
    }

    fn append(&mut self, node: Inline, depth: usize) {
        let frame = self.top();
        frame.depth = frame.depth.max(depth);
        match (frame.nodes.last_mut(), node) {
            (Some(Inline::Text(last)), Inline::Text(text)) => last.push_str(&text),
            (_, node) => frame.nodes.push(node),
        }
    }

    /// Moves the frames above `index` into the frame there. They were never closed, so their marks
    /// are text.
    fn flatten_to(&mut self, index: usize) {
        let loose = self.frames.split_off((index + 1).min(self.frames.len()));
        self.cut_to(index + 1);
        for frame in loose {
            steps::count(1 + frame.nodes.len());
            match frame.open {
                Open::Bottom => {}
                Open::Run(run) => self.text_of(&run),
                Open::Bracket(_) => self.append(Inline::Text("[".to_owned()), 0),
            }
            for node in frame.nodes {
                self.append(node, frame.depth);
            }
        }
    }

    /// Forgets what was remembered of frames above `height`, which is the new height of the stack.
    fn cut_to(&mut self, height: usize) {
        for floor in &mut self.floors {
            *floor = (*floor).min(height.max(1));
        }
        while self.brackets.last().is_some_and(|&at| at >= height) {
            self.brackets.pop();
        }
    }

    fn top(&mut self) -> &mut Frame {
        if self.frames.is_empty() {
            self.frames.push(Frame { open: Open::Bottom, nodes: Vec::new(), depth: 0 });
        }
        let top = self.frames.len() - 1;
        &mut self.frames[top]
    }
}

fn ticks_of(text: &[char]) -> HashMap<usize, Vec<usize>> {
    let mut found: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut at = 0;
    while at < text.len() {
        let length = if text[at] == '`' { run_length(text, at) } else { 0 };
        if length > 0 {
            found.entry(length).or_default().push(at);
        }
        at += length.max(1);
    }
    found.values_mut().for_each(|places| places.reverse());
    found
}

fn without_links(nodes: Vec<Inline>) -> Vec<Inline> {
    let plain = nodes.into_iter().flat_map(|node| match node {
        Inline::Link { children, .. } => children,
        Inline::Marked(mark, children) => vec![Inline::Marked(mark, without_links(children))],
        node
        @ (Inline::Text(_) | Inline::Code(_) | Inline::Mention { .. } | Inline::Channel(_)) => {
            vec![node]
        }
    });
    plain.collect()
}
