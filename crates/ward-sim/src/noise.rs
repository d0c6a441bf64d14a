//! Noise and drift that look alive and repeat exactly.

/// SplitMix64: every input gives an unrelated output.
pub(crate) const fn hash(seed: u64, stream: u64, number: u64) -> u64 {
    let mut x = seed
        .wrapping_mul(0x9E37_79B9_7F4A_7C15)
        .wrapping_add(stream.wrapping_mul(0xD1B5_4A32_D192_ED03))
        .wrapping_add(number.wrapping_mul(0x8CB9_2BA7_2F3D_8DD7));
    x ^= x >> 30;
    x = x.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x ^= x >> 27;
    x = x.wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// A number of `0..below` (0 for nothing).
pub(crate) const fn pick(seed: u64, stream: u64, number: u64, below: u64) -> u64 {
    if below == 0 {
        0
    } else {
        hash(seed, stream, number) % below
    }
}

/// White noise: `-size..=size`.
pub(crate) fn white(seed: u64, stream: u64, number: u64, size: u16) -> i64 {
    let span = u64::from(size) * 2 + 1;
    i64::try_from(pick(seed, stream, number, span)).unwrap_or(0) - i64::from(size)
}

/// Slow drift: `-size..=size`, straight between random points that lie `period_ms` apart.
pub(crate) fn drift(seed: u64, stream: u64, at_ms: u64, period_ms: u32, size: u16) -> i64 {
    let period = u64::from(period_ms.max(1));
    let (number, into) = (at_ms / period, at_ms % period);
    let (from, to) = (
        white(seed, stream, number, size),
        white(seed, stream, number.wrapping_add(1), size),
    );
    let into = i64::try_from(into).unwrap_or(0);
    from + (to - from) * into / i64::from(period_ms.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_repeats_itself_and_keeps_its_bounds() {
        for number in 0..10_000 {
            assert_eq!(white(7, 1, number, 3), white(7, 1, number, 3));
            assert!((-3..=3).contains(&white(7, 1, number, 3)));
            assert!((-20..=20).contains(&drift(7, 1, number * 137, 30_000, 20)));
        }
    }

    #[test]
    fn noise_is_not_lopsided() {
        let sum: i64 = (0..10_000).map(|number| white(1, 2, number, 100)).sum();
        assert!(sum.abs() < 50_000, "{sum}");
    }
}
