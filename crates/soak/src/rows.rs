//! What the messages of a channel say of each other: threads under their roots, the run past the replies, and
//! quotes of their originals. And what is unread, by the rules that count it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::copy::integer;
use crate::own::{At, Fresh};

/// The most people whom a root shows.
const FACES: usize = 4;
/// How much of its original a quote shows, in characters.
const BEGINNING: usize = 200;
/// A count ends here.
const MANY: i64 = 1000;

/// Whether a message is in the channel's run.
pub(crate) fn in_run(message: &Value) -> bool {
    message["root"].is_null() || message["also"] == true
}

fn stands(message: &Value) -> bool {
    message["deleted_at"].is_null()
}

/// What is wrong among the messages of one channel; ascending by number, all of them.
pub(crate) fn faults(messages: &[Value]) -> Vec<String> {
    let mut faults = Vec::new();
    let by_number: BTreeMap<i64, &Value> =
        messages.iter().map(|message| (integer(&message["number"]), message)).collect();
    let mut threads: BTreeMap<i64, Vec<&Value>> = BTreeMap::new();
    let mut previous = 0;
    for message in messages {
        let number = integer(&message["number"]);
        if let Some(root) = message["root"].as_i64() {
            threads.entry(root).or_default().push(message);
        }
        if in_run(message) {
            let told = message["previous"].as_i64().unwrap_or(number - 1);
            if told != previous {
                faults.push(format!("{previous} comes before {message}"));
            }
            previous = number;
        }
        if let Some(quoted) = message["quote"]["number"].as_i64() {
            let original = by_number.get(&quoted).copied().unwrap_or(&Value::Null);
            if !shows(&message["quote"]["original"], original) {
                faults.push(format!("{message} quotes {original}"));
            }
        }
    }
    for message in messages {
        let replies = threads.remove(&integer(&message["number"])).unwrap_or_default();
        let (told, wanted) = (&message["thread"], thread(message, &replies));
        let same = |name: &str| told[name] == wanted[name];
        // Of a thread whose replies are all deleted, the time says nothing.
        let dated = wanted["replies"] == 0 || same("last_at");
        let faces: Vec<&Value> =
            told["faces"].as_array().into_iter().flatten().map(|face| &face["id"]).collect();
        let same_faces = wanted["faces"] == json!(faces);
        let agrees = same("replies") && same("last_number") && dated && same_faces;
        if wanted.is_null() != told.is_null() || (!told.is_null() && !agrees) {
            faults.push(format!("the thread of {message} is to be {wanted}"));
        }
    }
    if let Some((root, replies)) = threads.first_key_value() {
        faults.push(format!("{} replies to {root}, which is not there", replies.len()));
    }
    faults
}

/// Whether a quote shows its original in its present form.
fn shows(told: &Value, original: &Value) -> bool {
    let beginning: String =
        original["text"].as_str().unwrap_or_default().chars().take(BEGINNING).collect();
    told["beginning"] == beginning.as_str()
        && told["author"]["id"] == original["author"]["id"]
        && told["edits"].as_i64() == Some(original["edits"].as_i64().unwrap_or(0))
        && told["deleted_at"] == original["deleted_at"]
}

/// What has to stand under a message with these replies.
fn thread(root: &Value, replies: &[&Value]) -> Value {
    if replies.is_empty() {
        return Value::Null;
    }
    let standing: Vec<&Value> = replies.iter().copied().filter(|reply| stands(reply)).collect();
    let newest = standing.last().copied();
    let mut faces: Vec<&Value> = Vec::new();
    for author in standing.iter().rev().map(|reply| &reply["author"]["id"]) {
        if faces.len() < FACES && !faces.contains(&author) {
            faces.push(author);
        }
    }
    json!({
        "replies": standing.len(),
        "last_number": newest.unwrap_or(root)["number"],
        "last_at": newest.unwrap_or(root)["created_at"],
        "faces": faces,
    })
}

/// Which threads somebody has to follow who never chose: those that they began or replied in.
pub(crate) fn taken_part(me: i64, stored: &[Value]) -> BTreeSet<At> {
    let mut threads = BTreeSet::new();
    for message in stored {
        let (channel, by_me) = (integer(&message["channel"]), message["author"]["id"] == me);
        if let Some(root) = message["root"].as_i64().filter(|_| by_me) {
            threads.insert((channel, root));
        } else if by_me && !message["thread"].is_null() {
            threads.insert((channel, integer(&message["number"])));
        }
    }
    threads
}

/// What somebody is told to have unread, and has not, or the other way round. `stored` is every message of the
/// channels that `fresh` may be about.
pub(crate) fn count_faults(me: i64, fresh: &Fresh, stored: &[Value]) -> Vec<String> {
    let mut faults = Vec::new();
    let counted = |is_part: &dyn Fn(&Value) -> bool, mark: i64| {
        let unread = stored.iter().filter(|message| {
            let others = message["author"]["id"] != me && stands(message);
            is_part(message) && integer(&message["number"]) > mark && others
        });
        (unread.count() as i64).min(MANY)
    };
    for (channel, seat) in &fresh.own.seats {
        let wanted = counted(&|row| row["channel"] == *channel && in_run(row), seat.number);
        let told = fresh.in_channels.get(channel);
        if told != Some(&wanted) {
            faults.push(format!("{me} has {wanted} unread in {channel}, and is told {told:?}"));
        }
    }
    for (thread, stand) in &fresh.own.threads {
        let (channel, number) = *thread;
        let is_reply =
            |row: &Value| row["channel"] == channel && row["root"] == number && !in_run(row);
        let wanted = counted(&is_reply, stand.number);
        let told = fresh.in_threads.get(thread);
        if told != Some(&wanted) {
            faults.push(format!("{me} has {wanted} unread in {thread:?}, and is told {told:?}"));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A message by person 1, with other fields besides.
    fn message(number: i64, others: Value) -> Value {
        let mut message = json!({
            "channel": 7, "number": number, "author": { "id": 1 }, "text": format!("text {number}"),
            "created_at": format!("at {number}"), "deleted_at": null,
        });
        let fields = message.as_object_mut().unwrap();
        fields.extend(others.as_object().unwrap().clone());
        message
    }

    /// A root, two replies of which the last is in the run too, and a quote of the root.
    fn channel() -> Vec<Value> {
        let thread = json!({
            "replies": 2, "last_number": 3, "last_at": "at 3", "faces": [{ "id": 1 }],
        });
        let original = json!({
            "beginning": "text 1", "author": { "id": 1 }, "edits": 0,
        });
        vec![
            message(1, json!({ "thread": thread })),
            message(2, json!({ "root": 1 })),
            message(3, json!({ "root": 1, "also": true, "previous": 1 })),
            message(4, json!({ "quote": { "number": 1, "original": original } })),
        ]
    }

    #[test]
    fn what_messages_say_of_each_other_is_held_against_the_messages() {
        assert_eq!(faults(&channel()), Vec::<String>::new());
        for (at, pointer, wrong) in [
            (0, "/thread/replies", json!(3)),
            (0, "/thread/last_number", json!(2)),
            (0, "/thread/last_at", json!("at 2")),
            (0, "/thread/faces/0/id", json!(2)),
            (2, "/previous", json!(2)),
            (3, "/quote/original/beginning", json!("text")),
        ] {
            let mut rows = channel();
            *rows[at].pointer_mut(pointer).unwrap() = wrong;
            assert_eq!(faults(&rows).len(), 1, "{pointer}");
        }
        let mut rows = channel();
        rows[1]["deleted_at"] = json!("then");
        assert_eq!(faults(&rows).len(), 1, "it is counted no more");
    }

    #[test]
    fn what_is_unread_is_counted_by_the_rules() {
        let seat = crate::own::Seat { number: 1, step: 1, level: "all".to_owned() };
        let stand = crate::own::Stand { following: true, number: 1, step: 1 };
        let own = crate::own::Own {
            revision: 1,
            seats: [(7, seat)].into(),
            threads: [((7, 1), stand)].into(),
            saved: BTreeMap::new(),
        };
        let fresh = |in_channel: i64, in_thread: i64| Fresh {
            own: own.clone(),
            in_channels: [(7, in_channel)].into(),
            in_threads: [((7, 1), in_thread)].into(),
        };
        let count = |me, in_channel, in_thread| {
            count_faults(me, &fresh(in_channel, in_thread), &channel()).len()
        };
        assert_eq!(count(2, 2, 1), 0);
        assert_eq!(count(2, 3, 0), 2);
        assert_eq!(count(1, 0, 0), 0, "one's own do not count");
        assert_eq!(taken_part(1, &channel()), [(7, 1)].into());
        assert!(taken_part(2, &channel()).is_empty());
    }
}
