//! What the people of a swarm say of their presence: that they are here, whom they watch, and that they come
//! and go.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::Swarm;
use crate::chance::scatter;

/// People say something at this rate, when all of them say it.
const SAID_A_SECOND: usize = 2_000;

/// People who come and go at a rate.
#[derive(Debug)]
pub(super) struct Churn {
    every: Duration,
    due: Instant,
    count: u64,
    is_here: Vec<bool>,
}

impl Swarm {
    /// Lets everybody say something of their presence: JSON, by their number.
    pub(crate) fn everybody_says(&mut self, json: impl Fn(usize) -> String) -> Result<()> {
        for number in 0..self.listeners.len() {
            self.says(number, &json(number))?;
            if number % (SAID_A_SECOND / 10) == 0 {
                self.rest(Duration::from_millis(100))?;
            }
        }
        Ok(())
    }

    /// From now on, during each load, so many people a second go away or come back.
    pub(crate) fn let_people_come_and_go(&mut self, a_second: u32) {
        let every = Duration::from_secs(1) / a_second;
        let is_here = vec![true; self.listeners.len()];
        self.churn = Some(Churn { every, due: Instant::now(), count: 0, is_here });
    }

    pub(super) fn come_and_go(&mut self, now: Instant) -> Result<()> {
        while let Some(churn) = self.churn.as_mut().filter(|churn| churn.due <= now) {
            // After a pause between two loads nobody makes up for it.
            churn.due = (churn.due + churn.every).max(now - churn.every);
            churn.count += 1;
            let number = (scatter(churn.count) % churn.is_here.len() as u64) as usize;
            let Some(is_here) = churn.is_here.get_mut(number) else { continue };
            *is_here = !*is_here;
            let state = if *is_here { "here" } else { "away" };
            self.says(number, &format!("{{\"state\":\"{state}\"}}"))?;
        }
        Ok(())
    }

    pub(super) fn churn_wait(&self, now: Instant) -> Option<Duration> {
        let churn = self.churn.as_ref()?;
        Some(churn.due.saturating_duration_since(now))
    }

    fn says(&mut self, number: usize, json: &str) -> Result<()> {
        let Some(listener) = self.listeners.get_mut(number).filter(|it| it.is_open) else {
            return Ok(());
        };
        listener.member.say("presence", json).context("cannot say who is here")
    }
}
