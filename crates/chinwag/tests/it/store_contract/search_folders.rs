//! The index for searching in the data folder of SQLite: made for a folder that has none, and checked.

use chinwag::model::ids::{ChannelId, UserId};
use chinwag::model::search::{Found, SearchQuery, Unfinished};
use chinwag::store::sqlite::{Finding, SqliteStore};
use chinwag::store::{Messages, Searching, Store};

use super::searching::asked;
use super::sqlite::{Folder, reopen};
use super::world::{NOW, World, doer, message};

const ADA: UserId = UserId(1);

async fn search(store: &SqliteStore, typed: &str) -> Found {
    search_of(store, ADA, typed).await
}

async fn search_of(store: &SqliteStore, person: UserId, typed: &str) -> Found {
    store.search(person, SearchQuery { ..asked(typed) }, Box::new(|_| ())).await.unwrap()
}

/// A folder with a person and messages, whose database was changed by these statements.
async fn folder(messages: usize, change: &str) -> Folder {
    let folder = Folder::new();
    let world = World::open(&folder);
    let ada = world.person("Ada").await;
    assert_eq!(ada, ADA);
    let (tea, talk) = (world.channel("tea", ada).await, world.channel("talk", ada).await);
    let bob = world.person("Bob").await;
    world.store.join(tea, bob, NOW).await.unwrap();
    world.store.take_out(tea, doer(ada), bob, true).await.unwrap();
    for number in 0..messages {
        let channel = if number % 3 == 0 { talk } else { tea };
        world.say(channel, ada, &format!("word {number} 时刻表")).await;
    }
    let gone = world.say(tea, ada, "word gone").await;
    world.delete(&gone).await;
    while world.store.index_some().await.unwrap() > 0 {}
    world.store.close().await;
    let db = rusqlite::Connection::open(folder.database()).unwrap();
    db.execute_batch(change).unwrap();
    // The next start adds them up again.
    db.execute("DELETE FROM sums", []).unwrap();
    folder
}

#[tokio::test]
async fn an_existing_folder_is_indexed_in_the_background_and_goes_on_after_a_stop() {
    let folder = folder(450, "UPDATE place SET search_version = 0").await;
    let store = reopen(&folder).unwrap();
    let found = search(&store, "word").await;
    assert_eq!((found.count, found.unfinished), (0, Some(Unfinished { done: 0, all: 452 })));
    // Of a channel that somebody may not come into, they are not told how many messages it has.
    let kept_out =
        search_of(&store, UserId(2), "word").await.unfinished.expect("it is not complete");
    assert_eq!(kept_out, Unfinished { done: 0, all: 150 });
    // What comes meanwhile is found at once; so is what of the old ones is changed.
    let tea = ChannelId(1);
    store.post_message(message(tea, ADA, "a new word")).await.unwrap();
    assert_eq!(search(&store, "word").await.count, 1);
    assert!(store.index_some().await.unwrap() > 0);
    let some = search(&store, "word").await;
    let left = some.unfinished.expect("there is more to do");
    assert!(some.count > 1 && left.done > 0 && left.done < left.all, "{left:?}");
    assert_eq!(store.check().await.unwrap().findings, [], "half an index is sound");
    store.close().await;
    let store = reopen(&folder).unwrap();
    assert_eq!(search(&store, "word").await.count, some.count);
    while store.index_some().await.unwrap() > 0 {}
    let found = search(&store, "word 时刻").await;
    assert_eq!((found.count, found.unfinished), (450, None));
    assert_eq!(search(&store, "word").await.count, 451);
    assert_eq!(store.check().await.unwrap().findings, []);
    store.close().await;
}

#[tokio::test]
async fn a_check_finds_what_the_index_lacks_and_what_it_should_not_have() {
    let lacks = "DELETE FROM search_rows WHERE channel_id = 1 AND number = 5";
    let extra = "INSERT INTO search_rows (id, channel_id, number) VALUES (7, 2, 1)";
    let words = "INSERT INTO search_index (rowid, body, names, tags) VALUES (9, 'x', '', 'c1 u1')";
    for (change, broken) in [(lacks, 1), (extra, 2), (words, 1)] {
        let folder = folder(20, change).await;
        let store = reopen(&folder).unwrap();
        let found = store.check().await.unwrap().findings;
        assert!(
            matches!(&found[..], [Finding::Search(channel)] if channel.0 == broken),
            "{change}: {found:?}"
        );
        store.close().await;
        chinwag::store::sqlite::reindex(folder.database().parent().unwrap()).unwrap();
        let store = reopen(&folder).unwrap();
        while store.index_some().await.unwrap() > 0 {}
        assert_eq!(store.check().await.unwrap().findings, [], "{change}");
        assert_eq!(search(&store, "word").await.count, 20);
        store.close().await;
    }
}

#[tokio::test]
async fn long_texts_go_into_and_out_of_the_index_few_at_a_time() {
    let folder = Folder::new();
    let world = World::open(&folder);
    let ada = world.person("Ada").await;
    let tea = world.channel("tea", ada).await;
    let long = format!("word {}", "一二三四五六七八九十".repeat(300));
    for _ in 0..6 {
        world.say(tea, ada, &long).await;
    }
    let mut batches = 0;
    while world.store.index_some().await.unwrap() > 0 {
        batches += 1;
    }
    assert!(batches >= 2, "{batches} batches");
    world.store.delete_channel(tea, doer(ada)).await.unwrap();
    let mut sweeps = 0;
    while world.store.sweep_deleted_channels().await.unwrap().is_some() {
        sweeps += 1;
    }
    assert!(sweeps >= 6, "{sweeps} batches");
    world.store.close().await;
    let store = reopen(&folder).unwrap();
    assert_eq!(store.check().await.unwrap().findings, []);
    store.close().await;
}
