//! What people say of themselves.

use super::characters::{is_control, is_invisible, turns_direction};
use super::text::TextProblem;
use super::time::Timestamp;

/// What a person says of themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// A few words about them; empty if there are none.
    pub about: String,
    /// The name of their time zone, such as `Europe/Vienna`; empty if they do not tell it.
    pub zone: String,
    /// What they are up to.
    pub status: Option<Status>,
}

/// What a person is up to, until a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// An emoji; empty if there is none.
    pub emoji: String,
    /// A few words; empty if there is only an emoji.
    pub text: String,
    /// When it ends; `None` when it stays.
    pub until: Option<Timestamp>,
    /// Whether they want no notifications as long as it lasts; then it has an end.
    pub quiet: bool,
}

impl Status {
    /// Whether there is anything to show: an emoji, words, or that they want no notifications.
    #[must_use]
    pub fn says_something(&self) -> bool {
        self.quiet || !(self.emoji.is_empty() && self.text.is_empty())
    }
}

/// Which part of a profile breaks a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileProblem {
    /// The words about the person.
    About(TextProblem),
    /// The time zone.
    Zone,
    /// The emoji of the status.
    Emoji,
    /// The words of the status.
    Status(TextProblem),
    /// The end of the status lies in the past.
    Until,
    /// The status is quiet and has no end.
    Quiet,
}

impl Profile {
    /// The most characters about a person.
    pub const MAX_ABOUT: usize = 250;
    /// The most characters of a time zone's name.
    pub const MAX_ZONE: usize = 64;
    /// The most characters of a status.
    pub const MAX_STATUS: usize = 80;
    /// The most characters of an emoji: the longest sequences of Unicode have ten.
    pub const MAX_EMOJI: usize = 12;

    /// Whether it has words that were not in the one before: what is taken away is none.
    #[must_use]
    pub fn adds_to(&self, before: &Self) -> bool {
        let status = |profile: &Self| {
            let status = profile.status.as_ref();
            status.map(|status| [status.emoji.clone(), status.text.clone()]).unwrap_or_default()
        };
        let ([emoji, text], [old_emoji, old_text]) = (status(self), status(before));
        let pairs = [
            (&self.about, &before.about),
            (&self.zone, &before.zone),
            (&emoji, &old_emoji),
            (&text, &old_text),
        ];
        pairs.into_iter().any(|(new, old)| !new.is_empty() && new != old)
    }

    /// The profile in the form in which it is kept, if it keeps the rules at `now`. A status that says
    /// nothing is none.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn checked(self, now: Timestamp) -> Result<Self, ProfileProblem> {
        let about = line(&self.about, Self::MAX_ABOUT, true).map_err(ProfileProblem::About)?;
        let zone = self.zone.trim().to_owned();
        let is_zone = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+');
        if zone.len() > Self::MAX_ZONE || !zone.chars().all(is_zone) {
            return Err(ProfileProblem::Zone);
        }
        let Some(Status { emoji, text, until, quiet }) = self.status else {
            return Ok(Self { about, zone, status: None });
        };
        let emoji = emoji.trim().to_owned();
        // Which sequences are emoji changes every year: whatever is not plain text may be one.
        let is_plain = |c: char| c.is_alphabetic() || c.is_whitespace() || is_control(c);
        if emoji.chars().count() > Self::MAX_EMOJI
            || emoji.chars().any(|c| is_plain(c) || turns_direction(c))
            || (emoji.is_ascii() && !emoji.is_empty())
        {
            return Err(ProfileProblem::Emoji);
        }
        let text = line(&text, Self::MAX_STATUS, false).map_err(ProfileProblem::Status)?;
        if until.is_some_and(|until| until <= now) {
            return Err(ProfileProblem::Until);
        }
        if quiet && until.is_none() {
            return Err(ProfileProblem::Quiet);
        }
        let status = Status { emoji, text, until, quiet };
        Ok(Self { about, zone, status: status.says_something().then_some(status) })
    }

    /// The profile as it is shown at `now`: a status that has ended is none.
    #[must_use]
    pub fn at(mut self, now: Timestamp) -> Self {
        self.status = self.status.filter(|status| status.until.is_none_or(|until| until > now));
        self
    }
}

/// Text without characters that nobody sees, on one line unless `breaks`.
fn line(typed: &str, max: usize, breaks: bool) -> Result<String, TextProblem> {
    if typed.contains('\0') {
        return Err(TextProblem::Control);
    }
    let kept = |c: &char| (breaks && *c == '\n') || !(is_control(*c) || turns_direction(*c));
    let text: String = typed.chars().filter(kept).collect();
    let text = text.trim();
    if text.chars().all(|c| c.is_whitespace() || is_invisible(c)) {
        return Ok(String::new());
    }
    if text.chars().count() > max {
        return Err(TextProblem::TooLong { max });
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000);

    fn status(emoji: &str, text: &str, until: Option<i64>) -> Profile {
        let (emoji, text) = (emoji.to_owned(), text.to_owned());
        let status = Some(Status { emoji, text, until: until.map(Timestamp), quiet: false });
        Profile { status, ..Profile::default() }
    }

    #[test]
    fn a_profile_keeps_its_bounds() {
        let about = |about: String| Profile { about, ..Profile::default() }.checked(NOW);
        assert_eq!(about(" tea\nand \u{202e}talk ".into()).unwrap().about, "tea\nand talk");
        assert_eq!(about("x".repeat(250)).unwrap().about.len(), 250);
        assert_eq!(
            about("x".repeat(251)),
            Err(ProfileProblem::About(TextProblem::TooLong { max: 250 }))
        );
        let zone = |zone: &str| Profile { zone: zone.into(), ..Profile::default() }.checked(NOW);
        assert_eq!(zone("America/Argentina/Buenos_Aires").unwrap().zone.len(), 30);
        for bad in ["Europe/Wien?", "<b>", "\u{4e2d}"] {
            assert_eq!(zone(bad), Err(ProfileProblem::Zone), "{bad}");
        }
    }

    #[test]
    fn a_status_says_something_until_a_time() {
        assert_eq!(status("", " ", None).checked(NOW).unwrap().status, None);
        let ferry = status("\u{1f6a2}", "On the water", Some(2_000)).checked(NOW).unwrap();
        assert_eq!(ferry.clone().at(Timestamp(1_999)), ferry);
        assert_eq!(ferry.at(Timestamp(2_000)).status, None);
        assert_eq!(status("", "Lunch", Some(1_000)).checked(NOW), Err(ProfileProblem::Until));
        let quiet = |until| {
            let mut profile = status("", "", until);
            profile.status.as_mut().unwrap().quiet = true;
            profile.checked(NOW)
        };
        assert!(quiet(Some(2_000)).unwrap().status.unwrap().quiet, "that alone says something");
        assert_eq!(quiet(None), Err(ProfileProblem::Quiet));
        for bad in ["x", "!", "\u{9676}", "\u{1f6a2} \u{1f6a2}"] {
            assert_eq!(status(bad, "", None).checked(NOW), Err(ProfileProblem::Emoji), "{bad}");
        }
        let long = status("", &"x".repeat(81), None).checked(NOW);
        assert_eq!(long, Err(ProfileProblem::Status(TextProblem::TooLong { max: 80 })));
    }
}
