//! What text may reach a reader, and how much room it takes.

use std::borrow::Cow;

/// Text that is safe to show: characters that would steer a terminal, or that no XML document
/// may hold, are replaced by U+FFFD. Tabs and line breaks become spaces.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| shown_as(c) == c) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().map(shown_as).collect())
    }
}

fn shown_as(c: char) -> char {
    match c {
        '\t' | '\n' | '\r' => ' ',
        // Overrides of the writing direction could show a figure backwards.
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        c if c.is_control() => '\u{fffd}',
        c => c,
    }
}

/// Kebab-case for file names and anchors: ASCII letters and digits, joined by single hyphens.
pub(crate) fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let kept = slug.trim_end_matches('-').len();
    slug.truncate(kept);
    if slug.is_empty() {
        "untitled".to_owned()
    } else {
        slug
    }
}

/// Width of a line of text in a chart, in units of the font size.
///
/// A chart is drawn without knowing the reader's fonts, so this leans to the wide side: the
/// advance widths of the wider of the common sans-serif faces, by class of character.
pub(crate) fn ems(text: &str) -> f64 {
    text.chars().map(char_ems).sum()
}

fn char_ems(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | '\'' | '|' => 0.29,
        '.' | ',' | ':' | ';' | '!' | 'I' | ' ' | '\u{a0}' => 0.33,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '-' | '/' => 0.41,
        'm' | 'M' | 'W' | '%' | '@' => 0.96,
        'w' | 'O' | 'Q' | 'G' | '\u{2212}' | '+' | '=' => 0.80,
        'A'..='Z' | '&' => 0.72,
        'a'..='z' | '0'..='9' => 0.63,
        '\u{300}'..='\u{36f}' => 0.0,
        '\u{a1}'..='\u{24f}' | '\u{370}'..='\u{3ff}' => 0.68,
        '\u{400}'..='\u{52f}' => 0.78,
        '\u{2010}'..='\u{2027}' => 0.60,
        _ => 1.05,
    }
}

/// The text, cut with an ellipsis if it is wider than `room` (in units of the font size).
pub(crate) fn fitted(text: &str, room: f64) -> String {
    if ems(text) <= room {
        return text.to_owned();
    }
    let room = room - ems("…");
    let mut used = 0.0;
    let kept: String = text
        .chars()
        .take_while(|&c| {
            used += char_ems(c);
            used <= room
        })
        .collect();
    format!("{}…", kept.trim_end())
}

/// The text broken at spaces into at most `lines` lines no wider than `room`; what does not
/// fit is cut with an ellipsis.
pub(crate) fn broken(text: &str, room: f64, lines: usize) -> Vec<String> {
    let mut broken: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match broken.last_mut() {
            Some(line) if ems(line) + ems(" ") + ems(word) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => broken.push(word.to_owned()),
        }
    }
    if broken.len() > lines {
        let rest = broken.split_off(lines.saturating_sub(1)).join(" ");
        broken.push(rest);
    }
    broken.iter().map(|line| fitted(line, room)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_kebab_case() {
        assert_eq!(slug("Gains by state (%)"), "gains-by-state");
        assert_eq!(slug("already-fine-2"), "already-fine-2");
        assert_eq!(slug("../../etc"), "etc");
        assert_eq!(slug("выигрыш"), "untitled");
    }

    #[test]
    fn escapes_of_a_terminal_do_not_pass() {
        assert_eq!(printable("a\u{1b}[31mb\nc"), "a\u{fffd}[31mb c");
        assert_eq!(printable("Côte d’Ivoire"), "Côte d’Ivoire");
    }

    #[test]
    fn cut_text_fits_and_says_that_it_was_cut() {
        let cut = fitted("Union of Sovereign Republics", 8.0);
        assert!(ems(&cut) <= 8.0 && cut.ends_with('…'), "{cut}");
        assert_eq!(fitted("Short", 8.0), "Short");
    }

    #[test]
    fn long_names_break_into_lines_that_fit() {
        let lines = broken("Federation of the Upper and Lower Valleys", 11.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| ems(line) <= 11.0), "{lines:?}");
    }
}
