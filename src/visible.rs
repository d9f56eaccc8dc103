//! Text of strangers beside text of ours: characters that act instead of being seen are told apart here.

/// Whether a character acts on its surroundings instead of being seen: control characters, which a terminal obeys; the
/// marks that override the direction of what follows (Unicode's embeddings, overrides and isolates), which make a line
/// read as another one than it is; and invisible characters (spaces of no width, soft hyphens), which make two names
/// look the same. Marks and joiners that letters of some scripts and pictures need are not among them.
pub fn acts(c: char) -> bool {
    let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let unseen = matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    c.is_control() || turns || unseen
}

/// The text with every such character replaced by the replacement character, so that it is seen and does nothing.
pub fn visible(text: &str) -> String {
    text.chars().map(|c| if acts(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn what_acts_is_seen_and_the_rest_stays() {
        assert_eq!(visible("a\u{1b}[31m\u{9b}b\u{7f}\n"), "a\u{fffd}[31m\u{fffd}b\u{fffd}\u{fffd}");
        assert_eq!(visible("\u{202e}moc.\u{2066}evil\u{2069}"), "\u{fffd}moc.\u{fffd}evil\u{fffd}");
        assert_eq!(visible("1\u{200b}0\u{feff}\u{ad}\u{2060}"), "1\u{fffd}0\u{fffd}\u{fffd}\u{fffd}");
        let kept = "ünïcode שלום\u{200f} 50\u{2009}000 👩\u{200d}🔧\u{2028}";
        assert_eq!(visible(kept), kept);
    }
}
