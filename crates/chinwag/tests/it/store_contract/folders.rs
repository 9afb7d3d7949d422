//! Folders of earlier versions, kept as they were (`folders/`): each is opened, brought to the present version, and
//! found clean; what it held is there, for those who may see it.

use std::sync::Arc;

use chinwag::model::ids::{ChannelId, Number, UserId};
use chinwag::model::look_alikes::Look;
use chinwag::model::messages::PageAt;
use chinwag::model::names::DisplayName;
use chinwag::model::roles::Role;
use chinwag::store::sqlite::{DATABASE, OpenError, SqliteConfig, SqliteStore, VERSION};
use chinwag::store::{Channels, Messages, Order, Store, Users};
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

use super::world::NOW;

/// The migrations, in order.
const MIGRATIONS: [&str; 12] = [
    include_str!("../../../src/store/sqlite/migrations/0001_foundation.sql"),
    include_str!("../../../src/store/sqlite/migrations/0002_streams.sql"),
    include_str!("../../../src/store/sqlite/migrations/0003_devices.sql"),
    include_str!("../../../src/store/sqlite/migrations/0004_keeping.sql"),
    include_str!("../../../src/store/sqlite/migrations/0005_old_names.sql"),
    include_str!("../../../src/store/sqlite/migrations/0006_roles_and_kinds.sql"),
    include_str!("../../../src/store/sqlite/migrations/0007_log.sql"),
    include_str!("../../../src/store/sqlite/migrations/0008_order.sql"),
    include_str!("../../../src/store/sqlite/migrations/0009_running_channels.sql"),
    include_str!("../../../src/store/sqlite/migrations/0010_ways_in.sql"),
    include_str!("../../../src/store/sqlite/migrations/0011_direct.sql"),
    include_str!("../../../src/store/sqlite/migrations/0012_people.sql"),
];

/// A folder of that version with those rows.
fn folder(version: usize, rows: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let db = Connection::open(folder.path().join(DATABASE)).unwrap();
    db.pragma_update(None, "journal_mode", "WAL").unwrap();
    let flags = FunctionFlags::SQLITE_UTF8;
    for (name, part) in [("look_drawn", 0), ("look_folded", 1)] {
        db.create_scalar_function(name, 1, flags, move |call| {
            let look = Look::of(&call.get::<String>(0)?);
            Ok([look.drawn, look.folded][part].clone())
        })
        .unwrap();
    }
    for step in &MIGRATIONS[..version] {
        db.execute_batch(step).unwrap();
    }
    db.execute_batch(rows).unwrap();
    db.pragma_update(None, "application_id", 0x4348_4e57).unwrap();
    db.pragma_update(None, "user_version", version as i64).unwrap();
    folder
}

fn try_open(folder: &tempfile::TempDir) -> Result<SqliteStore, OpenError> {
    let config = SqliteConfig { data: folder.path().to_owned(), ..Default::default() };
    SqliteStore::open(config, Arc::new(|_| {}))
}

/// Opens a folder and finds it clean, twice: the second time it is of the present version.
async fn open(folder: &tempfile::TempDir) -> SqliteStore {
    for _ in 0..2 {
        let store = try_open(folder).unwrap();
        assert_eq!(store.check().await.unwrap().findings, []);
        store.close().await;
    }
    let db = Connection::open(folder.path().join(DATABASE)).unwrap();
    let version: i64 = db.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    assert_eq!(version, VERSION);
    drop(db);
    try_open(folder).unwrap()
}

async fn texts(store: &SqliteStore, channel: ChannelId, reader: UserId) -> Option<Vec<String>> {
    let page = store.messages(channel, reader, PageAt::Newest, 100).await.unwrap()?;
    Some(page.messages.into_iter().map(|message| message.text).collect())
}

#[tokio::test]
async fn a_folder_of_version_5_is_brought_to_this_one() {
    let folder = folder(5, include_str!("folders/0005.sql"));
    let store = open(&folder).await;
    assert_eq!(store.instance().id.as_str(), "00000000000000000000000000000005");
    let tea = ChannelId(1);
    for reader in [1, 2, 3].map(UserId) {
        let said = texts(&store, tea, reader).await.unwrap();
        assert_eq!(said, ["the kettle is on", "水开了", ""]);
        assert_eq!(store.account(reader).await.unwrap().unwrap().role(), Role::Member);
    }
    let view = store.channel(tea, UserId(1)).await.unwrap().unwrap();
    assert_eq!(view.channel.topic, "green");
    let membership = view.membership.unwrap();
    assert_eq!((membership.unread, membership.host), (1, true), "its maker, who is in it");
    let kept = store.kept_for(&DisplayName::parse("Cleo").unwrap(), NOW).await.unwrap();
    assert_eq!(kept, Some(UserId(3)));
    store.close().await;
}

#[tokio::test]
async fn a_folder_of_version_12_is_brought_to_this_one() {
    let folder = folder(12, include_str!("folders/0012.sql"));
    let store = open(&folder).await;
    let [ada, bob, cleo, dee, gus, mo] = [1, 2, 3, 4, 5, 6].map(UserId);
    let roles =
        [Role::Owner, Role::Member, Role::Member, Role::Member, Role::Guest, Role::Moderator];
    for (user, role) in [ada, bob, cleo, dee, gus, mo].into_iter().zip(roles) {
        let account = store.account(user).await.unwrap();
        assert_eq!(account.map(|account| account.role()), Some(role), "{user}");
    }
    let (tea, private, direct) =
        (ChannelId(2), ChannelId(3_510_210_765_042_002), ChannelId(3_507_400_667_543_980));
    let among = Some(vec!["among us".to_owned()]);
    for (reader, expected) in [(ada, None), (bob, among.clone()), (gus, among), (mo, None)] {
        assert_eq!(texts(&store, private, reader).await, expected, "{reader} in private");
    }
    assert_eq!(texts(&store, direct, cleo).await, Some(vec!["just us".to_owned()]));
    assert_eq!(texts(&store, direct, ada).await, None);
    assert_eq!(texts(&store, tea, dee).await, None, "is kept out");
    assert!(store.removal(tea, Number(4), bob).await.unwrap().is_some());
    store.close().await;
}

/// Whoever goes back to an earlier program is told so, and nothing is changed.
#[tokio::test]
async fn a_folder_that_a_later_version_wrote_is_refused_by_this_one() {
    let folder = folder(12, include_str!("folders/0012.sql"));
    open(&folder).await.close().await;
    let path = folder.path().join(DATABASE);
    let db = Connection::open(&path).unwrap();
    db.pragma_update(None, "user_version", VERSION + 1).unwrap();
    db.execute_batch(
        "CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT; PRAGMA wal_checkpoint(TRUNCATE)",
    )
    .unwrap();
    drop(db);
    let before = std::fs::read(&path).unwrap();
    let refused = try_open(&folder).err().unwrap();
    assert!(
        matches!(refused, OpenError::Newer { found, known, .. } if (found, known) == (VERSION + 1, VERSION))
    );
    assert_eq!(std::fs::read(&path).unwrap(), before);
}
