//! The ids nearest to a mistyped one, for error messages.

use crate::order::sort_by;

/// Up to `count` of `ids` that look most like `wanted`, best first: shared letter pairs, case ignored. What looks less
/// than half as much like it as the best is left out.
pub fn nearest<'a>(wanted: &str, ids: impl Iterator<Item = &'a str>, count: usize) -> Vec<&'a str> {
    best(wanted, ids.collect(), count)
}

fn best<'a>(wanted: &str, ids: Vec<&'a str>, count: usize) -> Vec<&'a str> {
    let wanted = pairs(wanted);
    let scored = ids.into_iter().map(|id| (likeness(&wanted, &pairs(id)), id));
    let mut scored: Vec<(f64, &str)> = scored.filter(|(s, _)| *s > 0.0).collect();
    sort_by(&mut scored, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    let enough = scored.first().map_or(0.0, |(best, _)| best / 2.0);
    scored.into_iter().take_while(|(s, _)| *s >= enough).take(count).map(|(_, id)| id).collect()
}

fn pairs(text: &str) -> Vec<(char, char)> {
    let letters: Vec<char> =
        text.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_lowercase()).take(200).collect();
    letters.windows(2).map(|w| (w[0], w[1])).collect()
}

/// Sørensen-Dice coefficient of two bags of letter pairs, 0..1.
fn likeness(a: &[(char, char)], b: &[(char, char)]) -> f64 {
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let mut rest = b.to_vec();
    let shared = a.iter().filter(|p| rest.iter().position(|q| q == *p).map(|i| rest.swap_remove(i)).is_some()).count();
    2.0 * shared as f64 / (a.len() + b.len()) as f64
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_typo_finds_its_neighbour_first() {
        let ids = ["h100-sxm", "h200-sxm", "l40s", "a100-80-sxm"];
        assert_eq!(nearest("h100sxm", ids.into_iter(), 2)[0], "h100-sxm");
        assert!(nearest("", ids.into_iter(), 2).is_empty());
    }
}
