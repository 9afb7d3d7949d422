//! Ids: of a session (secret), of a socket (public), and the address of a connection in its shard.
//!
//! A socket id carries the address of its connection, hidden under a key of the process, so that a
//! message to one socket needs no table.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Where a connection is: a slot of a shard, and which of the connections that have had the slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub shard: u8,
    pub slot: u32,
    pub generation: u32,
}

/// The public name of one socket, that is of a connection's membership in a namespace.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SocketId([u8; 15]);

/// Text that is not a socket id of any server.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("not a socket id")]
pub struct InvalidSocketId;

impl SocketId {
    /// A fresh id for a socket of the connection at this address.
    pub(crate) fn new(key: [u8; 5], address: Address) -> std::io::Result<Self> {
        let mut id = [0; 15];
        getrandom::fill(&mut id[5..]).map_err(std::io::Error::other)?;
        id[0] = address.shard;
        id[1..5].copy_from_slice(&address.slot.to_be_bytes());
        id.iter_mut().zip(key).for_each(|(byte, mask)| *byte ^= mask);
        Ok(Self(id))
    }

    /// The shard and slot that this id claims. The shard must check that the socket is there.
    pub(crate) fn location(self, key: [u8; 5]) -> (u8, u32) {
        let plain: [u8; 5] = std::array::from_fn(|i| self.0[i] ^ key[i]);
        (plain[0], u32::from_be_bytes([plain[1], plain[2], plain[3], plain[4]]))
    }
}

impl fmt::Display for SocketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for SocketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SocketId({self})")
    }
}

impl FromStr for SocketId {
    type Err = InvalidSocketId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidSocketId)?;
        bytes.try_into().map(Self).map_err(|_| InvalidSocketId)
    }
}

/// The secret name of a session, which a polling client repeats in every request.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct SessionId([u8; 15]);

impl SessionId {
    /// A fresh id that nobody can guess.
    pub(crate) fn new() -> std::io::Result<Self> {
        let mut id = [0; 15];
        getrandom::fill(&mut id).map_err(std::io::Error::other)?;
        Ok(Self(id))
    }

    /// Reads an id as the client sent it.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().map(Self).ok()
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_id_round_trips_and_names_its_location() {
        let key = [9, 8, 7, 6, 5];
        let address = Address { shard: 3, slot: 70_000, generation: 1 };
        let id = SocketId::new(key, address).expect("randomness");
        assert_eq!(id.location(key), (3, 70_000));
        assert_eq!(id.to_string().parse::<SocketId>().expect("own text"), id);
        assert!("short".parse::<SocketId>().is_err());
    }
}
