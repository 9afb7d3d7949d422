//! Lines of a table: cells between bars, and the line of dashes below the head, which says how columns
//! are aligned.

use super::Align;

/// The most columns of a table.
const MAX_COLUMNS: usize = 20;

/// The cells of a line, trimmed. `None`: the line has no bar. A bar with a backslash before it is text
/// of its cell.
pub(super) fn cells(line: &str) -> Option<Vec<String>> {
    if !line.contains('|') {
        return None;
    }
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let line = line.strip_suffix('|').filter(|rest| !rest.ends_with('\\')).unwrap_or(line);
    let mut cells = vec![String::new()];
    let mut before = None;
    for c in line.chars() {
        match cells.last_mut() {
            Some(_) if c == '|' && before != Some('\\') => cells.push(String::new()),
            Some(cell) => cell.push(c),
            None => {}
        }
        before = Some(c);
    }
    Some(cells.iter().map(|cell| cell.trim().replace("\\|", "|")).collect())
}

/// How the columns are aligned, if `below` is the line of dashes below a head of so many columns.
pub(super) fn aligns(below: &str, columns: usize) -> Option<Vec<Align>> {
    let cells = cells(below).filter(|cells| cells.len() == columns && columns <= MAX_COLUMNS)?;
    cells.iter().map(|cell| align(cell)).collect()
}

fn align(cell: &str) -> Option<Align> {
    let (left, rest) = (cell.starts_with(':'), cell.strip_prefix(':').unwrap_or(cell));
    let (right, dashes) = (rest.ends_with(':'), rest.strip_suffix(':').unwrap_or(rest));
    if dashes.is_empty() || !dashes.bytes().all(|byte| byte == b'-') {
        return None;
    }
    Some(match (left, right) {
        (_, false) => Align::Start,
        (true, true) => Align::Center,
        (false, true) => Align::End,
    })
}

/// The cells of a row for so many columns. What is too much is text of the last cell, so that nothing
/// is lost.
pub(super) fn row(line: &str, columns: usize) -> Option<Vec<String>> {
    let mut cells = cells(line)?;
    let last = cells.split_off(cells.len().min(columns - 1)).join(" | ");
    cells.resize(columns - 1, String::new());
    cells.push(last);
    Some(cells)
}
