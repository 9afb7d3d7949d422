//! Messages as HTML with their markup: compiled templates, which escape, over the tree of the
//! parser.

use std::collections::BTreeSet;

use askama::Template;

use super::address::channel_href;
use crate::model::markup::{self, Align, Block, Inline, Mark};
use crate::model::mentions::Mention;

/// A text by that author with its markup, its mentions and links to these channels, as HTML; `None` for a text
/// without any, which is shown as it was typed.
pub(in crate::http) fn marked(
    author: &str,
    text: &str,
    mentions: &[Mention],
    channels: &BTreeSet<String>,
) -> Option<String> {
    let mut tree = markup::parse_with(author, text, mentions);
    if !channels.is_empty() {
        markup::link_channels(&mut tree, channels);
    }
    let is_plain =
        |block: &Block| matches!(block, Block::Paragraph(inlines) if inlines.iter().all(is_text));
    (!tree.iter().all(is_plain)).then(|| blocks(&tree))
}

fn is_text(inline: &Inline) -> bool {
    matches!(inline, Inline::Text(_))
}

#[derive(Template)]
#[template(path = "text/blocks.html")]
struct Blocks<'a> {
    blocks: &'a [Block],
}

#[derive(Template)]
#[template(path = "text/inlines.html")]
struct Inlines<'a> {
    inlines: &'a [Inline],
}

// Templates only write into memory, which cannot fail.

fn blocks(blocks: &[Block]) -> String {
    Blocks { blocks }.render().unwrap_or_default()
}

fn inlines(inlines: &[Inline]) -> String {
    Inlines { inlines }.render().unwrap_or_default()
}

/// The content of one list item. Mostly it is one line, which needs no element of its own.
fn item(item: &[Block]) -> String {
    match item {
        [Block::Paragraph(children)] => inlines(children),
        [done @ Block::Box(_), Block::Paragraph(children)] => {
            blocks(std::slice::from_ref(done)) + &inlines(children)
        }
        item => blocks(item),
    }
}

/// The attribute that aligns a cell of that column. The page's policy allows no style here.
fn aligned(aligns: &[Align], column: &usize) -> &'static str {
    match aligns.get(*column) {
        Some(Align::Center) => r#" align="center""#,
        Some(Align::End) => r#" align="right""#,
        Some(Align::Start) | None => "",
    }
}

/// How many digits the widest number of a list has, if that is more than the usual margin of a list
/// has room for. What stands outside of the margin would be cut off.
fn many_digits(start: &u32, items: &[Vec<Block>]) -> Option<usize> {
    let last = u64::from(*start) + items.len().saturating_sub(1) as u64;
    Some(last.to_string().len()).filter(|digits| *digits > 2)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::marked;

    #[test]
    fn marks_become_elements_and_text_stays_text() {
        for (text, html) in [
            (
                "**a** `<b>`",
                r#"<p class="txt" dir="auto"><strong>a</strong> <code>&#60;b&#62;</code></p>"#,
            ),
            (
                "3. a\n4. *b*",
                r#"<ol class="txt" dir="auto" start="3"><li>a</li><li><em>b</em></li></ol>"#,
            ),
            (
                "99. a\n100. b",
                r#"<ol class="txt" dir="auto" start="99" data-digits="3"><li>a</li><li>b</li></ol>"#,
            ),
            (
                "> ~~a~~",
                r#"<blockquote class="quote"><p class="txt" dir="auto"><s>a</s></p></blockquote>"#,
            ),
            (
                "- [x] *a*\n- [ ] <b>",
                r#"<ul class="txt" dir="auto"><li>☑ <em>a</em></li><li>☐ &#60;b&#62;</li></ul>"#,
            ),
            (
                "a|<b>\n-|-:\n1|2",
                r#"<div class="code"><table><thead><tr><th>a</th><th align="right">&#60;b&#62;</th></tr></thead><tbody><tr><td>1</td><td align="right">2</td></tr></tbody></table></div>"#,
            ),
            ("/me *waves*", r#"<p class="txt" dir="auto"><em>Ada <em>waves</em></em></p>"#),
            (
                "https://b.example/?a=\u{27}x&y",
                "<p class=\"txt\" dir=\"auto\"><a href=\"https://b.example/?a=&#39;x&#38;y\" \
                 target=\"_blank\" rel=\"noopener noreferrer nofollow\">\
                 https://b.example/?a=&#39;x&#38;y</a></p>",
            ),
        ] {
            assert_eq!(marked("Ada", text, &[], &BTreeSet::new()).as_deref(), Some(html), "{text}");
        }
        for plain in ["", "a\n\nb", "<b>a</b>", "2 * 3 * 4", "a_b_c", "javascript:alert(1)"] {
            assert_eq!(marked("Ada", plain, &[], &BTreeSet::new()), None, "{plain}");
        }
    }
}
