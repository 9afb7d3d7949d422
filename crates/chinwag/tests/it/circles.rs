//! No circles: inside a room, no file imports another one that needs it in turn.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::tidy::sources;

/// The path of a module below the crate, such as `["chat", "uploads", "quota"]`.
type Module = Vec<String>;

fn module_of(relative: &Path) -> Module {
    let mut module: Module =
        relative.with_extension("").iter().map(|part| part.to_str().unwrap().to_owned()).collect();
    if module.last().is_some_and(|last| last == "mod") {
        module.pop();
    }
    module
}

/// The paths that a `use` names behind `prefix`: one, or several in braces.
fn expand(prefix: &[String], rest: &str, found: &mut Vec<Module>) {
    let mut path = prefix.to_vec();
    let mut rest = rest;
    loop {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let (name, behind) = rest.split_at(end);
        match name {
            "" => {}
            "super" => drop(path.pop()),
            name => path.push(name.to_owned()),
        }
        let Some(behind) = behind.strip_prefix("::") else { break };
        if let Some(group) = behind.strip_prefix('{') {
            for part in parts_of(group) {
                expand(&path, part.trim(), found);
            }
            return;
        }
        rest = behind;
    }
    found.push(path);
}

/// What stands between commas up to the end of a group in braces.
fn parts_of(group: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                parts.push(&group[start..at]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts
}

/// The modules that a file names by `crate::` or `super::`, outside its tests.
fn named(module: &Module, is_folder: bool, text: &str) -> Vec<Module> {
    let code = text.split("#[cfg(test)]").next().unwrap();
    let code: Vec<&str> =
        code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    let mut found = Vec::new();
    for start in ["crate::", "super::"] {
        for (at, _) in code.match_indices(start) {
            // The first `super` of several reads them all; a longer word is another one.
            let before = code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            let mut base = if start == "crate::" { Module::new() } else { module.clone() };
            if start == "super::" && is_folder {
                base.push(String::new());
            }
            let rest = code[at..].strip_prefix("crate::").unwrap_or(&code[at..]);
            expand(&base, rest, &mut found);
        }
    }
    found
}

#[test]
fn no_file_of_a_room_needs_itself() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files: BTreeMap<Module, PathBuf> = sources(&src)
        .into_iter()
        .map(|path| (module_of(path.strip_prefix(&src).unwrap()), path))
        .collect();
    let mut needs: BTreeMap<&Module, BTreeSet<&Module>> = BTreeMap::new();
    for (module, path) in &files {
        let text = std::fs::read_to_string(path).unwrap();
        for named in named(module, path.ends_with("mod.rs"), &text) {
            let target = (1..=named.len()).rev().find_map(|end| files.get_key_value(&named[..end]));
            // What a folder's own file says is for all files in it.
            let target = target.map(|(target, _)| target).filter(|it| !module.starts_with(it));
            if let Some(target) = target.filter(|target| target[0] == module[0]) {
                needs.entry(module).or_default().insert(target);
            }
        }
    }
    assert!(needs.len() > 30, "the imports were read: {}", needs.len());
    // A file that needs only what is finished is finished; what is never finished is a circle.
    loop {
        let done: Vec<&Module> = needs
            .iter()
            .filter(|(_, targets)| targets.iter().all(|target| !needs.contains_key(target)))
            .map(|(module, _)| *module)
            .collect();
        if done.is_empty() {
            break;
        }
        needs.retain(|module, _| !done.contains(module));
    }
    assert!(needs.is_empty(), "these files are in circles, or need some that are: {needs:#?}");
}
