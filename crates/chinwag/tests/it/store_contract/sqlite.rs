//! What holds for the data folder of SQLite: its lock, its version, damage, and a process that dies.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chinwag::model::ids::{ChannelId, MessageKey, UserId};
use chinwag::store::sqlite::{DATABASE, Finding, Onlooker, OpenError, SqliteConfig, SqliteStore};
use chinwag::store::{
    Channels, Members, Messages, OnCommit, PostOutcome, Sessions, Store, Uploads, Users,
};

use super::world::{Backend, NOW, World, message};

/// A data folder that is removed at the end of the test.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!(
            "chinwag-store-{}-{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        Self(std::env::temp_dir().join(name))
    }

    pub fn database(&self) -> PathBuf {
        self.0.join(DATABASE)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.0);
    }
}

impl Backend for Folder {
    fn open(&self, on_commit: OnCommit) -> Arc<dyn Store> {
        Arc::new(open(&self.0, on_commit).unwrap())
    }

    fn make_owner(&self, whom: UserId) {
        crate::in_charge::make(&self.0, whom.0, "owner");
    }
}

fn open(data: &Path, on_commit: OnCommit) -> Result<SqliteStore, OpenError> {
    SqliteStore::open(SqliteConfig { data: data.to_owned(), ..Default::default() }, on_commit)
}

pub fn reopen(folder: &Folder) -> Result<SqliteStore, OpenError> {
    open(&folder.0, Arc::new(|_| {}))
}

/// The folder of a store that was used and closed.
async fn used() -> Folder {
    let folder = Folder::new();
    let world = World::open(&folder);
    let ada = world.person("Ada").await;
    let tea = world.channel("tea", ada).await;
    for _ in 0..200 {
        world.say(tea, ada, &"lorem ipsum ".repeat(20)).await;
    }
    world.store.close().await;
    folder
}

/// Overwrites bytes of the database, which is one file after the store was closed.
fn scribble(folder: &Folder, at: usize, bytes: &[u8]) {
    let mut file = fs::read(folder.database()).unwrap();
    file[at..at + bytes.len()].copy_from_slice(bytes);
    fs::write(folder.database(), file).unwrap();
}

#[tokio::test]
async fn a_second_server_on_a_folder_is_refused() {
    let folder = Folder::new();
    let first = reopen(&folder).unwrap();
    let Err(refused) = reopen(&folder) else { panic!("two servers on one folder") };
    assert!(matches!(refused, OpenError::Locked(_)));
    assert!(refused.to_string().contains("another server is using the data folder"));
    first.close().await;
    reopen(&folder).unwrap().close().await;
}

/// A folder as a server of the first version left it.
#[tokio::test]
async fn a_folder_of_the_first_version_counts_what_is_unread() {
    let folder = Folder::new();
    fs::create_dir_all(&folder.0).unwrap();
    let db = rusqlite::Connection::open(folder.database()).unwrap();
    db.execute_batch(include_str!("../../../src/store/sqlite/migrations/0001_foundation.sql"))
        .unwrap();
    db.execute_batch(
        "PRAGMA application_id = 0x43484e57; PRAGMA user_version = 1;
         INSERT INTO users (id, name, name_key, created_at, language, theme, enter_sends)
         VALUES (1, 'Ada', 'ada', 0, 'auto', 'auto', 0), (2, 'Bob', 'bob', 0, 'auto', 'auto', 0);
         INSERT INTO channels (id, name, name_key, topic, created_at, created_by, member_count,
                               revision, last_number)
         VALUES (1, 'tea', 'tea', '', 0, 1, 2, 4, 3);
         INSERT INTO members VALUES (1, 1, 0, 3), (1, 2, 0, 0);
         INSERT INTO messages VALUES
             (1, 1, 1, 1, 1, zeroblob(16), 0, NULL, 0, 'one'),
             (1, 2, 4, 2, 1, randomblob(16), 0, 1, 0, ''),
             (1, 3, 3, 3, 1, randomblob(16), 0, NULL, 0, 'three');",
    )
    .unwrap();
    db.close().unwrap();

    let world = World::open(&folder);
    let (ada, bob, tea) = (UserId(1), UserId(2), ChannelId(1));
    let unread = async |user| {
        world.store.channel(tea, user).await.unwrap().unwrap().membership.unwrap().unread
    };
    assert_eq!((unread(ada).await, unread(bob).await), (0, 2), "the tombstone does not count");
    world.say(tea, bob, "four").await;
    assert_eq!((unread(ada).await, unread(bob).await), (1, 2));
    assert_eq!(world.store.instance().id.len(), 32);
    assert_eq!(world.everything(tea).await.len(), 4);
    world.store.close().await;
    drop(world);
    assert_eq!(reopen(&folder).unwrap().check().await.unwrap().findings, []);
}

#[tokio::test]
async fn a_newer_database_is_refused_and_left_alone() {
    // The header of an SQLite file has `user_version` at byte 60.
    let folder = used().await;
    scribble(&folder, 60, &99_u32.to_be_bytes());
    let before = fs::read(folder.database()).unwrap();
    let Err(refused) = reopen(&folder) else { panic!("opened") };
    assert!(matches!(refused, OpenError::Newer { found: 99, .. }));
    assert!(refused.to_string().contains("newer version of Chinwag"), "{refused}");
    assert_eq!(fs::read(folder.database()).unwrap(), before);
}

#[tokio::test]
async fn a_database_of_something_else_is_refused() {
    let folder = used().await;
    scribble(&folder, 60, &0_u32.to_be_bytes());
    let Err(refused) = reopen(&folder) else { panic!("opened") };
    assert!(matches!(refused, OpenError::Foreign(_)), "{refused}");
}

#[tokio::test]
async fn a_damaged_file_is_named() {
    for damage in [
        |folder: &Folder| scribble(folder, 0, &[0xEE; 512]),
        |folder: &Folder| {
            let file = fs::OpenOptions::new().write(true).open(folder.database()).unwrap();
            file.set_len(8_192).unwrap();
        },
    ] {
        let folder = used().await;
        damage(&folder);
        let Err(refused) = reopen(&folder) else { panic!("opened") };
        assert!(matches!(refused, OpenError::Damaged { .. }), "{refused}");
        assert!(refused.to_string().contains(DATABASE), "{refused}");
    }
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let folder = Folder::new();
    fs::write(&folder.0, "a file").unwrap();
    let Err(refused) = reopen(&folder) else { panic!("opened") };
    assert!(matches!(refused, OpenError::Folder { .. }), "{refused}");
    fs::remove_file(&folder.0).unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn the_folder_is_closed_to_other_users() {
    use std::os::unix::fs::PermissionsExt;
    let folder = used().await;
    let mode = fs::metadata(&folder.0).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

/// The bytes of a deleted text are overwritten in the file.
#[tokio::test]
async fn a_deleted_text_leaves_the_disk() {
    let folder = Folder::new();
    let world = World::open(&folder);
    let ada = world.person("Ada").await;
    let tea = world.channel("tea", ada).await;
    let short = world.say(tea, ada, "xyzzy-plugh").await;
    let long = world.say(tea, ada, &"plover-".repeat(1_000)).await;
    world.delete(&short).await;
    world.delete(&long).await;
    world.store.close().await;
    let bytes = fs::read(folder.database()).unwrap();
    for word in ["xyzzy-plugh", "plover-plover"] {
        assert!(!bytes.windows(word.len()).any(|part| part == word.as_bytes()), "{word}");
    }
}

#[tokio::test]
async fn a_sound_database_passes_the_check() {
    let folder = used().await;
    let store = reopen(&folder).unwrap();
    let report = store.check().await.unwrap();
    assert_eq!(report.findings, []);
    assert_eq!((report.people, report.channels, report.messages), (1, 1, 200));
    store.close().await;
}

#[tokio::test]
async fn the_check_names_a_damaged_page() {
    let folder = used().await;
    // Pages have 4 KiB; the last ones hold messages.
    let end = fs::read(folder.database()).unwrap().len();
    scribble(&folder, end - 4_096 * 3, &[0xEE; 4_096]);
    let report = Onlooker::open(&folder.0).unwrap().check().unwrap();
    assert!(matches!(report.findings.first(), Some(Finding::Damage(_))), "{report:?}");
    let Err(refused) = reopen(&folder) else { panic!("opened") };
    assert!(matches!(refused, OpenError::Damaged { .. }), "{refused}");
}

#[tokio::test]
async fn a_backup_is_a_store_of_its_own() {
    let folder = Folder::new();
    let store = Arc::new(reopen(&folder).unwrap());
    let world = World::over(Arc::clone(&store) as Arc<dyn Store>);
    let ada = world.person("Ada").await;
    let tea = world.channel("tea", ada).await;
    world.say(tea, ada, "saved").await;
    let saved = world.everything(tea).await;

    let copy = Folder::new();
    fs::create_dir_all(&copy.0).unwrap();
    // What an interrupted backup left does not prevent another.
    fs::write(copy.0.join("chinwag.db.partial"), "half").unwrap();
    store.backup_to(copy.database()).await.unwrap();
    world.say(tea, ada, "not saved").await;
    store.close().await;

    let names: Vec<_> =
        fs::read_dir(&copy.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, [DATABASE]);
    let world = World::open(&copy);
    assert_eq!(world.everything(tea).await, saved);
    world.say(tea, ada, "it lives").await;
    world.store.close().await;
}

#[tokio::test]
async fn a_backup_that_cannot_be_written_leaves_nothing() {
    let folder = used().await;
    let store = reopen(&folder).unwrap();
    let nowhere = folder.0.join("missing").join("copy.db");
    assert!(store.backup_to(nowhere.clone()).await.is_err());
    assert!(!nowhere.exists());
    store.close().await;
}

const CHILD: &str = "CHINWAG_TEST_ABORTING_CHILD";

/// This does nothing by itself. [`what_was_acknowledged_survives_an_abort`] runs it in a process of its
/// own, where it prints every key that was acknowledged, and aborts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn aborting_child() {
    #[expect(clippy::disallowed_methods, reason = "it is how the test calls itself")]
    let Some(data) = std::env::var_os(CHILD) else { return };
    // It is not dropped when the process dies, so the folder stays.
    let folder = Folder(PathBuf::from(data));
    let world = Arc::new(World::open(&folder));
    let ada = world.person("Ada").await;
    let tea = world.channel("tea", ada).await;
    for _ in 0..16 {
        let world = Arc::clone(&world);
        tokio::spawn(async move {
            loop {
                let new = message(tea, ada, "acknowledged");
                let key = new.key;
                if let Ok(PostOutcome::Posted(_)) = world.store.post_message(new).await {
                    println!("acknowledged {key}");
                }
            }
        });
    }
    loop {
        if world.everything(tea).await.len() >= 500 {
            std::process::abort();
        }
    }
}

#[tokio::test]
async fn what_was_acknowledged_survives_an_abort() {
    let folder = Folder::new();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "store_contract::sqlite::aborting_child", "--nocapture"])
        .env(CHILD, &folder.0)
        .stderr(Stdio::null())
        .output()
        .unwrap();
    assert!(!output.status.success(), "it was to be aborted");
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    // The last line may be cut short.
    let acknowledged: Vec<MessageKey> = lines
        .lines()
        .filter_map(|line| line.split_once("acknowledged "))
        .filter_map(|(_, key)| MessageKey::parse(key))
        .collect();
    assert!(acknowledged.len() >= 100, "{} acknowledged", acknowledged.len());

    let world = World::open(&folder);
    let channels = world.store.channels(chinwag::model::ids::UserId(1)).await.unwrap();
    let rows = world.everything(channels[0].channel.id).await;
    assert!(rows.iter().map(|row| row.number.0).eq(1..=rows.len() as i64));
    let stored: std::collections::HashSet<_> = rows.iter().map(|row| row.key).collect();
    assert_eq!(stored.len(), rows.len());
    for key in acknowledged {
        assert!(stored.contains(&key), "{key} was acknowledged and is gone");
    }
}

/// The rows of a folder of the first version are kept, counted and added up.
#[tokio::test]
async fn a_folder_of_the_first_version_is_counted_and_added_up() {
    let folder = Folder::new();
    fs::create_dir_all(&folder.0).unwrap();
    let db = rusqlite::Connection::open(folder.database()).unwrap();
    let foundation = include_str!("../../../src/store/sqlite/migrations/0001_foundation.sql");
    db.execute_batch(foundation).unwrap();
    db.execute_batch(
        "PRAGMA application_id = 1128812119; PRAGMA user_version = 1;
         INSERT INTO users VALUES (1, 'Ada', 'ada', 1, NULL, NULL, 'auto', 'auto', 1);
         INSERT INTO channels VALUES (1, 'tea', 'tea', '', 1, 1, 1, 2, 2);
         INSERT INTO members VALUES (1, 1, 1, 2);
         INSERT INTO messages VALUES (1, 1, 1, 1, 1, zeroblob(16), 1, NULL, 1, 'one');
         INSERT INTO messages VALUES (1, 2, 2, 2, 1, randomblob(16), 1, NULL, 0, 'two');
         INSERT INTO uploads VALUES (zeroblob(16), 1, 1, 'a', 30, '', NULL, NULL, 0, zeroblob(32),
                                     1, 1, 0);
         INSERT INTO uploads VALUES (randomblob(16), 1, 1, 'b', 12, '', NULL, NULL, 0,
                                     zeroblob(32), NULL, NULL, NULL);",
    )
    .unwrap();
    db.close().unwrap();

    let store = Arc::new(reopen(&folder).unwrap());
    let world = World::over(Arc::clone(&store) as Arc<dyn Store>);
    let (ada, tea) = (chinwag::model::ids::UserId(1), chinwag::model::ids::ChannelId(1));
    assert_eq!(store.stored_bytes(ada).await.unwrap(), (42, 42));
    let rows = world.everything(tea).await;
    assert_eq!(rows.iter().map(|row| row.text.as_str()).collect::<Vec<_>>(), ["one", "two"]);
    world.delete(&rows[0]).await;
    assert_eq!(store.stored_bytes(ada).await.unwrap(), (12, 12));
    world.say(tea, ada, "three").await;
    assert_eq!(store.check().await.unwrap().findings, []);
    store.close().await;
    assert_eq!(Onlooker::open(&folder.0).unwrap().check().unwrap().findings, []);
}

/// The sums follow every change of a row, also when a command is undone.
#[tokio::test]
async fn what_happens_to_rows_leaves_nothing_for_the_check_to_find() {
    let folder = Folder::new();
    for _ in 0..2 {
        let store = Arc::new(reopen(&folder).unwrap());
        let world = World::over(Arc::clone(&store) as Arc<dyn Store>);
        let (account, session) = match world.sign_up("Ada").await {
            Ok(new) => new,
            Err(_) => {
                let name = chinwag::model::names::DisplayName::parse("Ada").unwrap();
                let account = store.account_named(&name).await.unwrap().unwrap();
                let session = world.sign_in(account.user.id, super::world::session()).await;
                (account, session)
            }
        };
        let ada = account.user.id;
        let name = chinwag::model::names::ChannelName::parse("tea").unwrap();
        let tea = match store.channel_named(&name, ada).await.unwrap() {
            Some(view) => view.channel.id,
            None => world.channel("tea", ada).await,
        };
        let file = world.upload(ada, "a.png").await;
        let mut new = message(tea, ada, "look");
        new.attachments = vec![file];
        store.post_message(new).await.unwrap();
        let said = world.say(tea, ada, &"text ".repeat(2_000)).await;
        // No such person: the command fails after its row was written, and is undone.
        let nobody = chinwag::model::ids::UserId(99);
        assert!(store.join(tea, nobody, super::world::NOW).await.is_err());
        world.delete(&said).await;
        store.leave(tea, ada, NOW).await.unwrap();
        store.end_session(ada, session.id, false).await.unwrap();
        assert_eq!(store.check().await.unwrap().findings, []);
        store.close().await;
    }
}
