//! Backups of a working server are complete and consistent, or do not exist.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::json;

use super::{Author, check, chinwag, run, used};
use crate::binary::Binary;
use crate::client::Client;

/// Posts, uploads and deletes until the task is aborted.
async fn work(mut author: Author) {
    for n in 0_u64.. {
        let file = (n % 2 == 0).then(|| n.to_string().into_bytes());
        let number = author.say(&format!("message {n}"), file).await;
        if n % 4 == 0 {
            author.delete(number).await;
        }
    }
}

fn backup(data: &Path, file: &Path) -> super::Said {
    run(&["backup", file.to_str().unwrap(), "--data", data.to_str().unwrap()])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_backed_up_while_people_write_comes_back() {
    let (data, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let server = Binary::start(data.path());
    let mut author = Author::new(&server).await;
    for n in 0..20 {
        author.say(&format!("before {n}"), Some(vec![n; 100])).await;
    }
    let before = author.everything().await;
    let copy = Author { client: author.client.clone(), channel: author.channel };
    let writer = tokio::spawn(work(copy));
    for n in 0..4 {
        let file = out.path().join(format!("{n}.tar"));
        let said = backup(data.path(), &file);
        assert_eq!(said.code, 0, "{}", said.text);
        let said = run(&["verify", file.to_str().unwrap()]);
        assert!(said.code == 0 && said.text.contains("can be restored"), "{}", said.text);
    }
    writer.abort();
    let _ = writer.await;
    server.stop().await;
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 4, "nothing but the backups is left");

    let home = out.path().join("restored");
    let file = out.path().join("3.tar");
    let said = run(&["restore", file.to_str().unwrap(), "--data", home.to_str().unwrap()]);
    assert_eq!(said.code, 0, "{}", said.text);
    assert!(said.text.contains("CHINWAG_LIMIT_MESSAGES=0"), "its settings: {}", said.text);
    let looked = check(&home);
    assert_eq!(looked.code, 0, "{}", looked.text);
    let server = Binary::start(&home);
    author.client.address = server.address;
    let again = author.client.post("/api/session", &json!({ "name": "Ada" })).await;
    assert_eq!(again.status, 201, "sessions are ended: {}", again.text());
    let restored = author.everything().await;
    assert_eq!(restored[..20], before, "what was there first");
    assert!(restored.len() > 20, "and some of what came meanwhile");
    author.say("it lives", Some(b"and takes files".to_vec())).await;
    server.stop().await;
}

#[tokio::test]
async fn a_name_that_is_kept_comes_back() {
    let (data, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let server = Binary::start(data.path());
    let mut ada = Author::new(&server).await;
    let renamed = ada.client.put("/api/me/name", &json!({ "name": "Countess" })).await;
    assert_eq!(renamed.status, 200, "{}", renamed.text());
    let file = out.path().join("a.tar");
    assert_eq!(backup(data.path(), &file).code, 0);
    server.stop().await;
    let home = out.path().join("restored");
    let said = run(&["restore", file.to_str().unwrap(), "--data", home.to_str().unwrap()]);
    assert_eq!(said.code, 0, "{}", said.text);
    let looked = check(&home);
    assert_eq!(looked.code, 0, "{}", looked.text);
    let server = Binary::start(&home);
    let taken = Client::new(server.address).post("/api/session", &json!({ "name": "Ada" })).await;
    assert_eq!((taken.status, taken.code()), (409, "name_taken".into()));
    server.stop().await;
}

#[tokio::test]
async fn nothing_is_overwritten_unasked() {
    let (data, out) = (used().await, tempfile::tempdir().unwrap());
    let file = out.path().join("a.tar");
    assert_eq!(backup(data.path(), &file).code, 0);
    let first = fs::read(&file).unwrap();
    let said = backup(data.path(), &file);
    assert!(said.code == 2 && said.text.contains("--force"), "{}", said.text);
    assert_eq!(fs::read(&file).unwrap(), first);
    let [path, folder] = [&file, data.path()].map(|path| path.to_str().unwrap());
    assert_eq!(run(&["backup", "--force", path, "--data", folder]).code, 0);
    let inside = data.path().join("chinwag.db");
    let said = run(&["backup", "--force", inside.to_str().unwrap(), "--data", folder]);
    assert!(said.code == 2 && said.text.contains("inside the data folder"), "{}", said.text);
    let said = run(&["restore", path, "--data", folder]);
    assert!(said.code == 2 && said.text.contains("is not empty"), "{}", said.text);
    assert_eq!(check(data.path()).code, 0);
}

/// A file that a row names and that is missing is reported, and the rest is saved.
#[tokio::test]
async fn a_backup_of_a_damaged_folder_says_so() {
    let (data, out) = (used().await, tempfile::tempdir().unwrap());
    fs::remove_file(&super::files(data.path())[1]).unwrap();
    let file = out.path().join("a.tar");
    let said = backup(data.path(), &file);
    assert!(said.code == 1 && said.text.contains("it is not there"), "{}", said.text);
    let said = run(&["verify", file.to_str().unwrap()]);
    assert!(said.code == 1 && said.text.contains("what was backed up was not"), "{}", said.text);
}

/// The folder in which a backup is written is made new. Its place may be taken, above all by a link to
/// the data folder, whose database a backup must not remove.
#[tokio::test]
async fn what_is_in_the_way_of_a_backup_stays() {
    let (data, out) = (used().await, tempfile::tempdir().unwrap());
    let [file, partial] = ["nightly", "nightly.partial"].map(|name| out.path().join(name));
    let refused = |what: &str, why: &str| {
        let said = backup(data.path(), &file);
        assert!(said.code == 2 && said.text.contains(why), "{what}: {}", said.text);
        assert!(!file.exists(), "{what}");
    };
    std::os::unix::fs::symlink(data.path(), &partial).unwrap();
    refused("a link to the data folder", "inside the data folder");
    assert!(partial.is_symlink() && check(data.path()).code == 0);
    fs::remove_file(&partial).unwrap();
    let other = tempfile::tempdir().unwrap();
    fs::write(other.path().join("lines"), b"mine").unwrap();
    std::os::unix::fs::symlink(other.path(), &partial).unwrap();
    refused("a link to another folder", "is in the way");
    assert!(partial.is_symlink() && other.path().join("lines").exists());
    fs::remove_file(&partial).unwrap();
    fs::write(&partial, b"mine").unwrap();
    refused("a file", "is in the way");
    fs::remove_file(&partial).unwrap();
    fs::create_dir(&partial).unwrap();
    for name in ["archive.tar", "holiday.jpg"] {
        fs::write(partial.join(name), b"mine").unwrap();
    }
    refused("a folder of somebody", "is in the way");
    assert_eq!(fs::read_dir(&partial).unwrap().count(), 2);
    fs::remove_file(partial.join("holiday.jpg")).unwrap();
    assert_eq!(backup(data.path(), &file).code, 0, "what a backup left is cleared");
    assert!(file.exists() && !partial.exists());
}

/// A data folder may have the name of a partial folder.
#[tokio::test]
async fn a_backup_is_not_written_in_the_data_folder() {
    let (data, out) = (used().await, tempfile::tempdir().unwrap());
    let home = out.path().join("nightly.partial");
    fs::create_dir_all(home.join("files")).unwrap();
    let database = home.join("chinwag.db");
    fs::copy(data.path().join("chinwag.db"), &database).unwrap();
    let said = backup(&home, &out.path().join("nightly"));
    assert!(said.code == 2 && said.text.contains("inside the data folder"), "{}", said.text);
    assert!(database.exists());
}

/// A backup that is killed at any moment leaves no file, or a complete one.
#[tokio::test]
async fn a_killed_backup_never_looks_whole() {
    const KILLS: u32 = 40;
    let (data, out) = (used().await, tempfile::tempdir().unwrap());
    let file = out.path().join("a.tar");
    let [path, folder] = [&file, data.path()].map(|path| path.to_str().unwrap());
    let begun = Instant::now();
    assert_eq!(backup(data.path(), &file).code, 0);
    // A little longer than a backup takes, so that some end before the kill.
    let whole = begun.elapsed() * 5 / 4;
    fs::remove_file(&file).unwrap();
    let (mut there, mut missing) = (0, 0);
    for n in 0..KILLS {
        let mut child =
            chinwag(&["backup", path, "--data", folder]).stdout(Stdio::null()).spawn().unwrap();
        std::thread::sleep(whole * n / KILLS + Duration::from_micros(u64::from(n) * 37 % 500));
        let _ = child.kill();
        child.wait().unwrap();
        if file.exists() {
            let said = run(&["verify", path]);
            assert_eq!(said.code, 0, "{}", said.text);
            fs::remove_file(&file).unwrap();
            there += 1;
        } else {
            missing += 1;
        }
    }
    assert!(missing > 0 && there + missing == KILLS, "{there} whole, {missing} not there");
    assert_eq!(backup(data.path(), &file).code, 0, "what the killed ones left is in nobody's way");
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 1);
    assert_eq!(check(data.path()).code, 0);
}

/// A restore that was killed leaves a folder that no server starts on.
#[tokio::test]
async fn a_killed_restore_is_not_served() {
    let (data, out) = (used().await, tempfile::tempdir().unwrap());
    let file = out.path().join("a.tar");
    assert_eq!(backup(data.path(), &file).code, 0);
    // The manifest comes last: without it, everything else is in its author.
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..bytes.len() - 2_048]).unwrap();
    let home = out.path().join("home");
    let [path, folder] = [&file, &home].map(|path| path.to_str().unwrap());
    let said = run(&["restore", path, "--data", folder]);
    assert!(said.code == 1 && said.text.contains("cut off"), "{}", said.text);
    let said: super::Said = Binary::command(&home).stderr(Stdio::piped()).output().unwrap().into();
    assert_ne!(said.code, 0);
    assert!(said.text.contains("was not restored to the end"), "{}", said.text);
    let said = check(&home);
    assert!(said.code == 1 && said.text.contains("was not restored to the end"), "{}", said.text);
    let said = run(&["restore", path, "--data", folder]);
    assert!(said.code == 2 && said.text.contains("is not empty"), "{}", said.text);
}

/// One file that cannot be read does not prevent the backup of the rest.
#[tokio::test]
async fn what_cannot_be_read_is_named_and_the_rest_is_saved() {
    let (data, out) = (used().await, tempfile::tempdir().unwrap());
    let bad = super::files(data.path())[1].clone();
    fs::remove_file(&bad).unwrap();
    fs::create_dir(&bad).unwrap();
    let settings = data.path().join("settings.json");
    fs::remove_file(&settings).unwrap();
    fs::create_dir(&settings).unwrap();
    let file = out.path().join("a.tar");
    let said = backup(data.path(), &file);
    assert_eq!(said.code, 3, "{}", said.text);
    for path in [&bad, &settings] {
        let lines = said.text.lines().filter(|line| line.contains(path.to_str().unwrap()));
        assert_eq!(lines.count(), 1, "{}", said.text);
    }
    assert!(said.text.contains("“a.txt” (in message "), "{}", said.text);
    let home = out.path().join("home");
    let [path, folder] = [&file, &home].map(|path| path.to_str().unwrap());
    let said = run(&["restore", path, "--data", folder]);
    assert!(said.code == 1 && said.text.contains("it is not there"), "{}", said.text);
    assert_eq!(super::files(&home).len(), 2, "the other two");
}

/// A backup does not know what was ended or deleted after it was made.
#[tokio::test]
async fn a_restore_ends_sessions_and_says_what_comes_back() {
    let (data, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let server = Binary::start(data.path());
    let mut author = Author::new(&server).await;
    let number = author.say("said and taken back", None).await;
    let token = author.client.post("/api/me/tokens", &json!({ "name": "bot" })).await.json();
    let file = out.path().join("a.tar");
    assert_eq!(backup(data.path(), &file).code, 0);
    author.delete(number).await;
    server.stop().await;

    for (keep, status) in [(false, 401), (true, 200)] {
        let home = out.path().join(format!("home-{keep}"));
        let mut args = vec!["restore", file.to_str().unwrap(), "--data", home.to_str().unwrap()];
        if keep {
            args.push("--keep-sessions");
        }
        let said = run(&args);
        assert_eq!(said.code, 0, "{}", said.text);
        assert!(said.text.contains("Everything is as it was on 20"), "{}", said.text);
        let ended = said.text.contains("Ended: 1 sessions and 1 bot tokens.");
        assert_eq!(ended, !keep, "{}", said.text);
        assert_eq!(check(&home).code, 0);
        let server = Binary::start(&home);
        let mut ada = author.client.clone();
        ada.address = server.address;
        assert_eq!(ada.get("/api/me").await.status, status);
        let mut bot = Client::new(server.address);
        let bearer = format!("Bearer {}", token["token"].as_str().unwrap());
        bot.headers = vec![("authorization", bearer)];
        assert_eq!(bot.get("/api/me").await.status, status);
        // The browser may still sign in under the name.
        let again = ada.post("/api/session", &json!({ "name": "Ada" })).await;
        assert_eq!(again.status, 201, "{}", again.text());
        server.stop().await;
    }
}
