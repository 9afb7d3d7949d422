//! Mutations of seeds by a seeded generator: the same seed number gives the same inputs everywhere.

/// The longest input that is made, in bytes.
const MOST_BYTES: usize = 4_096;
/// The most changes that one input gets.
const MOST_CHANGES: u64 = 6;

/// Pieces that have a meaning in at least one of the parsers.
const PIECES: [&str; 40] = [
    "\"",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "%",
    "%E4%BD%A0",
    "%00",
    "=",
    ";",
    "&",
    "?",
    "/",
    "//",
    "\\",
    "\r\n",
    "\0",
    "\u{1e}",
    "b",
    "4",
    "42",
    "451-",
    "-",
    "bytes=",
    "Bearer ",
    "null",
    "true",
    "1e999",
    "-1",
    "18446744073709551616",
    "é",
    "\u{202e}",
    "\u{200d}",
    "\u{301}",
    "😀",
    "e\u{301}",
    "\\ud800",
    "_placeholder",
];

/// The generator `SplitMix64`: it is small and fast, and works with every seed.
pub struct Generator(u64);

impl Generator {
    /// A generator with this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which must not be 0.
    pub fn below(&mut self, end: usize) -> usize {
        (self.number() % end as u64) as usize
    }

    /// One of the seeds, changed a few times.
    #[must_use]
    pub fn mutated(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut data = seeds[self.below(seeds.len())].clone();
        for _ in 0..=self.number() % MOST_CHANGES {
            self.change(&mut data, seeds);
        }
        data.truncate(MOST_BYTES);
        data
    }

    fn change(&mut self, data: &mut Vec<u8>, seeds: &[Vec<u8>]) {
        let at = self.below(data.len() + 1);
        let end = at + self.below(data.len() - at + 1);
        match self.below(7) {
            0 => drop(data.drain(at..end)),
            1 => {
                let again = data[at..end].to_vec();
                data.splice(at..at, again);
            }
            2 => {
                let piece = PIECES[self.below(PIECES.len())];
                data.splice(at..at, piece.bytes());
            }
            3 => {
                let piece = PIECES[self.below(PIECES.len())];
                data.splice(at..end, piece.bytes());
            }
            4 => {
                let other = &seeds[self.below(seeds.len())];
                data.splice(at.., other[self.below(other.len() + 1)..].iter().copied());
            }
            5 if at < data.len() => data[at] ^= 1 << self.below(8),
            _ if at < data.len() => data[at] = self.number() as u8,
            _ => data.push(self.number() as u8),
        }
        data.truncate(MOST_BYTES);
    }
}
