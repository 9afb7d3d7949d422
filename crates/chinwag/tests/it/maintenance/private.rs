//! Other users of the machine cannot read the data folder, whatever was there before.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use super::{Author, run};
use crate::binary::Binary;

/// The folder and everything in it to which other users have any permission.
fn open_to_others(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut rest = vec![folder.to_owned()];
    while let Some(path) = rest.pop() {
        let meta = fs::symlink_metadata(&path).unwrap();
        if meta.is_dir() {
            rest.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        }
        if meta.permissions().mode() & 0o077 != 0 {
            found.push(path);
        }
    }
    found
}

/// Starts a server from a shell whose new files everybody may read.
fn start(data: &Path) -> Binary {
    let shell = ["sh", "-c", "umask 022 && exec \"$0\" \"$@\""].map(str::to_owned);
    Binary::spawn(Binary::command_under(&shell, data))
}

#[tokio::test]
async fn a_folder_that_was_there_before_is_closed() {
    let data = tempfile::tempdir().unwrap();
    let open = |path: &Path| {
        let mode = if path.is_dir() { 0o755 } else { 0o644 };
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    open(data.path());
    let mut server = start(data.path());
    let mut author = Author::new(&server).await;
    author.say("look", Some(b"bytes".to_vec())).await;
    assert_eq!(open_to_others(data.path()), Vec::<PathBuf>::new());
    server.kill();
    // The permissions of a copy that was unpacked.
    open(data.path());
    open(&data.path().join("files"));
    for name in ["chinwag.db", "chinwag.db-wal", "chinwag.db-shm", "LOCK", "settings.json"] {
        open(&data.path().join(name));
    }
    let server = start(data.path());
    author.client.address = server.address;
    author.say("again", Some(b"bytes".to_vec())).await;
    assert_eq!(open_to_others(data.path()), Vec::<PathBuf>::new());
    server.stop().await;

    let out = tempfile::tempdir().unwrap();
    let (file, home) = (out.path().join("a.tar"), out.path().join("home"));
    fs::create_dir(&home).unwrap();
    open(&home);
    let [path, data, home] = [&file, data.path(), &home].map(|path| path.to_str().unwrap());
    assert_eq!(run(&["backup", path, "--data", data]).code, 0);
    assert_eq!(run(&["restore", path, "--data", home]).code, 0);
    assert_eq!(open_to_others(&file), Vec::<PathBuf>::new());
    assert_eq!(open_to_others(Path::new(home)), Vec::<PathBuf>::new());
}
