//! Numbers that look random and are the same in every run, so that two runs differ only by the
//! server.

/// Maps every number to a different one, scattered over all 64 bits: one round of `SplitMix64`.
pub(crate) fn scatter(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Maps `number` to a number from 0 up to 1.
pub(crate) fn part_of_one(number: u64) -> f64 {
    (scatter(number) >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_one_are_spread_evenly() {
        let mut tenths = [0; 10];
        for number in 0..10_000 {
            tenths[(part_of_one(number) * 10.0) as usize] += 1;
        }
        assert!(tenths.iter().all(|count| (900..1100).contains(count)), "{tenths:?}");
    }
}
