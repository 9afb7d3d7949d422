//! Finding messages by their words: before they are indexed, and after.

use chinwag::model::channels::{ChannelKind, ChannelState};
use chinwag::model::ids::{ChannelId, UserId};
use chinwag::model::keeping::Saving;
use chinwag::model::mentions::{Called, Mention};
use chinwag::model::messages::Message;
use chinwag::model::names::ChannelName;
use chinwag::model::search::{Asked, Found, Kind, MAX_COUNT, MAX_HITS, Order, SearchQuery};
use chinwag::store::{NewChannel, NewMessage, PostOutcome};

use super::world::{Backend, NOW, World, doer, message, public, topic};

/// What somebody types.
pub fn asked(typed: &str) -> SearchQuery {
    let asked = Asked::parse(typed, |_| None).expect("it is short enough");
    SearchQuery { asked, ..SearchQuery::default() }
}

pub async fn search(world: &World, viewer: UserId, query: SearchQuery) -> Found {
    world.store.search(viewer, query, Box::new(|_| ())).await.unwrap()
}

/// The texts that are found.
async fn texts(world: &World, viewer: UserId, typed: &str) -> Vec<String> {
    let found = search(world, viewer, asked(typed)).await;
    assert_eq!((found.count, found.is_more), (found.hits.len(), false), "{typed}");
    found.hits.into_iter().map(|hit| hit.message.text).collect()
}

/// Indexes all that there is.
pub async fn index(world: &World) {
    while world.store.index_some().await.unwrap() > 0 {}
}

async fn post(world: &World, new: NewMessage) -> Message {
    match world.store.post_message(new).await.unwrap() {
        PostOutcome::Posted(message) => message,
        other => panic!("not posted: {other:?}"),
    }
}

async fn private(world: &World, name: &str, by: UserId, people: &[UserId]) -> ChannelId {
    let name = ChannelName::parse(name).unwrap();
    let state = ChannelState { kind: ChannelKind::Private, ..ChannelState::default() };
    let id = Some(ChannelId((1 << 33) + by.0));
    let new = NewChannel { id, state, people: people.to_vec(), ..public(name, topic(""), by) };
    world.store.create_channel(new).await.unwrap().channel.id
}

const SAID: [&str; 12] = [
    "The timetable of the ferry is out. See page 3.14 of `README.md`",
    "我们下周一发布新版本，请看时刻表。",
    "我們下週一發佈新版本",
    "Café ＡＢＣ １２３ Straße",
    "run `cargo test --workspace` and then\n```\nlet mut x = 5;\n```",
    "重庆火车站。出发",
    "すし を食べる がんばって",
    "안녕하세요 세계",
    "see https://example.com/path_to/page?x=1",
    "naïve résumé 🎉 party",
    "สวัสดีครับ",
    "ΑΘΗΝΑ Москва",
];

pub async fn words_are_found_in_every_script(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let tea = world.channel("tea", ada).await;
    for text in SAID {
        world.say(tea, ada, text).await;
    }
    let cases: &[(&str, &[usize])] = &[
        ("timetable", &[0]),
        ("TIME", &[0]),
        ("table", &[]),
        ("\"time\"", &[]),
        ("\"ferry is out\"", &[0]),
        ("\"is out see\"", &[]),
        ("ferry 3.14", &[0]),
        ("readme", &[0]),
        ("readme.md", &[0]),
        ("发布", &[1, 2]),
        ("發佈", &[1, 2]),
        ("新版本", &[1, 2]),
        ("版 时刻", &[1]),
        ("“请看时刻表”", &[1]),
        ("版本请看", &[]),
        ("cafe", &[3]),
        ("abc 123", &[3]),
        ("strasse", &[3]),
        ("cargo", &[4]),
        ("workspace", &[4]),
        ("mut", &[4]),
        ("重庆", &[5]),
        ("重慶", &[5]),
        ("站出", &[]),
        ("ｶﾞﾝ", &[]),
        ("がんば", &[6]),
        ("녕하", &[7]),
        ("example.com", &[8]),
        ("path_to", &[8]),
        ("resume", &[9]),
        ("🎉", &[9]),
        ("สดี", &[10]),
        ("αθηνα", &[11]),
        ("москва", &[11]),
        ("nothing", &[]),
        ("the timetable nothing", &[]),
        ("!!!", &[]),
        ("o", &[]),
    ];
    for indexed in [false, true] {
        for (typed, expected) in cases {
            if *typed == "!!!" {
                assert!(asked(typed).asked.is_empty());
                continue;
            }
            let mut found = texts(&world, ada, typed).await;
            found.sort_unstable();
            let mut wanted: Vec<&str> = expected.iter().map(|at| SAID[*at]).collect();
            wanted.sort_unstable();
            assert_eq!(found, wanted, "{typed} (indexed: {indexed})");
        }
        index(&world).await;
    }
    // Where they stand, in UTF-16.
    let found = search(&world, ada, asked("page 3.14 ferry")).await;
    let units: Vec<u16> = SAID[0].encode_utf16().collect();
    let marked: Vec<String> = found.hits[0]
        .marks
        .iter()
        .map(|mark| String::from_utf16(&units[mark.clone()]).unwrap())
        .collect();
    assert_eq!(marked, ["ferry", "page", "3.14"]);
    let any = search(&world, ada, asked("ferry 重庆 nothing")).await;
    assert_eq!((any.count, any.any), (0, Some(2)));
    let any = search(&world, ada, SearchQuery { any: true, ..asked("ferry 重庆 nothing") }).await;
    assert_eq!((any.count, any.any), (2, None));
}

pub async fn filters_narrow_it_down(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob) = (world.person("Ada").await, world.person("王小雨").await);
    let tea = world.channel("tea", ada).await;
    let talk = world.channel("设计评审", ada).await;
    let at = |day: i64| NOW.plus_ms(day * super::world::DAY_MS);
    let plain = post(&world, NewMessage { at: at(0), ..message(tea, ada, "word plain") }).await;
    let link = NewMessage { at: at(1), ..message(tea, bob, "word https://a.example") };
    post(&world, link).await;
    let picture = world.upload(bob, "ferry plan.png").await;
    let with = NewMessage { attachments: vec![picture], at: at(2), ..message(talk, bob, "word") };
    let with = post(&world, with).await;
    let calls = Mention { start: 5, length: 4, called: Called::Person(ada) };
    let mentions =
        NewMessage { mentions: vec![calls], at: at(3), ..message(talk, bob, "word @Ada") };
    post(&world, mentions).await;
    let everybody = Mention { start: 5, length: 4, called: Called::Everybody };
    let all =
        NewMessage { mentions: vec![everybody], at: at(4), ..message(talk, ada, "word @all") };
    post(&world, all).await;
    let aside = world.reply(&plain, bob, "word aside", false).await;
    world.store.save(tea, plain.number, ada, Saving::Keep, NOW).await.unwrap();
    let cases: &[(&str, &[&str])] = &[
        ("word from:王小雨 in:tea", &["word https://a.example", "word aside"]),
        ("发送人：王小雨 频道：设计评审", &["word @Ada", "word"]),
        ("from:me word", &["word @all", "word plain"]),
        ("word from:me from:\"王小雨\" in:#设计评审", &["word @all", "word @Ada", "word"]),
        ("has:link", &["word https://a.example"]),
        ("包含:图片", &["word"]),
        ("has:file word", &["word"]),
        ("ferry", &["word"]),
        ("is:saved", &["word plain"]),
        ("is:thread", &["word plain", "word aside"]),
        ("属于:话题 aside", &["word aside"]),
        ("mentions:me", &["word @Ada"]),
        ("word from:nobody", &[]),
        ("word in:nowhere", &[]),
        ("word after:2023-11-17", &["word @all", "word @Ada"]),
        ("word 之前:2023-11-16 from:王小雨", &["word https://a.example", "word aside"]),
    ];
    for indexed in [false, true] {
        for (typed, expected) in cases {
            let mut found = texts(&world, ada, typed).await;
            found.sort_unstable();
            let mut expected = expected.to_vec();
            expected.sort_unstable();
            assert_eq!(found, expected, "{typed} (indexed: {indexed})");
        }
        let files = search(&world, bob, SearchQuery { kind: Kind::Files, ..asked("plan") }).await;
        assert_eq!(files.hits.len(), 1);
        assert_eq!((files.hits[0].message.number, files.hits[0].marks.len()), (with.number, 0));
        let none = search(&world, bob, SearchQuery { kind: Kind::Files, ..asked("word") }).await;
        assert_eq!(none.count, 0);
        // Everybody is called, the others too.
        assert_eq!(texts(&world, bob, "mentions:me").await, ["word @all"]);
        index(&world).await;
    }
    let told = search(&world, ada, asked("word from:nobody from:me has:tail before:soon")).await;
    assert_eq!(told.query.unknown, ["has:tail", "before:soon", "from:nobody"]);
    assert_eq!((told.query.from, told.count), (vec![ada], 2));
    assert_eq!(search(&world, ada, asked("has:tail")).await.count, 0);
    let ids = SearchQuery { from: vec![bob], inside: vec![tea], ..asked("word from:me") };
    let told = search(&world, ada, ids).await;
    assert_eq!((told.count, told.channels[0].id, told.people[0].id), (2, tea, bob));
    assert!(told.hits.iter().any(|hit| hit.message.number == aside.number));
}

pub async fn what_one_may_not_read_is_not_found(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, bob, cid) =
        (world.person("Ada").await, world.person("Bob").await, world.person("Cid").await);
    let tea = world.channel("tea", ada).await;
    let plans = private(&world, "plans", ada, &[bob]).await;
    world.say(tea, ada, "open word").await;
    world.say(plans, ada, "secret word").await;
    for indexed in [false, true] {
        assert_eq!(texts(&world, bob, "word").await.len(), 2, "indexed: {indexed}");
        assert_eq!(texts(&world, cid, "word").await, ["open word"], "indexed: {indexed}");
        assert_eq!(texts(&world, cid, "in:plans").await, Vec::<String>::new());
        let by_id = SearchQuery { inside: vec![plans], ..asked("word") };
        let nothing = SearchQuery { inside: vec![ChannelId(plans.0 + 1)], ..asked("word") };
        let (by_id, nothing) =
            (search(&world, cid, by_id).await, search(&world, cid, nothing).await);
        assert_eq!(
            (by_id.count, by_id.channels, by_id.people),
            (0, nothing.channels, nothing.people)
        );
        index(&world).await;
    }
    // Whoever is taken out finds nothing of it any more; whoever is kept out of a public one neither.
    world.store.leave(plans, bob, NOW).await.unwrap();
    assert_eq!(texts(&world, bob, "word").await, ["open word"]);
    world.store.take_out(tea, doer(ada), cid, true).await.unwrap();
    assert_eq!(texts(&world, cid, "word").await, Vec::<String>::new());
    assert_eq!(texts(&world, ada, "word").await.len(), 2);
    // What is cleared or deleted is not found from that moment on, whatever of it is left.
    let last = world.say(tea, ada, "cleared word").await;
    index(&world).await;
    world.say(tea, ada, "later word").await;
    world.store.clear_channel(tea, doer(ada), last.number).await.unwrap();
    assert_eq!(texts(&world, bob, "word").await, ["later word"]);
    world.store.delete_channel(plans, doer(ada)).await.unwrap();
    assert_eq!(texts(&world, ada, "word").await, ["later word"]);
    while world.store.sweep_deleted_channels().await.unwrap().is_some() {}
    index(&world).await;
    assert_eq!(texts(&world, ada, "word").await, ["later word"]);
}

pub async fn edits_and_deletions_count_at_once(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let tea = world.channel("tea", ada).await;
    for indexed in [false, true] {
        let first = world.say(tea, ada, "an early word 早").await;
        let second = world.say(tea, ada, "another early word").await;
        if indexed {
            index(&world).await;
        }
        let first = world.reword(&first, "a late word 晚").await;
        assert_eq!(texts(&world, ada, "early").await, ["another early word"]);
        assert_eq!(texts(&world, ada, "早").await, Vec::<String>::new());
        assert_eq!(texts(&world, ada, "晚").await, ["a late word 晚"]);
        let first = world.reword(&first, "the last word").await;
        world.delete(&second).await;
        assert_eq!(texts(&world, ada, "word").await, ["the last word"]);
        world.delete(&first).await;
        assert_eq!(texts(&world, ada, "word").await, Vec::<String>::new());
        index(&world).await;
        assert_eq!(texts(&world, ada, "from:me").await, Vec::<String>::new());
    }
}

pub async fn hits_come_in_pages(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let (tea, talk) = (world.channel("tea", ada).await, world.channel("talk", ada).await);
    let (mut all, many) = (Vec::new(), 3 * MAX_HITS + 7);
    for number in 0..many {
        // Three of them have one time each.
        let at = NOW.plus_ms(i64::try_from(number / 3).unwrap());
        let channel = if number % 2 == 0 { tea } else { talk };
        let text =
            if number == 11 { "word and word, again a word" } else { "some word among others" };
        let said = post(&world, NewMessage { at, ..message(channel, ada, text) }).await;
        all.push((said.created_at, said.channel, said.number));
        if number == many / 2 {
            index(&world).await;
        }
    }
    all.sort_unstable();
    all.reverse();
    for order in [Order::Newest, Order::Best] {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = search(&world, ada, SearchQuery { order, after, ..asked("word") }).await;
            assert_eq!((page.count, page.is_more), (many, false));
            seen.extend(page.hits.into_iter().map(|hit| hit.message));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        if order == Order::Best {
            assert_eq!(seen[0].text, "word and word, again a word");
        }
        let mut places: Vec<_> =
            seen.iter().map(|one| (one.created_at, one.channel, one.number)).collect();
        if order == Order::Best {
            places.sort_unstable();
            places.reverse();
        }
        assert_eq!(places, all, "{order:?}");
    }
}

pub async fn hits_are_counted_up_to_a_thousand(backend: &dyn Backend) {
    let world = World::open(backend);
    let ada = world.person("Ada").await;
    let tea = world.channel("tea", ada).await;
    for _ in 0..MAX_COUNT {
        world.say(tea, ada, "word").await;
    }
    index(&world).await;
    let found = search(&world, ada, asked("word")).await;
    assert_eq!((found.count, found.is_more), (MAX_COUNT, false));
    // Whoever searches by what they saved waits for no other message.
    let first = world.say(tea, ada, "word").await;
    world.store.save(tea, first.number, ada, Saving::Keep, NOW).await.unwrap();
    for _ in 0..2 {
        let saved = search(&world, ada, asked("is:saved word")).await;
        assert_eq!((saved.count, saved.is_more), (1, false));
        let found = search(&world, ada, asked("word")).await;
        assert_eq!((found.count, found.is_more), (MAX_COUNT, true));
        let next = search(&world, ada, SearchQuery { after: found.next, ..asked("word") }).await;
        assert_eq!((next.count, next.is_more, next.hits.len()), (MAX_COUNT, true, MAX_HITS));
        index(&world).await;
    }
}

/// Of hits that one may not read there is no trace behind the last one that one may, nor in the count.
pub async fn hidden_hits_leave_no_trace_in_pages(backend: &dyn Backend) {
    let world = World::open(backend);
    let (ada, cid) = (world.person("Ada").await, world.person("Cid").await);
    let tea = world.channel("tea", ada).await;
    let plans = private(&world, "plans", ada, &[]).await;
    let at = |second: usize| NOW.plus_ms(i64::try_from(second).unwrap() * 5_000);
    for second in 0..5 {
        post(&world, NewMessage { at: at(second), ..message(plans, ada, "word") }).await;
    }
    for (from, to) in [(5, 5 + MAX_HITS), (5 + MAX_HITS, 5 + MAX_COUNT)] {
        for second in from..to {
            post(&world, NewMessage { at: at(second), ..message(tea, ada, "word") }).await;
        }
        for _ in 0..2 {
            let found = search(&world, cid, asked("word")).await;
            assert_eq!((found.count, found.is_more), (to - 5, false));
            assert_eq!(found.next.is_some(), to - 5 > MAX_HITS);
            index(&world).await;
        }
    }
    let mut after = None;
    for page in 1..=MAX_COUNT / MAX_HITS {
        let found = search(&world, cid, SearchQuery { after, ..asked("word") }).await;
        assert_eq!(found.hits.len(), MAX_HITS);
        after = found.next;
        assert_eq!(after.is_none(), page == MAX_COUNT / MAX_HITS, "page {page}");
    }
    assert!(search(&world, ada, asked("word")).await.is_more);
}
