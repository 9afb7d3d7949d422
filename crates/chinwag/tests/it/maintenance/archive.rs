//! A backup that is not as it was written is always noticed.

use std::fs;
use std::path::{Path, PathBuf};

use chinwag::clock::{Clock as _, SystemClock};
use chinwag::maintenance::{self, Error};

use super::{run, used};

/// A folder with a small backup in it.
async fn backed_up() -> (tempfile::TempDir, PathBuf) {
    let (data, out) = (used().await, tempfile::tempdir().unwrap());
    let file = out.path().join("a.tar");
    maintenance::backup(data.path(), &file, false, SystemClock.now()).unwrap();
    (out, file)
}

/// The verdict of `verify` about these bytes, which must leave no files behind.
fn verdict(folder: &Path, bytes: &[u8]) -> Result<bool, Error> {
    let file = folder.join("b.tar");
    fs::write(&file, bytes).unwrap();
    let verdict = maintenance::verify(&file, None).map(|outcome| outcome.is_sound());
    assert_eq!(fs::read_dir(folder).unwrap().count(), 2, "nothing else is left");
    verdict
}

#[tokio::test]
async fn a_byte_changed_anywhere_is_found() {
    let (out, file) = backed_up().await;
    let whole = fs::read(&file).unwrap();
    assert!(verdict(out.path(), &whole).unwrap());
    // Both ends, where the small entries are, byte by byte; the middle in steps that reach every offset
    // within a block.
    let ends = (0..whole.len()).filter(|at| *at < 600 || *at > whole.len() - 1_600).step_by(7);
    let middle = (600..whole.len() - 1_600).step_by((whole.len() / 150) | 1);
    for at in ends.chain(middle) {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        let verdict = verdict(out.path(), &bytes);
        assert!(verdict.is_err(), "byte {at} of {} was changed unseen", whole.len());
    }
}

#[tokio::test]
async fn a_length_other_than_its_own_is_found() {
    let (out, file) = backed_up().await;
    let whole = fs::read(&file).unwrap();
    let blocks = (0..whole.len()).step_by(512 * 5);
    for length in blocks.chain(whole.len() - 1_600..whole.len()).step_by(3) {
        let verdict = verdict(out.path(), &whole[..length]);
        assert!(verdict.is_err(), "cut off after {length} of {}", whole.len());
    }
    for more in [&[0_u8; 1][..], &[0; 512], b"more"] {
        assert!(verdict(out.path(), &[&whole, more].concat()).is_err());
    }
}

#[tokio::test]
async fn the_damaged_entry_is_named() {
    let (_out, file) = backed_up().await;
    let mut bytes = fs::read(&file).unwrap();
    let at = bytes.windows(600).position(|part| part == [b'1'; 600]).unwrap();
    bytes[at + 300] = b'2';
    fs::write(&file, &bytes).unwrap();
    let said = run(&["verify", file.to_str().unwrap()]);
    assert_eq!(said.code, 1, "{}", said.text);
    assert!(said.text.contains("damaged: files/") && said.text.contains(".bin"), "{}", said.text);
}

/// A folder that another program made is not the one that `verify` makes and removes. The shell becomes
/// `chinwag`, which keeps its process id.
#[tokio::test]
async fn verify_removes_no_folder_that_it_did_not_make() {
    let (out, file) = backed_up().await;
    let script =
        r#"mkdir "$1.verify-$$" && echo mine >"$1.verify-$$/holiday" && exec "$2" verify "$1""#;
    let binary = env!("CARGO_BIN_EXE_chinwag");
    let said = std::process::Command::new("sh")
        .args(["-c", script, "sh", file.to_str().unwrap(), binary])
        .output();
    let said = super::Said::from(said.unwrap());
    assert_eq!(said.code, 0, "{}", said.text);
    let left = fs::read_dir(out.path()).unwrap().map(|entry| entry.unwrap().path());
    let left: Vec<_> = left.filter(|path| path.is_dir()).collect();
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(fs::read(left[0].join("holiday")).unwrap(), b"mine\n");
}

/// Appends an entry to an archive.
pub fn append(out: &mut Vec<u8>, path: &str, bytes: &[u8], kind: tar::EntryType) {
    let mut head = tar::Header::new_gnu();
    // The path is set as bytes, because the library refuses a path that leaves the folder.
    head.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
    head.set_entry_type(kind);
    head.set_size(bytes.len() as u64);
    head.set_mode(0o600);
    head.set_uid(0);
    head.set_gid(0);
    head.set_mtime(0);
    head.set_cksum();
    out.extend_from_slice(head.as_bytes());
    out.extend_from_slice(bytes);
    out.resize(out.len().next_multiple_of(512), 0);
}

/// An archive of these entries that our writer would not make.
fn forged(entries: &[(&str, &[u8], tar::EntryType)]) -> Vec<u8> {
    let mut out = Vec::new();
    for (path, bytes, kind) in entries {
        append(&mut out, path, bytes, *kind);
    }
    out.resize(out.len() + 1_024, 0);
    out
}

const HEAD: &[u8] =
    br#"{"format":1,"chinwag":"0.1.0","database":1,"made_at":"2026-11-23T04:00:00Z"}"#;

#[test]
fn an_entry_cannot_leave_the_folder() {
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("forged.tar");
    let outside = out.path().join("outside");
    let absolute = outside.to_str().unwrap();
    let name = format!("{0}/{0}{1}.bin", "ab", "ab".repeat(15));
    let climbing = format!("files/../../outside/{name}");
    for (path, kind) in [
        ("../outside", tar::EntryType::Regular),
        ("files/../../outside", tar::EntryType::Regular),
        (absolute, tar::EntryType::Regular),
        (&climbing, tar::EntryType::Regular),
        ("files/ab", tar::EntryType::Symlink),
        ("chinwag.db", tar::EntryType::Symlink),
        ("chinwag.db", tar::EntryType::Link),
        ("chinwag.db-wal", tar::EntryType::Regular),
        ("LOCK", tar::EntryType::Regular),
    ] {
        let head = ("chinwag-backup.json", HEAD, tar::EntryType::Regular);
        fs::write(&file, forged(&[head, (path, b"x", kind)])).unwrap();
        let home = out.path().join("home");
        let refused = maintenance::restore(&file, &home, false).unwrap_err();
        let text = refused.to_string();
        assert!(text.contains("an entry that no backup has"), "{path}: {text}");
        let left: Vec<_> = fs::read_dir(&home).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(left, ["RESTORING"], "{path}");
        fs::remove_dir_all(&home).unwrap();
        assert!(!outside.exists());
    }
}

#[test]
fn what_comes_twice_is_refused() {
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("forged.tar");
    let head = ("chinwag-backup.json", HEAD, tar::EntryType::Regular);
    let database = ("chinwag.db", &b"x"[..], tar::EntryType::Regular);
    for entries in [&[head, head][..], &[head, database, database]] {
        fs::write(&file, forged(entries)).unwrap();
        let refused = maintenance::verify(&file, None).unwrap_err().to_string();
        assert!(refused.contains("is in it twice"), "{refused}");
    }
}

#[test]
fn a_newer_or_foreign_archive_is_refused_before_anything_is_made() {
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("forged.tar");
    let newer = br#"{"format":2,"chinwag":"9.1.0","other":true}"#;
    fs::write(&file, forged(&[("chinwag-backup.json", newer, tar::EntryType::Regular)])).unwrap();
    let home = out.path().join("home");
    let refused = maintenance::restore(&file, &home, false).unwrap_err();
    assert!(matches!(refused, Error::Newer(_)) && refused.to_string().contains("9.1.0"));
    let holiday = forged(&[("holiday.jpg", b"x", tar::EntryType::Regular)]);
    for foreign in [&b""[..], b"not a tar file", &[0; 4_096], &holiday] {
        fs::write(&file, foreign).unwrap();
        let refused = maintenance::restore(&file, &home, false).unwrap_err();
        assert!(matches!(refused, Error::NotABackup(_)), "{refused}");
    }
    assert!(!home.exists());
}
