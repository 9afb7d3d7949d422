//! A link joins one connection to the host's code: the host's session, the mailbox, and the task that
//! empties the mailbox.
//!
//! The shard puts messages into the mailbox. A task runs only while there are some, and hands them
//! to the protocol one by one. So the packets of a connection are handled in order, and an idle
//! connection has no task. A link is generic over the protocol on top: Socket.IO, or bare Engine.IO.

use std::net::IpAddr;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use http::request::Parts;
use tokio::runtime::Handle;

use crate::command::Command;
use crate::hub::{Hub, Outlet};
use crate::id::{Address, SessionId, SocketId};
use crate::mailbox::{Mailbox, Next};
use crate::places::Places;
use crate::refusal::Refusal;
use crate::sessions::Sessions;
use crate::tasks::Tasks;
use crate::upper::{Flow, Incoming, Upper};
use crate::{Config, DisconnectReason};

/// A protocol over Engine.IO.
pub(crate) trait Protocol: Send + Sync + Sized + 'static {
    /// What the host keeps for a connection.
    type Session: Send + Sync + 'static;
    /// What waits in the mailbox to be handled.
    type Item: Send + 'static;
    /// What the protocol keeps for a connection.
    type State: Send + Default + 'static;

    fn handshake(
        &self,
        parts: &Parts,
        peer: IpAddr,
    ) -> impl Future<Output = Result<Self::Session, Refusal>> + Send;

    fn same_client(&self, session: &Self::Session, parts: &Parts) -> bool;

    /// Whether the host has let the connection in. Such a connection may send larger messages.
    fn has_joined(link: &Link<Self>) -> bool;

    /// Takes a message. Runs on the shard's thread and must be quick. Returns what goes into the
    /// mailbox, if anything, with its weight in bytes.
    fn receive(
        link: &Arc<Link<Self>>,
        message: Incoming<'_>,
    ) -> Result<Option<(Self::Item, usize)>, DisconnectReason>;

    /// What goes into the mailbox for a socket that the shard ended.
    fn kicked(id: SocketId, reason: DisconnectReason) -> Option<Self::Item>;

    /// Handles one item.
    fn handle(link: &Arc<Link<Self>>, item: Self::Item) -> impl Future<Output = ()> + Send;

    /// The connection is over. Nothing is handled after this.
    fn end(link: &Arc<Link<Self>>, reason: DisconnectReason);

    /// The connection broke, so that its answers will not come. Runs on the shard's thread.
    fn cut(link: &Link<Self>);
}

/// What all connections of a server share.
pub(crate) struct Shared<P: Protocol> {
    pub protocol: P,
    pub hub: Arc<Hub>,
    pub places: Arc<Places>,
    pub runtime: Handle,
    pub closing: AtomicBool,
    pub tasks: Tasks,
    pub sessions: Sessions<Link<P>>,
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
            tasks: Tasks::default(),
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

impl<P: Protocol> Link<P> {
    pub(crate) fn new(shared: Arc<Shared<P>>, session: P::Session, sid: SessionId) -> Arc<Self> {
        let config = shared.config();
        let mailbox = Mailbox::new(config.mailbox, config.max_payload_bytes);
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
    fn put<T>(self: &Arc<Self>, put: impl FnOnce(&mut Mailbox<P::Item>) -> T) -> T {
        let (result, is_idle) = {
            let mut mailbox = self.mailbox();
            (put(&mut mailbox), mailbox.begin())
        };
        if is_idle {
            self.shared.tasks.started();
            let running = Running { link: Arc::clone(self), has_begun: false };
            self.shared.runtime.spawn(empty_mailbox(running));
        }
        result
    }

    /// What is to be handled next. With `None` the task is over.
    fn next(&self) -> Option<Next<P::Item>> {
        let (next, resumes) = self.mailbox().next();
        if resumes {
            self.command(|at| Command::Resume { at });
        }
        next
    }
}

/// The right to empty a mailbox. A panic of the handler drops it, and that ends the connection.
struct Running<P: Protocol> {
    link: Arc<Link<P>>,
    /// The task has run at least once. A task that never ran was dropped together with its runtime;
    /// starting another one would drop that one too, without end.
    has_begun: bool,
}

impl<P: Protocol> Drop for Running<P> {
    fn drop(&mut self) {
        if self.has_begun && std::thread::panicking() {
            tracing::error!("a handler panicked; its connection is closed");
            // The end may be in the mailbox already, or come later. A new task handles what is left.
            let is_empty = self.link.mailbox().stop();
            self.link.close(DisconnectReason::HandlerPanicked);
            if !is_empty {
                self.link.put(|_| ());
            }
        }
        self.link.shared.tasks.ended();
    }
}

async fn empty_mailbox<P: Protocol>(mut running: Running<P>) {
    running.has_begun = true;
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
        let is_full = self.put(|mailbox| mailbox.push(item, weight));
        Ok(if is_full { Flow::Full } else { Flow::Go })
    }

    fn kicked(self: Arc<Self>, id: SocketId, reason: DisconnectReason) {
        if let Some(item) = P::kicked(id, reason) {
            self.put(|mailbox| mailbox.push_free(item));
        }
    }

    fn upgraded(&self) {
        self.shared.sessions.note_upgrade(self.sid);
    }

    fn closed(self: Arc<Self>, reason: DisconnectReason) {
        P::cut(&self);
        self.put(|mailbox| mailbox.push_end(reason));
    }

    fn gone(&self) {
        self.shared.sessions.unlist(self.sid);
    }
}
