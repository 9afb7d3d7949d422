//! The server marks texts up as the web app does: both are held to the same cases.

use std::collections::BTreeSet;

use chinwag::model::ids::UserId;
use chinwag::model::markup::{
    Align, Block, Inline, Mark, add_possible, link_channels, parse, parse_by, parse_with,
};
use chinwag::model::mentions::{Called, Mention};
use serde_json::{Value, json};

/// Texts, each with the tree that the web app makes of it.
const CASES: &str = include_str!("../../../../web/src/text/marked.cases.json");

fn blocks(tree: &[Block]) -> Value {
    tree.iter().map(block).collect()
}

fn block(block: &Block) -> Value {
    let items = |items: &[Vec<Block>]| items.iter().map(|item| blocks(item)).collect::<Value>();
    match block {
        Block::Paragraph(children) => json!({ "kind": "paragraph", "children": inlines(children) }),
        Block::Quote(children) => json!({ "kind": "quote", "children": blocks(children) }),
        Block::Bullets(all) => json!({ "kind": "bullets", "items": items(all) }),
        Block::Numbers(start, all) => {
            json!({ "kind": "numbers", "start": start, "items": items(all) })
        }
        Block::Box(done) => json!({ "kind": "box", "done": done }),
        Block::Table { aligns, head, rows } => {
            let row = |cells: &Vec<Vec<Inline>>| {
                cells.iter().map(|cell| inlines(cell)).collect::<Value>()
            };
            let rows = rows.iter().map(row).collect::<Value>();
            let aligns = aligns.iter().map(|align| match align {
                Align::Start => "",
                Align::Center => "center",
                Align::End => "end",
            });
            let aligns = aligns.collect::<Vec<_>>();
            json!({ "kind": "table", "aligns": aligns, "head": row(head), "rows": rows })
        }
        Block::Code { language, text } => {
            json!({ "kind": "codeblock", "language": language, "text": text })
        }
    }
}

fn inlines(all: &[Inline]) -> Value {
    all.iter().map(inline).collect()
}

fn inline(inline: &Inline) -> Value {
    match inline {
        Inline::Text(text) => json!({ "kind": "text", "text": text }),
        Inline::Code(text) => json!({ "kind": "code", "text": text }),
        Inline::Marked(mark, children) => {
            let kind = match mark {
                Mark::Strong => "strong",
                Mark::Stress => "em",
                Mark::Strike => "strike",
            };
            json!({ "kind": kind, "children": inlines(children) })
        }
        Inline::Link { href, labelled, children } => json!({
            "kind": "link", "href": href, "labelled": labelled, "title": "",
            "children": inlines(children),
        }),
        Inline::Channel(name) => json!({ "kind": "channel", "name": name }),
        Inline::Mention { typed, called: Called::Everybody } => {
            json!({ "kind": "mention", "text": typed })
        }
        Inline::Mention { typed, called: Called::Person(user) } => {
            json!({ "kind": "mention", "text": typed, "user": user.0 })
        }
    }
}

#[test]
fn texts_are_marked_up_as_in_the_web_app() {
    let cases: Vec<(String, Value)> = serde_json::from_str(CASES).unwrap();
    assert!(cases.len() > 100);
    let differ: Vec<String> = cases
        .iter()
        .filter(|(text, tree)| blocks(&parse(text)) != *tree)
        .map(|(text, tree)| format!("{text:?}\n  {}\n  not {tree}", blocks(&parse(text))))
        .collect();
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

/// Texts with mentions, each with the tree that the web app makes of it.
const MENTIONED: &str = include_str!("../../../../web/src/text/mentioned.cases.json");

#[test]
fn mentions_are_chips_where_they_are_in_the_web_app() {
    let cases: Vec<(String, Vec<Value>, Value)> = serde_json::from_str(MENTIONED).unwrap();
    for (text, mentions, tree) in cases {
        let unit = |of: &Value| usize::try_from(of.as_u64().unwrap()).unwrap();
        let mention = |of: &Value| Mention {
            start: unit(&of["start"]),
            length: unit(&of["length"]),
            called: of["user"]
                .as_i64()
                .map_or(Called::Everybody, |user| Called::Person(UserId(user))),
        };
        let mentions: Vec<Mention> = mentions.iter().map(mention).collect();
        assert_eq!(blocks(&parse_with("Ada", &text, &mentions)), tree, "{text:?}");
    }
}

#[test]
fn no_text_takes_long_or_goes_deep() {
    for piece in [
        "*a ",
        "**",
        "_",
        "[",
        "](",
        "`",
        "> ",
        "- ",
        "1. ",
        "<",
        "~~",
        "[a](https://b.example)",
        "https://b.example/(",
        "\n",
        "- a\n  ",
        "```\n",
        "a**b**",
        "e\u{301}",
        "@",
        "*_",
    ] {
        let text = piece.repeat(10_000 / piece.chars().count());
        drop(parse(&text));
        let nested: String = (0..200).map(|depth| " ".repeat(depth * 2) + "- a\n").collect();
        drop(parse(&nested));
    }
}

#[test]
fn me_tells_what_the_author_does() {
    let told = |text| blocks(&parse_by("Mei Lin", text));
    let text = |text: &str| json!({ "kind": "text", "text": text });
    let paragraph = |children: Value| json!({ "kind": "paragraph", "children": children });
    let stressed = |children: Value| paragraph(json!([{ "kind": "em", "children": children }]));
    assert_eq!(
        told("/me *waves*\n\nBye"),
        json!([
            stressed(json!([text("Mei Lin "), { "kind": "em", "children": [text("waves")] }])),
            paragraph(json!([text("Bye")])),
        ])
    );
    assert_eq!(told("/me > a")[0], stressed(json!([text("Mei Lin ")])));
    for plain in ["/me", "/me ", "/mean it", " /me waves", "/ME waves"] {
        assert_eq!(told(plain), json!([paragraph(json!([text(plain)]))]));
    }
}

#[test]
fn channels_are_found_as_in_the_app_and_what_is_asked_for_has_a_bound() {
    const CHANNELS: &str = include_str!("../../../../web/src/text/channels.cases.json");
    fn linked(blocks: &[Block]) -> Vec<String> {
        let inlines = blocks.iter().flat_map(|block| match block {
            Block::Paragraph(inlines) => inlines.as_slice(),
            _ => &[],
        });
        let name = |inline: &Inline| match inline {
            Inline::Channel(name) => Some(format!("#{name}")),
            _ => None,
        };
        inlines.filter_map(name).collect()
    }
    let cases: Vec<Value> = serde_json::from_str(CHANNELS).expect("the cases are JSON");
    for case in cases {
        let names: BTreeSet<String> = serde_json::from_value(case["names"].clone()).unwrap();
        let text = case["text"].as_str().unwrap();
        let mut tree = parse(text);
        link_channels(&mut tree, &names);
        assert_eq!(json!(linked(&tree)), case["found"], "{text}");
        // What is found was among what may be asked for.
        let mut possible = BTreeSet::new();
        add_possible(text, &mut possible, 1_000);
        assert!(linked(&tree).iter().all(|name| possible.contains(&name[1..])), "{possible:?}");
    }
    let mut possible = BTreeSet::new();
    add_possible(&"#中文 ".repeat(5_000), &mut possible, 300);
    assert!(possible.len() <= 300);
}
