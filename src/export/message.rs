//! What a page and a panel in a frame of it say to each other: the frame its height, the page a theme. Nothing else is
//! heard. The receiving half of a page is `public/embed.js`.

/// Kind of the frame's message.
pub const HEIGHT: &str = "crossover:height";
/// Kind of the page's message.
pub const THEME: &str = "crossover:theme";
/// Version of both.
pub const VERSION: f64 = 1.0;
/// Themes that a page may name.
pub const THEMES: [&str; 3] = ["auto", "light", "dark"];

/// The theme of a well-formed message: its `type`, `version` and `theme`, where they are text and number at all.
pub fn theme(kind: Option<&str>, version: Option<f64>, theme: Option<&str>) -> Option<&'static str> {
    let known = kind == Some(THEME) && version == Some(VERSION);
    THEMES.into_iter().find(|t| known && theme == Some(t))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn three_words_are_heard() {
        for word in THEMES {
            assert_eq!(theme(Some(THEME), Some(1.0), Some(word)), Some(word));
        }
        for (kind, version, word) in [
            (HEIGHT, 1.0, "dark"),
            (THEME, 2.0, "dark"),
            (THEME, f64::NAN, "dark"),
            (THEME, 1.0, "Dark"),
            (THEME, 1.0, ""),
        ] {
            assert_eq!(theme(Some(kind), Some(version), Some(word)), None, "{kind} {version} {word}");
        }
        assert_eq!(theme(None, Some(1.0), Some("dark")), None);
    }

    proptest! {
        #[test]
        fn anything_else_is_not(kind in "\\PC{0,20}", version in any::<f64>(), word in "\\PC{0,8}") {
            let heard = theme(Some(&kind), Some(version), Some(&word)).is_some();
            prop_assert_eq!(heard, kind == THEME && version == 1.0 && THEMES.contains(&word.as_str()));
        }
    }
}
