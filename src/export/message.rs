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

/// Heights a page gives a frame, CSS pixels; `public/embed.js` keeps to the same.
pub const HEIGHTS: [f64; 2] = [60.0, 4000.0];

/// The height of a well-formed message, in whole CSS pixels and within [`HEIGHTS`]: its `type`, `version` and `height`,
/// where they are text and numbers at all.
pub fn height(kind: Option<&str>, version: Option<f64>, height: Option<f64>) -> Option<f64> {
    let known = kind == Some(HEIGHT) && version == Some(VERSION);
    let [least, most] = HEIGHTS;
    height.filter(|h| known && h.is_finite()).map(|h| h.clamp(least, most).ceil())
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

    #[test]
    fn heights_are_clamped_and_nonsense_is_not_heard() {
        assert_eq!(height(Some(HEIGHT), Some(1.0), Some(314.2)), Some(315.0));
        assert_eq!(height(Some(HEIGHT), Some(1.0), Some(-5.0)), Some(60.0));
        assert_eq!(height(Some(HEIGHT), Some(1.0), Some(1e9)), Some(4000.0));
        for (kind, version, said) in
            [(HEIGHT, 1.0, f64::NAN), (HEIGHT, 1.0, f64::INFINITY), (HEIGHT, 2.0, 300.0), (THEME, 1.0, 300.0)]
        {
            assert_eq!(height(Some(kind), Some(version), Some(said)), None, "{kind} {version} {said}");
        }
        assert_eq!(height(Some(HEIGHT), Some(1.0), None), None);
    }

    #[test]
    fn embed_js_clamps_heights_alike() {
        let script = include_str!("../../public/embed.js");
        let [least, most] = HEIGHTS;
        assert!(script.contains(&format!("Math.min(Math.max(data.height, {least}), {most})")));
    }

    proptest! {
        #[test]
        fn anything_else_is_not(kind in "\\PC{0,20}", version in any::<f64>(), word in "\\PC{0,8}") {
            let heard = theme(Some(&kind), Some(version), Some(&word)).is_some();
            prop_assert_eq!(heard, kind == THEME && version == 1.0 && THEMES.contains(&word.as_str()));
        }
    }
}
