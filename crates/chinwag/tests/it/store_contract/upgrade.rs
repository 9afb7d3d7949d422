//! Bringing a folder of an earlier version to the present one: people, sessions and devices are kept.

use std::fs;
use std::sync::Arc;

use chinwag::model::channels::ChannelState;
use chinwag::model::ids::{ChannelId, SecretHash, UserId};
use chinwag::model::look_alikes::Look;
use chinwag::model::names::{ChannelName, DisplayName};
use chinwag::model::roles::Role;
use chinwag::model::sessions::DeviceKey;
use chinwag::store::sqlite::{DATABASE, Finding, SqliteConfig, SqliteStore};
use chinwag::store::{
    Channels, Constraint, Devices, Error, NewName, Proof, Sessions, Store, Users,
};
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

use super::world::{DAY_MS, NOW, public, session, topic};

const FOUNDATION: &str = include_str!("../../../src/store/sqlite/migrations/0001_foundation.sql");
/// What brings a folder of the first version to the one before the present.
const STEPS: [&str; 4] = [
    include_str!("../../../src/store/sqlite/migrations/0002_streams.sql"),
    include_str!("../../../src/store/sqlite/migrations/0003_devices.sql"),
    include_str!("../../../src/store/sqlite/migrations/0004_keeping.sql"),
    include_str!("../../../src/store/sqlite/migrations/0005_old_names.sql"),
];

/// A folder as a server of the first version left it: two people whose names look alike, each with a
/// device, the first one signed in.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path()).unwrap();
    let db = Connection::open(folder.path().join(DATABASE)).unwrap();
    db.pragma_update(None, "journal_mode", "WAL").unwrap();
    db.execute_batch(FOUNDATION).unwrap();
    db.execute_batch(
        "PRAGMA application_id = 0x43484e57; PRAGMA user_version = 1;
         INSERT INTO users (id, name, name_key, created_at, language, theme, enter_sends)
         VALUES (1, 'Paula', 'paula', 10, 'auto', 'auto', 0),
                (2, 'Раula', 'раula', 20, 'auto', 'auto', 0);
         INSERT INTO channels (name, name_key, topic, created_at, created_by)
         VALUES ('general', 'general', '', 30, 1);",
    )
    .unwrap();
    for user in [1_u8, 2] {
        let values = ([user; 32], user);
        db.execute("INSERT INTO devices (device, user_id) VALUES (?1, ?2)", values).unwrap();
    }
    db.execute(
        "INSERT INTO sessions (user_id, token, created_at, seen_at, expires_at, user_agent, address)
         VALUES (1, ?1, 40, 50, ?2, 'Firefox', '192.0.2.7')",
        ([9_u8; 32], NOW.0 + 1_000),
    )
    .unwrap();
    folder
}

/// The same folder as a server of the version before the present left it.
fn folder_of_the_version_before() -> tempfile::TempDir {
    let folder = folder();
    let db = Connection::open(folder.path().join(DATABASE)).unwrap();
    let flags = FunctionFlags::SQLITE_UTF8;
    db.create_scalar_function("look_drawn", 1, flags, |call| {
        Ok(Look::of(&call.get::<String>(0)?).drawn)
    })
    .unwrap();
    db.create_scalar_function("look_folded", 1, flags, |call| {
        Ok(Look::of(&call.get::<String>(0)?).folded)
    })
    .unwrap();
    for step in STEPS {
        db.execute_batch(step).unwrap();
    }
    let ids = ("a".repeat(32), "b".repeat(32));
    db.execute("INSERT INTO instance (id, epoch) VALUES (?1, ?2)", ids).unwrap();
    // Sums of the version before; the start makes them anew.
    db.execute("INSERT INTO sums VALUES ('', 0, 0, 5)", []).unwrap();
    db.pragma_update(None, "user_version", 5).unwrap();
    folder
}

fn open(folder: &tempfile::TempDir) -> SqliteStore {
    let config = SqliteConfig { data: folder.path().to_owned(), ..Default::default() };
    SqliteStore::open(config, Arc::new(|_| {})).unwrap()
}

#[tokio::test]
async fn a_folder_of_the_first_version_goes_on() {
    let folder = folder();
    let store = open(&folder);
    let (paula, other) = (UserId(1), UserId(2));
    let (token, device) = (SecretHash([9; 32]), SecretHash([1; 32]));

    let (found, account) = store.session(token, NOW).await.unwrap().unwrap();
    assert_eq!((account.user.name.as_str(), found.device), ("Paula", None));
    assert!(store.device_holds(device, paula).await.unwrap());
    assert!(store.device_holds(SecretHash([2; 32]), other).await.unwrap());
    let name = DisplayName::parse("Раula").unwrap();
    assert_eq!(store.account_named(&name).await.unwrap().unwrap().user.id, other, "goes on");
    let back = store.sign_in(other, session(), Proof::Device(SecretHash([2; 32]))).await;
    assert!(back.unwrap().is_some());

    // The looks of their names are known, so nobody else gets a name that looks like them.
    for alike in ["PauIa", "Pau1a"] {
        let refused = store.take_name(DisplayName::parse(alike).unwrap(), session()).await;
        assert!(matches!(refused, Err(Error::Conflict(Constraint::UserLook))), "{alike}");
    }

    // The session gets its device when it is used. When the session ends, the device is forgotten.
    let end = found.expires_at;
    store.touch_session(found.id, NOW, end, String::new(), Some(device)).await.unwrap();
    let listed = store.devices_of(paula, NOW).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert!(matches!(listed[0].id, DeviceKey::Kept(_)));
    assert_eq!(listed[0].sessions, [found.id]);
    assert!(store.end_session(paula, found.id, true).await.unwrap());
    assert!(!store.device_holds(device, paula).await.unwrap());

    let instance = store.instance().clone();
    store.close().await;
    let again = open(&folder);
    assert_eq!(*again.instance(), instance, "drawn once");
    again.close().await;
}

#[tokio::test]
async fn in_a_folder_of_the_version_before_makers_are_hosts_and_nobody_is_owner() {
    let folder = folder_of_the_version_before();
    let db = Connection::open(folder.path().join(DATABASE)).unwrap();
    // Paula made the first channel and is in it; of the second she is not, and Раula is in it for longer
    // than Eve.
    db.execute_batch(
        "INSERT INTO users (id, name, name_key, created_at, language, theme, enter_sends)
             VALUES (3, 'Eve', 'eve', 20, 'auto', 'auto', 0);
         INSERT INTO channels (name, name_key, topic, created_at, created_by)
             VALUES ('left', 'left', '', 30, 1);
         INSERT INTO members (channel_id, user_id, joined_at)
             VALUES (1, 1, 9), (1, 2, 1), (2, 3, 8), (2, 2, 5);
         INSERT INTO departures VALUES (1, 2, 0);
         UPDATE channels SET member_count = 2;",
    )
    .unwrap();
    drop(db);
    let store = open(&folder);
    for (channel, user, host) in [(1, 1, true), (1, 2, false), (2, 2, true), (2, 3, false)] {
        let view = store.channel(ChannelId(channel), UserId(user)).await.unwrap().unwrap();
        assert_eq!(view.membership.unwrap().host, host, "{user} in {channel}");
        assert_eq!(view.channel.state, ChannelState::default());
        let account = store.account(UserId(user)).await.unwrap().unwrap();
        assert_eq!(account.role(), Role::Member);
    }
    let name = ChannelName::parse("next").unwrap();
    let next = store.create_channel(public(name, topic(""), UserId(1))).await.unwrap();
    assert_eq!(next.channel.id, ChannelId(3), "ids go on");
    assert_eq!(store.check().await.unwrap().findings, []);
    store.close().await;
}

#[tokio::test]
async fn a_folder_of_the_version_before_goes_on_and_keeps_old_names() {
    let folder = folder_of_the_version_before();
    let store = open(&folder);
    let paula = UserId(1);
    assert_eq!(store.account(paula).await.unwrap().unwrap().user.name, "Paula");
    let rename = async |store: &SqliteStore, name: &str| {
        let name = DisplayName::parse(name).unwrap();
        let new = NewName { name, at: NOW, keep_until: NOW.plus_ms(DAY_MS) };
        store.rename(paula, new).await.unwrap().unwrap()
    };
    assert_eq!(rename(&store, "Eve").await.user.name, "Eve");
    let name = DisplayName::parse("Paula").unwrap();
    assert_eq!(store.kept_for(&name, NOW).await.unwrap(), Some(paula));
    assert_eq!(store.check().await.unwrap().findings, []);
    store.close().await;

    // A row that was changed by another hand is found: the sums cover the table.
    let db = Connection::open(folder.path().join(DATABASE)).unwrap();
    db.execute("UPDATE old_names SET ends_at = ends_at + 1", []).unwrap();
    drop(db);
    let store = open(&folder);
    let found = store.check().await.unwrap().findings;
    assert_eq!(found, [Finding::Table("old_names".to_owned())]);
    store.close().await;

    // So is a name that is kept although it is held.
    let db = Connection::open(folder.path().join(DATABASE)).unwrap();
    db.execute("UPDATE old_names SET ends_at = ends_at - 1", []).unwrap();
    db.execute_batch("UPDATE old_names SET name_key = 'eve'; DELETE FROM sums;").unwrap();
    drop(db);
    let store = open(&folder);
    assert_eq!(store.check().await.unwrap().findings, [Finding::OldName(paula)]);
    store.close().await;
}

#[tokio::test]
async fn a_session_whose_device_is_not_known_takes_every_one_that_it_may_be() {
    let folder = folder();
    let store = open(&folder);
    let paula = UserId(1);
    let (found, _) = store.session(SecretHash([9; 32]), NOW).await.unwrap().unwrap();
    let here = store.sign_in(paula, session(), Proof::Vouched).await.unwrap().unwrap();
    assert!(store.end_session(paula, found.id, true).await.unwrap());
    assert!(!store.device_holds(SecretHash([1; 32]), paula).await.unwrap());
    let left = store.devices_of(paula, NOW).await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].sessions, [here.id]);
    store.close().await;
}
