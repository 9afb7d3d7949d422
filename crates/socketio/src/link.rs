//! One connection as the host's code sees it: its session, its mailbox, and the task that empties it.
//!
//! The shard puts messages in; a task runs only while there are some, and hands them to the
//! protocol one by one. So the packets of a connection are handled in order, and an idle connection
//! has no task. Generic over what runs on top: Socket.IO, or bare Engine.IO.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use http::request::Parts;
use tokio::runtime::Handle;
use tokio::sync::Notify;

use crate::command::Command;
use crate::handler::Refusal;
use crate::hub::{Hub, Outlet};
use crate::id::{Address, SessionId, SocketId};
use crate::limits::Places;
use crate::sessions::Sessions;
use crate::upper::{Flow, Incoming, Upper};
use crate::{Config, DisconnectReason};

/// What runs over Engine.IO.
pub(crate) trait Protocol: Send + Sync + Sized + 'static {
    /// The host's state of a connection.
    type Session: Send + Sync + 'static;
    /// Something to handle, in order.
    type Item: Send + 'static;
    /// The protocol's own state of a connection.
    type State: Send + Default + 'static;

    fn handshake(
        &self,
        parts: &Parts,
        peer: IpAddr,
    ) -> impl Future<Output = Result<Self::Session, Refusal>> + Send;

    fn same_client(&self, session: &Self::Session, parts: &Parts) -> bool;

    /// Whether the host has let the connection in: such a one may send more at once.
    fn has_joined(link: &Link<Self>) -> bool;

    /// Takes a message on the shard's thread: must be quick. The number is what the item weighs.
    fn receive(
        link: &Arc<Link<Self>>,
        message: Incoming<'_>,
    ) -> Result<Option<(Self::Item, usize)>, DisconnectReason>;

    /// What stands in the mailbox for a socket that the shard ended.
    fn kicked(id: SocketId, reason: DisconnectReason) -> Option<Self::Item>;

    /// Handles one item.
    fn handle(link: &Arc<Link<Self>>, item: Self::Item) -> impl Future<Output = ()> + Send;

    /// The connection is over; nothing is handled after this.
    fn end(link: &Arc<Link<Self>>, reason: DisconnectReason);

    /// The connection broke: nobody waits for its answers any more. Runs on the shard's thread.
    fn cut(link: &Link<Self>);
}

/// What all connections of a server share.
pub(crate) struct Shared<P: Protocol> {
    pub protocol: P,
    pub hub: Arc<Hub>,
    pub places: Arc<Places>,
    pub runtime: Handle,
    pub closing: AtomicBool,
    pub pumps: Pumps,
    pub sessions: Sessions<Link<P>>,
}

/// The tasks that run now, so that a shutdown can wait for them.
#[derive(Default)]
pub(crate) struct Pumps {
    running: AtomicUsize,
    pub idle: Notify,
}

impl Pumps {
    pub(crate) fn are_idle(&self) -> bool {
        self.running.load(Ordering::Acquire) == 0
    }

    fn started(&self) {
        self.running.fetch_add(1, Ordering::AcqRel);
    }

    fn stopped(&self) {
        if self.running.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.idle.notify_waiters();
        }
    }
}

impl<P: Protocol> Shared<P> {
    pub(crate) fn new(protocol: P, hub: Arc<Hub>, runtime: Handle) -> Arc<Self> {
        let config = &hub.config;
        let places = Places::new(config.max_connections, config.max_connections_per_address);
        let most_polling = config.max_polling_sessions;
        Arc::new(Self {
            protocol,
            hub,
            places,
            runtime,
            closing: AtomicBool::new(false),
            pumps: Pumps::default(),
            sessions: Sessions::new(most_polling),
        })
    }

    pub(crate) fn config(&self) -> &Config {
        &self.hub.config
    }
}

/// One connection.
pub(crate) struct Link<P: Protocol> {
    pub shared: Arc<Shared<P>>,
    pub session: P::Session,
    pub sid: SessionId,
    /// Set when the shard has taken the connection in, before anything is received.
    address: OnceLock<Address>,
    /// A post is under way.
    pub is_posting: AtomicBool,
    mailbox: Mutex<Mailbox<P::Item>>,
    state: Mutex<P::State>,
}

struct Mailbox<I> {
    items: VecDeque<(I, usize)>,
    bytes: usize,
    /// A task is emptying it.
    running: bool,
    /// The shard was told to stop reading.
    paused: bool,
    /// The end, handled after the last item.
    end: Option<DisconnectReason>,
}

impl<P: Protocol> Link<P> {
    pub(crate) fn new(shared: Arc<Shared<P>>, session: P::Session, sid: SessionId) -> Arc<Self> {
        let mailbox =
            Mailbox { items: VecDeque::new(), bytes: 0, running: false, paused: false, end: None };
        Arc::new(Self {
            shared,
            session,
            sid,
            address: OnceLock::new(),
            is_posting: AtomicBool::new(false),
            mailbox: Mutex::new(mailbox),
            state: Mutex::default(),
        })
    }

    pub(crate) fn address(&self) -> Option<Address> {
        self.address.get().copied()
    }

    /// The way to this connection, once a shard has it.
    pub(crate) fn outlet(&self) -> Option<Outlet> {
        Some(Outlet { hub: Arc::clone(&self.shared.hub), at: self.address()? })
    }

    /// Asks the shard to do something with this connection.
    pub(crate) fn command(&self, command: impl FnOnce(Address) -> Command) {
        if let Some(at) = self.address() {
            self.shared.hub.to(at.shard, command(at));
        }
    }

    pub(crate) fn close(&self, reason: DisconnectReason) {
        self.command(|at| Command::Close { at, reason });
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, P::State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn mailbox(&self) -> MutexGuard<'_, Mailbox<P::Item>> {
        self.mailbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts something in and starts the task if none runs.
    fn put(self: &Arc<Self>, put: impl FnOnce(&mut Mailbox<P::Item>) -> Flow) -> Flow {
        let (flow, start) = {
            let mut mailbox = self.mailbox();
            let flow = put(&mut mailbox);
            let start = !mailbox.running;
            mailbox.running = true;
            (flow, start)
        };
        if start {
            self.shared.pumps.started();
            let running = Running { link: Arc::clone(self), begun: false };
            self.shared.runtime.spawn(pump(running));
        }
        flow
    }

    /// The next item, or the end, or `None` and the task is over.
    fn next(&self) -> Option<Next<P::Item>> {
        let mut mailbox = self.mailbox();
        let Some((item, weight)) = mailbox.items.pop_front() else {
            return match mailbox.end.take() {
                Some(reason) => Some(Next::End(reason)),
                None => {
                    mailbox.running = false;
                    mailbox.items = VecDeque::new();
                    None
                }
            };
        };
        mailbox.bytes -= weight;
        let config = self.shared.config();
        let resume = mailbox.paused
            && mailbox.items.len() <= config.mailbox / 2
            && mailbox.bytes <= config.max_payload_bytes / 2;
        if resume {
            mailbox.paused = false;
        }
        drop(mailbox);
        if resume {
            self.command(|at| Command::Resume { at });
        }
        Some(Next::Item(item))
    }
}

enum Next<I> {
    Item(I),
    End(DisconnectReason),
}

/// The right to empty a mailbox. Dropped by a panic of the handler, it ends the connection.
struct Running<P: Protocol> {
    link: Arc<Link<P>>,
    /// The task has run. One that never did was dropped with its runtime: then nothing runs any
    /// more, and starting another would drop that one too, and so on.
    begun: bool,
}

impl<P: Protocol> Drop for Running<P> {
    fn drop(&mut self) {
        if self.begun && std::thread::panicking() {
            tracing::error!("a handler panicked; its connection is closed");
            // The shard's word about the end may be here already, or still come; what is left is
            // handled in a fresh task.
            let left = {
                let mut mailbox = self.link.mailbox();
                mailbox.running = false;
                !mailbox.items.is_empty() || mailbox.end.is_some()
            };
            self.link.close(DisconnectReason::HandlerPanicked);
            if left {
                self.link.put(|_| Flow::Go);
            }
        }
        self.link.shared.pumps.stopped();
    }
}

async fn pump<P: Protocol>(mut running: Running<P>) {
    running.begun = true;
    let link = &running.link;
    while let Some(next) = link.next() {
        match next {
            Next::Item(item) => P::handle(link, item).await,
            Next::End(reason) => P::end(link, reason),
        }
    }
}

impl<P: Protocol> Upper for Link<P> {
    fn opened(&self, at: Address) {
        // A link is taken in once; a second address would be a mistake and is ignored.
        let _ = self.address.set(at);
    }

    fn message(self: Arc<Self>, message: Incoming<'_>) -> Result<Flow, DisconnectReason> {
        let Some((item, weight)) = P::receive(&self, message)? else { return Ok(Flow::Go) };
        let (most, most_bytes) =
            (self.shared.config().mailbox, self.shared.config().max_payload_bytes);
        Ok(self.put(|mailbox| {
            mailbox.items.push_back((item, weight));
            mailbox.bytes += weight;
            mailbox.paused = mailbox.items.len() >= most || mailbox.bytes >= most_bytes;
            if mailbox.paused { Flow::Full } else { Flow::Go }
        }))
    }

    fn kicked(self: Arc<Self>, id: SocketId, reason: DisconnectReason) {
        if let Some(item) = P::kicked(id, reason) {
            self.put(|mailbox| {
                mailbox.items.push_back((item, 0));
                Flow::Go
            });
        }
    }

    fn upgraded(&self) {
        self.shared.sessions.note_upgrade(self.sid);
    }

    fn closed(self: Arc<Self>, reason: DisconnectReason) {
        P::cut(&self);
        self.put(|mailbox| {
            mailbox.end = Some(reason);
            Flow::Go
        });
    }

    fn gone(&self) {
        self.shared.sessions.unlist(self.sid);
    }
}
