//! JSON as some programs write it: `NaN`, `Infinity` and `1e999`, which JSON does not have, become strings, so that
//! the reader can name the field they stand in.

/// Quote bare words and infinite numbers outside strings that JSON cannot hold; everything else stays as it is.
pub(super) fn quote_unusable_numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => string_length(rest),
            c if c.is_ascii_alphanumeric() || matches!(c, '-' | '+') => word_length(rest),
            c => c.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        if is_unusable(token) {
            out.push('"');
            out.push_str(token);
            out.push('"');
        } else {
            out.push_str(token);
        }
        rest = after;
    }
    out
}

fn is_unusable(token: &str) -> bool {
    matches!(token, "NaN" | "nan" | "-NaN" | "Infinity" | "-Infinity" | "inf" | "-inf")
        || (token.starts_with(|c: char| c.is_ascii_digit() || c == '-')
            && token.parse::<f64>().is_ok_and(f64::is_infinite))
}

/// Bytes of the string at the start of the text, quotes included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (i, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return i + 1,
            _ => {}
        }
    }
    text.len()
}

fn word_length(text: &str) -> usize {
    text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.'))).unwrap_or(text.len())
}
