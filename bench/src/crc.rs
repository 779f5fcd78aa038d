//! CRC-32 as zlib counts it, by which the peers' answers are compared.

/// The CRC-32 (IEEE 802.3) of some bytes.
pub fn crc32(bytes: impl Iterator<Item = u8>) -> u32 {
    let table: [u32; 256] = std::array::from_fn(|at| {
        let first = u32::try_from(at).unwrap_or(0);
        (0..8).fold(first, |rest, _| if rest & 1 == 1 { rest >> 1 ^ 0xEDB8_8320 } else { rest >> 1 })
    });
    !bytes.fold(u32::MAX, |rest, byte| {
        let [low, ..] = (rest ^ u32::from(byte)).to_le_bytes();
        rest >> 8 ^ table[usize::from(low)]
    })
}

/// The CRC-32 of masks, little-endian.
pub fn of_masks(masks: &[u16]) -> u32 {
    crc32(masks.iter().flat_map(|mask| mask.to_le_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_value_of_the_standard() {
        assert_eq!(crc32(b"123456789".iter().copied()), 0xCBF4_3926);
    }
}
