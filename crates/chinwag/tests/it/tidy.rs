//! The walls between the rooms: which room imports which, and how large a file may be.

use std::fs;
use std::path::{Path, PathBuf};

/// Each room, and the rooms that it may import. `run` and `main` put everything together, and
/// `fuzzing` calls everything.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("clock", &["model"]),
    ("secrets", &["model"]),
    ("config", &[]),
    ("listen", &["config", "http"]),
    ("logs", &[]),
    ("open_files", &["config"]),
    ("disk", &[]),
    ("store", &["model", "disk"]),
    ("files", &["model", "disk"]),
    ("care", &["model", "store", "files", "disk"]),
    ("live", &["model"]),
    ("wire", &["model"]),
    ("chat", &["model", "store", "live", "files", "clock", "secrets"]),
    ("words", &["model", "chat"]),
    ("http", &["chat", "wire", "model", "words", "secrets", "files"]),
    ("socket", &["chat", "wire", "model", "words", "secrets", "live"]),
    ("fuzzing", &["*"]),
    ("run", &["*"]),
];
/// The most lines of a file; a longer one certainly holds a second noun.
const MAX_LINES: usize = 500;

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found
}

#[test]
fn rooms_import_only_what_they_may() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut seen = 0;
    for path in sources(&src) {
        let relative = path.strip_prefix(&src).unwrap();
        let room = relative.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs");
        if matches!(room, "lib" | "main") {
            continue;
        }
        let rule = MAY_IMPORT.iter().find(|(name, _)| *name == room);
        let (_, allowed) = rule.unwrap_or_else(|| panic!("{room} is not in the table"));
        let text = fs::read_to_string(&path).unwrap();
        for imported in text.split("crate::").skip(1) {
            let imported =
                imported.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap();
            let fine = imported == room || allowed.contains(&"*") || allowed.contains(&imported);
            assert!(fine, "{} imports {imported}", relative.display());
            seen += 1;
        }
    }
    assert!(seen > 100, "the imports were read");
}

/// Libraries that belong to one room; no other room may even name them.
const OWN: [(&str, &str); 2] = [("axum", "http"), ("rusqlite", "store")];

#[test]
fn libraries_stay_in_their_rooms() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut seen = [0; OWN.len()];
    for path in sources(&src) {
        let relative = path.strip_prefix(&src).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        for (at, (library, room)) in OWN.iter().enumerate() {
            // Only the crate as a path counts, not a word in a comment or another crate's name.
            let named = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            if named.into_iter().any(|line| line.contains(&format!("{library}::"))) {
                assert!(relative.starts_with(room), "{} names {library}", relative.display());
                seen[at] += 1;
            }
        }
    }
    assert!(seen.iter().all(|files| *files > 5), "they were found where they belong: {seen:?}");
}

#[test]
fn files_are_small_and_say_what_they_are() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for folder in ["chinwag/src", "chinwag/tests", "socketio/src", "load/src", "fuzz/src"] {
        for path in sources(&crates.join(folder)) {
            let text = fs::read_to_string(&path).unwrap();
            assert!(text.starts_with("//!"), "{} says what it is", path.display());
            let lines = text.lines().count();
            assert!(lines <= MAX_LINES, "{} has {lines} lines", path.display());
        }
    }
}
