//! The rules for source files: which room imports which, which room uses which library, and how large a
//! file may be.

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
    ("maintenance", &["model", "store", "files", "disk"]),
    ("live", &["model"]),
    ("wire", &["model"]),
    ("chat", &["model", "store", "live", "files", "clock", "secrets"]),
    ("words", &["model", "chat"]),
    ("http", &["chat", "wire", "model", "words", "secrets", "files"]),
    ("socket", &["chat", "wire", "model", "words", "secrets", "live"]),
    ("fuzzing", &["*"]),
    ("run", &["*"]),
];
/// The most lines of a file. A longer one holds a second noun.
const MAX_LINES: usize = 500;

pub fn sources(folder: &Path) -> Vec<PathBuf> {
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

/// Libraries, and the rooms that may name them. `main` and `fuzzing` may name any.
const LIBRARIES: &[(&str, &[&str])] = &[
    ("argon2", &["chat"]),
    ("askama", &["http"]),
    ("axum", &["http"]),
    ("clap", &["config"]),
    // Chance is an argument everywhere else; the store makes the id of an installation.
    ("getrandom", &["secrets", "store"]),
    ("image", &["files"]),
    // The look-up in names is a rule.
    ("pinyin", &["model"]),
    // So are the forms of characters.
    ("hanconv", &["model"]),
    ("rusqlite", &["store"]),
    // No handler sends anything to a socket: only `live` has an emitter.
    ("socketio", &["live", "socket", "run"]),
    ("tar", &["maintenance"]),
    ("utoipa", &["http", "wire"]),
];

/// Whether code names a path that begins with `library::`.
fn names(code: &str, library: &str) -> bool {
    let path = format!("{library}::");
    code.match_indices(&path).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
    })
}

/// The lines of a file that are no comments.
fn code_of(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.collect::<Vec<_>>().join("\n")
}

#[test]
fn libraries_stay_in_their_rooms() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut seen = vec![0; LIBRARIES.len()];
    for path in sources(&src) {
        let relative = path.strip_prefix(&src).unwrap();
        let room = relative.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs");
        if matches!(room, "main" | "fuzzing") {
            continue;
        }
        let code = code_of(&path);
        for (at, (library, rooms)) in LIBRARIES.iter().enumerate() {
            if names(&code, library) {
                assert!(rooms.contains(&room), "{} names {library}", relative.display());
                seen[at] += 1;
            }
        }
    }
    assert!(seen.iter().all(|files| *files > 0), "they were found where they belong: {seen:?}");
}

/// What the lowest room does without: async, the disk, the clock, JSON and SQL.
const NOT_IN_MODEL: [&str; 8] =
    ["async ", ".await", "tokio::", "serde", "std::fs", "std::io", "SystemTime", "Instant::now"];

#[test]
fn the_model_is_values_and_rules() {
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/model");
    for path in sources(&model) {
        let code = code_of(&path);
        let odd: Vec<_> = NOT_IN_MODEL.iter().filter(|odd| code.contains(*odd)).collect();
        assert!(odd.is_empty(), "{} has {odd:?}", path.display());
    }
}

/// Commands of SQL, as they begin a statement.
const SQL: [&str; 4] = ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM "];

#[test]
fn only_the_store_has_sql() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for path in sources(&src) {
        if !path.starts_with(src.join("store")) {
            let code = code_of(&path);
            let found = SQL.iter().find(|sql| code.contains(*sql));
            assert_eq!(found, None, "{}", path.display());
        }
    }
}

/// What is read on the calling thread holds up whatever else runs there, so it is one row by its key.
#[test]
fn only_single_rows_are_read_on_the_calling_thread() {
    let store = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/sqlite");
    let mut reading: Vec<String> = sources(&store)
        .into_iter()
        .filter(|path| code_of(path).contains(".look_up("))
        .map(|path| path.strip_prefix(&store).unwrap().display().to_string())
        .collect();
    reading.sort();
    assert_eq!(reading, ["sessions.rs", "tokens.rs", "uploads.rs"]);
}

#[test]
fn files_are_small_and_say_what_they_are() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for folder in
        ["chinwag/src", "chinwag/tests", "socketio/src", "load/src", "fuzz/src", "soak/src"]
    {
        for path in sources(&crates.join(folder)) {
            let text = fs::read_to_string(&path).unwrap();
            assert!(text.starts_with("//!"), "{} says what it is", path.display());
            let lines = text.lines().count();
            assert!(lines <= MAX_LINES, "{} has {lines} lines", path.display());
        }
    }
}
