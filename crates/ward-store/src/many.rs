//! Many rows in one statement: what costs is the statement, not the row.

/// Rows that one statement takes. Few sizes, so that few texts have to be prepared.
const SIZES: [usize; 13] = [128, 64, 48, 32, 24, 16, 12, 8, 6, 4, 3, 2, 1];

/// Cuts rows that are to be written into as few statements as will do, in their order.
pub(crate) fn chunks<T>(rows: &[T]) -> impl Iterator<Item = &[T]> {
    let mut rest = rows;
    std::iter::from_fn(move || {
        let size = SIZES.into_iter().find(|size| *size <= rest.len())?;
        let (chunk, left) = rest.split_at_checked(size)?;
        rest = left;
        Some(chunk)
    })
}

/// Cuts keys that are to be looked up into statements. The last one asks for its last key again until it has one of the
/// sizes: to ask twice does no harm.
pub(crate) fn padded<T: Clone>(keys: &[T]) -> impl Iterator<Item = Vec<T>> {
    let largest = SIZES.into_iter().max().unwrap_or(1);
    keys.chunks(largest).map(move |chunk| {
        let size = SIZES
            .into_iter()
            .filter(|size| *size >= chunk.len())
            .min()
            .unwrap_or(largest);
        let again = chunk.last().into_iter().cycle();
        chunk.iter().chain(again).take(size).cloned().collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_cover_every_row_once_in_order_and_come_in_few_sizes() {
        for count in 0..600 {
            let rows: Vec<usize> = (0..count).collect();
            let pieces: Vec<&[usize]> = chunks(&rows).collect();
            assert_eq!(pieces.concat(), rows);
            assert!(pieces.iter().all(|piece| SIZES.contains(&piece.len())));
        }
    }

    #[test]
    fn padded_keys_are_all_asked_for_and_come_in_few_sizes() {
        for count in 0..600 {
            let keys: Vec<usize> = (0..count).collect();
            let pieces: Vec<Vec<usize>> = padded(&keys).collect();
            let mut asked = pieces.concat();
            asked.dedup();
            assert_eq!(asked, keys);
            assert!(pieces.iter().all(|piece| SIZES.contains(&piece.len())));
        }
    }
}
