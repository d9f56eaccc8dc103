//! Making text safe for the language it ends up in.

use crate::visible::acts;

/// For a POSIX shell: bare if harmless, else in single quotes.
pub fn shell(text: &str) -> String {
    let harmless = |c: char| c.is_ascii_alphanumeric() || "._/:=-@".contains(c);
    if !text.is_empty() && text.chars().all(harmless) {
        return text.to_string();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// For YAML and JSON: a double-quoted scalar. JSON's escapes are a subset of YAML's; characters that YAML does not allow
/// raw are written as escapes too.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if u32::from(c) < 0x20
                || (0x7f..0xa0).contains(&u32::from(c))
                || "\u{2028}\u{2029}\u{feff}".contains(c)
                || acts(c) =>
            {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A number as YAML 1.1 reads it too (PyYAML, and so most programs in Python): without a decimal point or the exponent's
/// sign it would be text there. Twelve significant digits, so that 0.1 / 1e6 is 1.0e-7.
pub fn number(x: f64) -> String {
    let text = format!("{x:.11e}");
    let Some((digits, exponent)) = text.split_once('e') else { return text };
    let digits = digits.trim_end_matches('0');
    let point = if digits.ends_with('.') { "0" } else { "" };
    let sign = if exponent.starts_with('-') { "" } else { "+" };
    format!("{digits}{point}e{sign}{exponent}")
}

/// For a comment to the end of the line, in any of the languages: one line, nothing that acts on it.
pub fn comment(text: &str) -> String {
    text.chars().map(|c| if acts(c) || "\u{2028}\u{2029}".contains(c) { ' ' } else { c }).collect()
}

/// For a CSV cell (RFC 4180). Cells that a spreadsheet would run as a formula get a leading apostrophe.
pub fn csv(text: &str) -> String {
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    let safe = if risky { format!("'{text}") } else { text.to_string() };
    if safe.contains([',', '"', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

/// For running Markdown text and table cells: one line, markup characters escaped.
pub fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in comment(text).chars() {
        if "\\`*_[]<>|#~".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A DNS label for Kubernetes names and Compose services: lower case, digits and dashes, at most 50 characters, starting
/// with a letter.
pub fn label(text: &str) -> String {
    let mut out = String::new();
    for c in text.to_ascii_lowercase().chars() {
        match c {
            'a'..='z' | '0'..='9' => out.push(c),
            _ if !out.ends_with('-') => out.push('-'),
            _ => {}
        }
    }
    let out: String = out.trim_matches('-').chars().take(50).collect();
    let out = out.trim_end_matches('-');
    match out.chars().next() {
        None => "model".into(),
        Some(first) if first.is_ascii_digit() => format!("m-{out}"),
        Some(_) => out.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A bug: prices such as `4e-6` were text to every reader of YAML 1.1.
    #[test]
    fn numbers_have_a_point_and_a_sign() {
        for (x, text) in [
            (4e-6, "4.0e-6"),
            (0.1 / 1e6, "1.0e-7"),
            (1.228_032_437_5e-6, "1.2280324375e-6"),
            (844.0, "8.44e+2"),
            (0.0, "0.0e+0"),
        ] {
            assert_eq!(number(x), text);
        }
    }

    #[test]
    fn hostile_names_stay_text() {
        assert_eq!(shell("$(rm -rf /)"), "'$(rm -rf /)'");
        assert_eq!(shell("it's"), r"'it'\''s'");
        assert_eq!(shell(""), "''");
        assert_eq!(quoted("a\"\n$(x)"), r#""a\"\n$(x)""#);
        assert_eq!(csv("=1+1"), "'=1+1");
        assert_eq!(csv("-3.5"), "-3.5");
        assert_eq!(csv("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(label("Meta/Llama 3.3!"), "meta-llama-3-3");
        assert_eq!(label("\u{1f4a5}"), "model");
        assert_eq!(comment("a\nb: c\u{202e}d"), "a b: c d");
        assert_eq!(quoted("a\u{202e}\u{9b}"), r#""a\u202e\u009b""#);
        assert_eq!(markdown("a|b*"), "a\\|b\\*");
    }
}
