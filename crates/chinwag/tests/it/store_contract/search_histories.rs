//! Random histories of texts in several scripts, searched for random parts of them and compared with a plain scan of
//! the same folded texts, which knows nothing of tokens.

use caseless::Caseless;
use chinwag::model::ids::{ChannelId, UserId};
use chinwag::model::search::{MAX_COUNT, SearchQuery};
use unicode_normalization::UnicodeNormalization;

use super::searching::{asked, index, search};
use super::world::{Backend, World, doer};

const HISTORIES: u64 = 4;
const STEPS: usize = 160;
const QUERIES: usize = 60;
/// Few characters, so that parts come again.
const HAN: &str = "我们今天发布新版本请看时刻表重庆设计评审會議記錄";
const LATIN: [&str; 10] =
    ["ferry", "Ferries", "time", "timetable", "the", "Café", "ａｂｃ", "v2", "tests", "test"];
const BETWEEN: [&str; 8] = [" ", " ", " ", "，", "。", "\n", " `", "` "];

/// The same numbers for the same seed (`SplitMix64`).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((bits ^ (bits >> 31)) % end as u64).unwrap()
    }

    fn of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }

    fn han(&mut self, long: usize) -> String {
        let all: Vec<char> = HAN.chars().collect();
        (0..long).map(|_| all[self.below(all.len())]).collect()
    }

    fn text(&mut self) -> String {
        let mut text = String::from("x");
        for _ in 0..=self.below(6) {
            text.push_str(self.of(&BETWEEN));
            if self.below(2) == 0 {
                let long = 1 + self.below(7);
                text.push_str(&self.han(long));
            } else {
                text.push_str(self.of(&LATIN));
            }
        }
        text
    }
}

/// A text as the plain scan compares it: folded, with marks of sentences as one sign, in spaces.
fn plain(text: &str) -> String {
    let simple = |c: char| match c {
        '會' => '会',
        '議' => '议',
        '記' => '记',
        '錄' => '录',
        c => c,
    };
    let folded: String =
        text.nfkd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).map(simple).collect();
    let folded: String = folded.chars().default_case_fold().nfc().collect();
    let mut told = String::from(" ");
    for c in folded.chars() {
        match c {
            ',' | '。' | '\n' => told.push('|'),
            '`' => told.push(' '),
            c => told.push(c),
        }
    }
    told.push(' ');
    // Spaces between Chinese characters part no words.
    let signs: Vec<char> = told.chars().collect();
    let is_apart = |at: usize| {
        let before = signs[..at].iter().rev().find(|c| **c != ' ');
        let behind = signs[at..].iter().find(|c| **c != ' ');
        signs[at] != ' ' || ![before, behind].iter().all(|c| c.is_some_and(|c| is_han(*c)))
    };
    (0..signs.len()).filter(|at| is_apart(*at)).map(|at| signs[at]).collect()
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Whether a word is found: Chinese anywhere, others where a word begins.
fn has(text: &str, word: &str) -> bool {
    let word = plain(word);
    let word = word.trim();
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back().unwrap();
        word.starts_with(is_han) || !before.is_alphanumeric() || is_han(before)
    })
}

struct Stage {
    world: World,
    people: Vec<UserId>,
    channels: Vec<ChannelId>,
    /// What stands: where, which number, and what it says.
    stand: Vec<(chinwag::model::messages::Message, String)>,
}

pub async fn everything_is_found_that_a_plain_scan_finds(backend: &dyn Backend) {
    let world = World::open(backend);
    let fresh = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().subsec_nanos();
    let mut people = Vec::new();
    for name in ["Ada", "Bob"] {
        people.push(world.person(name).await);
    }
    let mut channels = Vec::new();
    for name in ["tea", "talk", "plans"] {
        channels.push(world.channel(name, people[0]).await);
    }
    let mut stage = Stage { world, people, channels, stand: Vec::new() };
    for history in 0..HISTORIES {
        let seed = u64::from(fresh) << 8 | history;
        let mut chance = Chance(seed);
        for _ in 0..STEPS {
            stage.step(&mut chance).await;
        }
        for _ in 0..QUERIES {
            stage.look(&mut chance, seed).await;
        }
        index(&stage.world).await;
        for _ in 0..QUERIES {
            stage.look(&mut chance, seed).await;
        }
    }
}

impl Stage {
    async fn step(&mut self, chance: &mut Chance) {
        let some = (!self.stand.is_empty()).then(|| chance.below(self.stand.len().max(1)));
        match (chance.below(12), some) {
            (0, Some(at)) => {
                let (message, _) = self.stand.swap_remove(at);
                self.world.delete(&message).await;
            }
            (1 | 2, Some(at)) => {
                let text = chance.text();
                let message = self.world.reword(&self.stand[at].0, &text).await;
                let said = plain(&message.text);
                self.stand[at] = (message, said);
            }
            (3, _) => {
                self.world.store.index_some().await.unwrap();
            }
            (4, Some(at)) if chance.below(20) == 0 => {
                let (channel, number) = (self.stand[at].0.channel, self.stand[at].0.number);
                let by = doer(self.people[0]);
                self.world.store.clear_channel(channel, by, number).await.unwrap();
                self.stand.retain(|(said, _)| said.channel != channel || said.number > number);
                if chance.below(2) == 0 {
                    while self.world.store.sweep_deleted_channels().await.unwrap().is_some() {}
                }
            }
            _ => {
                let channel = self.channels[chance.below(self.channels.len())];
                let author = self.people[chance.below(self.people.len())];
                let message = self.world.say(channel, author, &chance.text()).await;
                let said = plain(&message.text);
                self.stand.push((message, said));
            }
        }
    }

    async fn look(&self, chance: &mut Chance, seed: u64) {
        let mut words = Vec::new();
        for _ in 0..=chance.below(2) {
            let long = 1 + chance.below(3);
            words.push(match chance.below(3) {
                0 => chance.of(&LATIN).to_owned(),
                1 => chance.of(&LATIN).chars().take(2).collect(),
                _ => chance.han(long),
            });
        }
        let typed = words.join(" ");
        let mut expected: Vec<_> = self
            .stand
            .iter()
            .filter(|(_, said)| words.iter().all(|word| has(said, word)))
            .map(|(said, _)| (said.channel, said.number))
            .collect();
        expected.sort_unstable();
        let mut found = Vec::new();
        let mut after = None;
        loop {
            let page =
                search(&self.world, self.people[1], SearchQuery { after, ..asked(&typed) }).await;
            assert_eq!(page.count, expected.len().min(MAX_COUNT), "{typed} (seed {seed})");
            found
                .extend(page.hits.into_iter().map(|hit| (hit.message.channel, hit.message.number)));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        found.sort_unstable();
        assert_eq!(found, expected, "{typed} (seed {seed})");
    }
}
