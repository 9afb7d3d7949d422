//! Timers of a connection: pings, their timeouts, and the limit for joining, closing and upgrading.
//! The rate at which a connection may send is here too, because it is measured in the same ticks.

use std::time::{Duration, Instant};

use crate::{Config, DisconnectReason};

use super::connection::{NONE, Phase, Timers};
use super::state::Shard;

impl Shard {
    /// The tick of this moment.
    pub(super) fn tick(&self) -> u32 {
        self.wheel.tick_at(Instant::now())
    }

    /// The timers of a new connection. The first ping comes up to a quarter of the interval early, so
    /// that connections that came together are not pinged together.
    pub(super) fn first_timers(&self, limit: Option<Duration>) -> Timers {
        let now = self.tick();
        let interval = self.wheel.ticks(self.config().ping_interval);
        // Any even spread will do; this one steps by the golden ratio.
        let share = self.generations.wrapping_mul(2_654_435_769) >> 16;
        let early = (u64::from(interval / 4) * u64::from(share)) >> 16;
        Timers {
            armed: NONE,
            heartbeat: now + interval - early as u32,
            awaiting_pong: false,
            limit: limit.map_or(NONE, |limit| now + self.wheel.ticks(limit)),
        }
    }

    /// Sets the limit to a time from now, or removes it.
    pub(super) fn set_limit(&mut self, slot: usize, limit: Option<Duration>) {
        let limit = limit.map_or(NONE, |limit| self.tick() + self.wheel.ticks(limit));
        if let Some(connection) = self.connections.get_mut(slot) {
            connection.timers.limit = limit;
            self.arm(slot);
        }
    }

    /// Makes sure that the wheel has an entry no later than the next deadline.
    pub(super) fn arm(&mut self, slot: usize) {
        let Some(connection) = self.connections.get_mut(slot) else { return };
        let timers = &mut connection.timers;
        let heartbeat = if connection.phase == Phase::Open { timers.heartbeat } else { NONE };
        let due = heartbeat.min(timers.limit);
        // A pong only moves a deadline away. The earlier entry stays, and is renewed when it fires.
        if due != NONE && (timers.armed == NONE || due < timers.armed) {
            timers.armed = self.wheel.insert(due, slot as u32, connection.generation);
        }
    }

    /// Fires what is due.
    pub(super) fn fire_timers(&mut self, now: Instant) {
        let now = self.wheel.tick_at(now);
        while let Some((tick, entries)) = self.wheel.fire(now) {
            for (slot, generation) in entries {
                self.fire(slot as usize, generation, tick, now);
            }
        }
        self.wheel.settle(now);
    }

    fn fire(&mut self, slot: usize, generation: u32, tick: u32, now: u32) {
        let Some(connection) = self.connections.get_mut(slot) else { return };
        if connection.generation != generation || connection.timers.armed != tick {
            return;
        }
        connection.timers.armed = NONE;
        if connection.timers.limit <= now {
            return match connection.phase {
                Phase::Open => self.close(slot, DisconnectReason::ConnectTimeout),
                Phase::Probe { .. } | Phase::Closing => {
                    self.drop_connection(slot, DisconnectReason::TransportClosed);
                }
            };
        }
        if connection.phase == Phase::Open && connection.timers.heartbeat <= now {
            if connection.timers.awaiting_pong {
                return self.drop_connection(slot, DisconnectReason::PingTimeout);
            }
            connection.timers.awaiting_pong = true;
            // Counted from when the ping was due, so that a late turn does not add to the timeout.
            connection.timers.heartbeat += self.wheel.ticks(self.hub.config.ping_timeout);
            self.say(slot, "2");
        }
        self.arm(slot);
    }

    /// Takes the answer to a ping. An answer without a ping changes nothing.
    pub(super) fn pong(&mut self, slot: usize) {
        let next = self.tick() + self.wheel.ticks(self.config().ping_interval);
        if let Some(connection) = self.connections.get_mut(slot)
            && std::mem::take(&mut connection.timers.awaiting_pong)
        {
            connection.timers.heartbeat = next;
            self.arm(slot);
        }
    }

    /// Whether the connection may send one more packet now, of that many bytes.
    pub(super) fn may_send(&mut self, slot: usize, bytes: usize) -> bool {
        let config = self.config();
        let (rate, burst) = (config.packets_per_second, config.packets_burst);
        let (byte_rate, byte_burst) = (config.bytes_per_second, bytes_burst(config));
        if rate == 0 && byte_rate == 0 {
            return true;
        }
        let now = self.tick();
        let Some(connection) = self.connections.get_mut(slot) else { return false };
        let allowance = &mut connection.allowance;
        let passed = self.wheel.seconds(now.saturating_sub(allowance.tick));
        allowance.tick = now;
        let left = |tokens: f32, rate: u32, most: f32| (tokens + passed * rate as f32).min(most);
        allowance.packets = left(allowance.packets, rate, burst as f32) - 1.0;
        allowance.bytes = left(allowance.bytes, byte_rate, byte_burst) - bytes as f32;
        (rate == 0 || allowance.packets >= 0.0) && (byte_rate == 0 || allowance.bytes >= 0.0)
    }
}

/// The most bytes of packets that a connection may send at once.
pub(super) fn bytes_burst(config: &Config) -> f32 {
    config.max_payload_bytes.max(config.bytes_burst as usize) as f32
}
