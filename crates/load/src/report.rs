//! Writes summaries: text to standard output, JSON to a file, tables into a document.

use std::fmt::Display;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;

/// Prints `summary` and, when asked for, writes it to `json`.
pub(crate) fn show(summary: &(impl Display + Serialize), json: Option<&Path>) -> Result<()> {
    println!("{summary}");
    let Some(path) = json else { return Ok(()) };
    let text = serde_json::to_string_pretty(summary)? + "\n";
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// Puts `text` into the document at `path`, between the comments that mark the section `name`. The
/// rest of the document stays. A document without the section gets it at its end.
pub(crate) fn replace_section(path: &Path, name: &str, text: &str) -> Result<()> {
    let document = match fs::read_to_string(path) {
        Ok(document) => document,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    fs::write(path, with_section(&document, name, text))
        .with_context(|| format!("cannot write {}", path.display()))
}

fn with_section(document: &str, name: &str, text: &str) -> String {
    let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->\n"));
    let (before, after) = match (document.find(&start), document.find(&end)) {
        (Some(from), Some(to)) if from < to => (&document[..from], &document[to + end.len()..]),
        _ => (document, ""),
    };
    format!("{before}{start}{}\n{end}{after}", text.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_replaced_and_the_rest_stays() {
        let first = with_section("# Title\n", "a", "one\n");
        assert_eq!(first, "# Title\n<!-- a -->\none\n<!-- end of a -->\n");
        let both = with_section(&first, "b", "two");
        let again = with_section(&both, "a", "three");
        assert_eq!(again, both.replace("one", "three"));
    }
}
