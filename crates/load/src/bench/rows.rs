//! Every row of the table, with its budget.

/// A bound.
#[derive(Debug, Clone, Copy)]
pub(super) enum Limit {
    /// Not above.
    AtMost(f64),
    /// Not below.
    AtLeast(f64),
    /// Shown for comparison.
    None,
}

impl Limit {
    /// Whether `figure` is within the bound.
    pub(super) fn holds(self, figure: f64) -> bool {
        match self {
            Self::AtMost(limit) => figure <= limit,
            Self::AtLeast(limit) => figure >= limit,
            Self::None => true,
        }
    }
}

/// One row of the table.
#[derive(Debug)]
pub(super) struct Budget {
    /// The name by which sections add its figures.
    pub key: &'static str,
    /// The text in the table.
    pub what: &'static str,
    /// The budget.
    pub limit: Limit,
    /// The unit of the figure.
    pub unit: &'static str,
}

const fn row(key: &'static str, what: &'static str, limit: Limit, unit: &'static str) -> Budget {
    Budget { key, what, limit, unit }
}

/// Every row, in the order of the table.
#[rustfmt::skip]
pub(super) const BUDGETS: &[Budget] = &[
    row("floor.1000", "floor, 1,000 connections, one message at a time", Limit::None, "CPU s/million"),
    row("w1.1000", "fan-out to 1,000, one message at a time", Limit::AtMost(1.2), "x floor"),
    row("w1.1000.cpu", "  the same", Limit::None, "CPU s/million"),
    row("w1.1000.last", "  p99 to the last of them", Limit::None, "ms"),
    row("w16.1000", "fan-out to 1,000, 16 messages in flight", Limit::AtMost(0.2), "x floor"),
    row("r200.ratio", "200 messages/s to 1,000", Limit::AtMost(0.35), "x floor"),
    row("r200.p99", "  p99 to each of them", Limit::AtMost(50.0), "ms"),
    row("r200.cores", "  cores that the server keeps busy", Limit::AtMost(0.5), "cores"),
    row("r10.1000.last", "10 messages/s to 1,000 for a minute: p99 to the last", Limit::None, "ms"),
    row("r50.1000.last", "50 messages/s to 1,000 for a minute: p99 to the last", Limit::None, "ms"),
    row("r50.1000.cores", "  cores that the server keeps busy", Limit::None, "cores"),
    row("stuck.p99", "1,000 readers beside ten that stopped reading: their p99, against without the ten", Limit::AtMost(1.5), "x"),
    row("stuck.alone", "  p99 without", Limit::None, "ms"),
    row("stuck.left", "  of the ten, still connected at the end", Limit::AtMost(0.0), "people"),
    row("floor.10000", "floor, 10,000 connections, one message at a time", Limit::None, "CPU s/million"),
    row("w1.10000", "fan-out to 10,000, one message at a time", Limit::AtMost(1.2), "x floor"),
    row("w1.10000.cpu", "  the same", Limit::None, "CPU s/million"),
    row("w1.10000.last", "  p99 to the last of them", Limit::None, "ms"),
    row("w16.10000", "fan-out to 10,000, 16 messages in flight", Limit::AtMost(0.2), "x floor"),
    row("memory.idle", "resident memory per idle signed-in connection (10,000)", Limit::AtMost(4.0), "kB"),
    row("idle.cores", "  processor for their heartbeats", Limit::AtMost(0.01), "cores"),
    row("connect.10000", "  time until all of them hear events", Limit::None, "s"),
    row("crowded.p99", "10,000 in one channel, 10 messages/s, one machine: p99 to the last", Limit::AtMost(1000.0), "ms"),
    row("crowded.lost", "  lost, doubled, reordered or refused", Limit::AtMost(0.0), "deliveries"),
    row("crowded.cores", "  cores that the server keeps busy", Limit::None, "cores"),
    row("crowded.memory", "  server's memory", Limit::None, "MB"),
    row("crowded50.p99", "the same with 50 messages/s: p99 to the last", Limit::None, "ms"),
    row("crowded50.lost", "  lost, doubled, reordered or refused", Limit::AtMost(0.0), "deliveries"),
    row("crowded50.cores", "  cores that the server keeps busy", Limit::None, "cores"),
    row("channels.ratio", "10,000 in 500 channels of 20, 500 messages/s: a delivery, against one channel of all at as many deliveries/s", Limit::AtMost(1.5), "x"),
    row("channels.delivery", "  the same without keeping the messages", Limit::None, "x"),
    row("channels.cpu", "  a delivery, everything included", Limit::None, "CPU s/million"),
    row("channels.posts", "  of which keeping the messages, by the same posts with nobody listening", Limit::None, "CPU s/million"),
    row("channels.cores", "  cores that the server keeps busy", Limit::None, "cores"),
    row("channels.last", "  p99 to the last of the 20", Limit::None, "ms"),
    row("presence.memory", "resident memory per signed-in connection whose person is here (10,000)", Limit::AtMost(4.0), "kB"),
    row("presence.list", "  for a list of 240 watched people besides", Limit::AtMost(1.0), "kB"),
    row("presence.idle", "  processor for their heartbeats, more than without presence", Limit::AtMost(0.01), "cores"),
    row("presence.p99", "200 of 10,000 come or go each second, each watched by 240: p99 of messages to all, against without", Limit::AtMost(1.5), "x"),
    row("presence.alone", "  p99 without", Limit::None, "ms"),
    row("presence.cores", "  cores that the server keeps busy for it", Limit::None, "cores"),
    row("herd.last", "10,000 come back after a restart: until the last is current", Limit::AtMost(10.0), "s"),
    row("herd.refused", "  refused, never back, or deaf after it", Limit::AtMost(0.0), "people"),
    row("herd.cpu", "  server's processor time for it", Limit::None, "CPU s"),
    row("herd.peak", "  server's memory at its most", Limit::None, "MB"),
    row("herd.down", "  server gone, from SIGTERM to its first answer", Limit::None, "ms"),
    row("faults", "faults in all other fan-outs", Limit::AtMost(0.0), "deliveries"),
    row("sends.64", "durable sends over HTTP, 64 in flight", Limit::AtLeast(8000.0), "/s"),
    row("sends.64.p50", "  p50 to the acknowledgement", Limit::None, "ms"),
    row("sends.64.p99", "  p99", Limit::None, "ms"),
    row("sends.gain", "  against the store with one transaction per message", Limit::AtLeast(4.0), "x"),
    row("sends.512", "durable sends over HTTP, 512 in flight", Limit::None, "/s"),
    row("sends.512.p50", "  p50 to the acknowledgement", Limit::None, "ms"),
    row("sends.512.p99", "  p99", Limit::None, "ms"),
    row("sends.1", "durable sends over HTTP, one in flight", Limit::None, "/s"),
    row("sends.1.p50", "  p50 to the acknowledgement", Limit::None, "ms"),
    row("sends.1.p99", "  p99", Limit::None, "ms"),
    row("disk.append", "one fdatasync after appending 4 kB: p50", Limit::None, "ms"),
    row("sends.1.disk", "  a single send against it", Limit::None, "x"),
    row("store.inserts", "the store alone, 50 in flight", Limit::AtLeast(30_000.0), "/s"),
    row("store.random", "  with random keys", Limit::None, "/s"),
    row("store.single", "the store alone, one in flight: one transaction per message", Limit::None, "/s"),
    row("search.newest", "a search among 1 million messages (quick: 100,000), first page, newest first: p50", Limit::None, "ms"),
    row("search.newest.p95", "  p95", Limit::AtMost(20.0), "ms"),
    row("search.best", "  best first: p50", Limit::None, "ms"),
    row("search.best.p95", "  p95", Limit::None, "ms"),
    row("search.missed", "  hits that a plain scan finds and the index does not, or the other way round", Limit::AtMost(0.0), "hits"),
    row("search.index.size", "  the index, against the text", Limit::AtMost(1.5), "x"),
    row("search.index.rate", "  indexing an existing folder", Limit::None, "/s"),
    row("talk.edits", "edits by the store alone, 50 in flight", Limit::None, "/s"),
    row("talk.storm", "reactions put and taken back by the store alone, 50 in flight on three messages", Limit::None, "/s"),
    row("talk.page", "newest 100 with five kinds of reactions each: p50", Limit::None, "ms"),
    row("talk.page.plain", "  without reactions", Limit::None, "ms"),
    row("newest.10k", "newest 100 of a channel among 10,000 messages: p50", Limit::None, "ms"),
    row("newest.1m", "  among 1,000,000", Limit::AtMost(0.2), "ms"),
    row("newest.10m", "  among 10,000,000", Limit::AtMost(0.5), "ms"),
    row("before.10k", "100 before a message among 10,000: p50", Limit::None, "ms"),
    row("before.1m", "  among 1,000,000", Limit::None, "ms"),
    row("before.10m", "  among 10,000,000", Limit::None, "ms"),
    row("middle.10k", "opening a message in the middle of a channel among 10,000: p50", Limit::None, "ms"),
    row("middle.1m", "  among 1,000,000", Limit::AtMost(0.2), "ms"),
    row("middle.10m", "  among 10,000,000", Limit::None, "ms"),
    row("changes.10k", "50 new and 20 deleted since a revision among 10,000: p50", Limit::None, "ms"),
    row("changes.1m", "  among 1,000,000", Limit::None, "ms"),
    row("changes.10m", "  among 10,000,000", Limit::None, "ms"),
    row("list.10k", "list of 1,000 channels among 10,000 messages: p50", Limit::None, "ms"),
    row("list.1m", "  among 1,000,000", Limit::None, "ms"),
    row("list.10m", "  among 10,000,000", Limit::None, "ms"),
    row("places.list", "list of one's own places, in 1,000 of 5,000 channels and 300 direct conversations: p50", Limit::AtMost(3.0), "ms"),
    row("places.directory", "  a page of the directory of 5,000", Limit::None, "ms"),
    row("places.find", "  a page of those with a few letters", Limit::None, "ms"),
    row("threads.plain", "newest 100 of one channel of 1,000,000 messages: p50", Limit::None, "ms"),
    row("threads.newest", "  with a thread of 100,000 replies between the two newest", Limit::AtMost(0.2), "ms"),
    row("threads.page", "  newest 100 of that thread", Limit::AtMost(0.5), "ms"),
    row("threads.reply", "  a reply in it by the store alone, 50 in flight, against a message", Limit::AtMost(2.0), "x"),
    row("threads.list", "list of threads of somebody who follows 2,000: p50", Limit::None, "ms"),
    row("texts.marked", "server: marks, addresses and channels in 10,000 characters, made to keep it busy: the worst", Limit::AtMost(15.0), "ms"),
    row("texts.called", "  whom they call, among people whose names begin each other: the worst", Limit::AtMost(15.0), "ms"),
    row("reading.growth", "the most that one of these reads grows from 1,000,000 to 10,000,000", Limit::AtMost(1.5), "x"),
    row("reading.growth.small", "  from 10,000 to 10,000,000", Limit::None, "x"),
    row("page.cpu", "HTML page of a channel: server's processor time", Limit::AtMost(3.0), "ms"),
    row("files.up", "a file of 1 GB up: growth of the server's memory at its most", Limit::AtMost(16.0), "MB"),
    row("files.up.rate", "  speed", Limit::None, "MB/s"),
    row("files.down", "the same file down: growth at its most", Limit::AtMost(16.0), "MB"),
    row("files.down.rate", "  speed", Limit::None, "MB/s"),
    row("memory.rest", "server at rest, empty: resident memory", Limit::AtMost(30.0), "MB"),
    row("rest.wakes", "  wake-ups, all threads", Limit::AtMost(5.0), "/s"),
    row("start", "start to first answer", Limit::AtMost(200.0), "ms"),
    row("start.full", "  on a folder of 1 GB", Limit::AtMost(200.0), "ms"),
    row("size.script", "web app script before the first message, brotli", Limit::AtMost(90.0), "kB"),
    row("web.first", "first message painted, 4x slowed processor, Fast 3G, cold", Limit::AtMost(1000.0), "ms"),
    row("web.first.html", "  of which until the HTML is there", Limit::None, "ms"),
    row("web.frames.p50", "scrolling up a channel of 100,000: frame every, p50", Limit::AtMost(17.0), "ms"),
    row("web.frames.p95", "  p95", Limit::AtMost(20.0), "ms"),
    row("web.frames.p99", "  p99", Limit::None, "ms"),
    row("web.arrival", "main thread for an arriving message, at 20/s", Limit::AtMost(4.0), "ms"),
    row("web.worst", "30 of the longest messages, made to freeze a reader, shown: the worst kind", Limit::AtMost(1000.0), "ms"),
    row("web.memory", "script memory after 50,000 arrived, against after 5,000", Limit::AtMost(1.1), "x"),
    row("size.binary", "release binary", Limit::AtMost(25.0), "MB"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_rows_share_a_key() {
        let keys: std::collections::BTreeSet<_> = BUDGETS.iter().map(|budget| budget.key).collect();
        assert_eq!(keys.len(), BUDGETS.len());
    }
}
