//! A 64-bit simhash over character 3-grams.
//!
//! Chinese has no spaces between words, so the features are every three characters in a row. The 64 majority votes
//! are counted in vertical counters: one machine word holds one binary digit of all 64 counts, and seven features
//! are summed by full adders before they are carried upwards.

/// Characters that are looked at. Texts that agree in so many are near, whatever follows.
const CHARACTERS: usize = 2_048;
/// Binary digits of a count, for as many features.
const DIGITS: usize = CHARACTERS.ilog2() as usize + 1;
/// Features summed at once: what three binary digits hold.
const GROUP: usize = 7;

/// The simhash of a text; texts that share most of their 3-grams differ in few bits.
pub(super) fn simhash(text: &str) -> u64 {
    let mut gram = 0_u64;
    let mut hashes = [0; CHARACTERS];
    let mut read = 0;
    for (hash, character) in hashes.iter_mut().zip(text.chars()) {
        // 21 bits hold any character.
        gram = (gram << 21 | u64::from(u32::from(character))) & ((1 << 63) - 1);
        *hash = mix(gram);
        read += 1;
    }
    majority(&hashes[..read])
}

/// Spreads a 3-gram over 64 bits (the finaliser of splitmix64).
fn mix(gram: u64) -> u64 {
    let gram = (gram ^ (gram >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let gram = (gram ^ (gram >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    gram ^ (gram >> 31)
}

/// The bits that more than half of the features have.
fn majority(features: &[u64]) -> u64 {
    let (groups, rest) = features.as_chunks::<GROUP>();
    let mut last = [0; GROUP];
    last[..rest.len()].copy_from_slice(rest);
    let mut digits = [0; DIGITS];
    groups.iter().chain([&last]).for_each(|group| count(group, &mut digits));
    (0..64)
        .filter(|bit| {
            let count: usize = digits
                .iter()
                .enumerate()
                .map(|(digit, counts)| ((counts >> bit & 1) as usize) << digit)
                .sum();
            count * 2 > features.len()
        })
        .fold(0, |hash, bit| hash | 1 << bit)
}

/// Adds a group to the counts.
fn count(&[a, b, c, d, e, f, g]: &[u64; GROUP], digits: &mut [u64; DIGITS]) {
    let (ones, twos_a) = add(a, b, c);
    let (ones, twos_b) = add(ones, d, e);
    let (ones, twos_c) = add(ones, f, g);
    let (twos, fours) = add(twos_a, twos_b, twos_c);
    let mut carry = 0;
    for (digit, sum) in digits.iter_mut().zip([ones, twos, fours]) {
        (*digit, carry) = add(*digit, sum, carry);
    }
    for digit in &mut digits[3..] {
        if carry == 0 {
            break;
        }
        (*digit, carry) = (*digit ^ carry, *digit & carry);
    }
}

/// A full adder for 64 columns: sum and carry.
fn add(a: u64, b: u64, c: u64) -> (u64, u64) {
    let half = a ^ b;
    (half ^ c, (a & b) | (half & c))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same, counted one by one.
    fn plainly(text: &str) -> u64 {
        let (mut counts, mut gram, mut cast) = ([0_u32; 64], 0_u64, 0_u32);
        for character in text.chars() {
            gram = (gram << 21 | u64::from(u32::from(character))) & ((1 << 63) - 1);
            let hash = mix(gram);
            cast += 1;
            for (bit, count) in counts.iter_mut().enumerate() {
                *count += (hash >> bit & 1) as u32;
            }
        }
        counts.iter().enumerate().fold(0, |hash, (bit, count)| hash | u64::from(count * 2 > cast) << bit)
    }

    #[test]
    fn counts_are_exact() {
        for length in [0, 1, 2, 6, 7, 8, 13, 14, 50, 1000, CHARACTERS as u32] {
            let text: String = (0..length).filter_map(|n| char::from_u32(0x4E00 + n * 37 % 2000)).collect();
            assert_eq!(simhash(&text), plainly(&text), "{length}");
        }
    }

    #[test]
    fn near_texts_are_near() {
        let text: String = (0..600).filter_map(|n| char::from_u32(0x4E00 + n * n % 3001)).collect();
        let near = text.replacen('\u{4e01}', "改", 1) + "。";
        let far: String = (0..600).filter_map(|n| char::from_u32(0x4E00 + n * n % 2999 + 7)).collect();
        assert!((simhash(&text) ^ simhash(&near)).count_ones() <= 6);
        assert!((simhash(&text) ^ simhash(&far)).count_ones() >= 16);
    }
}
