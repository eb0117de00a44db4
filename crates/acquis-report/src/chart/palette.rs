//! The colours of every picture, for light, dark and print, and the style sheet they make.
//!
//! A colour is a token with a value for light and one for dark. Pages show the second where the
//! reader's system is dark, or where their root says so (`data-theme="dark"`); `data-theme`
//! can also hold a page to light. The tests below check the palette itself: words keep the
//! contrast that WCAG 2.2 asks for, on every ground that they are set on, and the ramp of
//! ordered levels grows darker (or lighter, in the dark) from each level to the next.

use std::fmt::Write as _;
use std::sync::LazyLock;

/// A colour by its name, in light and in dark.
struct Token {
    name: &'static str,
    light: &'static str,
    dark: &'static str,
}

const fn token(name: &'static str, light: &'static str, dark: &'static str) -> Token {
    Token { name, light, dark }
}

/// `s` is the ramp of ordered levels and `t` the type on it, `c` are the colours of categories
/// and `u` the type on those.
const TOKENS: [Token; 36] = [
    token("paper", "#fffefb", "#14171a"),
    token("ink", "#1c2126", "#e7e5df"),
    token("soft", "#59616a", "#a3abb2"),
    token("grid", "#e4e1d8", "#323940"),
    token("up", "#0b6aa8", "#5fb2e8"),
    token("down", "#cf6210", "#ef9748"),
    token("mute", "#8a9097", "#8d959c"),
    token("land", "#f1efe8", "#1f2429"),
    token("coast", "#b9b6ab", "#4a535b"),
    token("sea", "#fbfcfd", "#101316"),
    token("link", "#0b5a8f", "#7cc0ee"),
    token("now", "#a3480b", "#f0a868"),
    token("c0", "#0b6aa8", "#5fb2e8"),
    token("c1", "#e08a00", "#f0b443"),
    token("c2", "#0a8f6c", "#45c79f"),
    token("c3", "#b55c8e", "#dc93bb"),
    token("s0", "#f0eee7", "#21272c"),
    token("s1", "#d8ead2", "#263a58"),
    token("s2", "#b2dcc4", "#25507c"),
    token("s3", "#7bc8bf", "#23699a"),
    token("s4", "#45aec0", "#2f92ad"),
    token("s5", "#1f76a3", "#5cb8ae"),
    token("s6", "#215896", "#9fd7b7"),
    token("s7", "#252c6e", "#e8f3c6"),
    token("t0", "#1c2126", "#f4f2ec"),
    token("t1", "#1c2126", "#f4f2ec"),
    token("t2", "#1c2126", "#f4f2ec"),
    token("t3", "#1c2126", "#f4f2ec"),
    token("t4", "#1c2126", "#101316"),
    token("t5", "#ffffff", "#101316"),
    token("t6", "#ffffff", "#101316"),
    token("t7", "#ffffff", "#101316"),
    token("u0", "#ffffff", "#101316"),
    token("u1", "#1c2126", "#101316"),
    token("u2", "#ffffff", "#101316"),
    token("u3", "#ffffff", "#101316"),
];

const RULES: &str = include_str!("chart.css");

/// The style sheet of the pictures in a page.
///
/// ```
/// let style = acquis_report::chart::style();
/// assert!(style.contains("prefers-color-scheme:dark") && style.contains("data-theme=dark"));
/// ```
pub fn style() -> &'static str {
    static STYLE: LazyLock<String> = LazyLock::new(|| {
        let light = declarations(|token| token.light);
        let dark = declarations(|token| token.dark);
        format!(
            ".aq{{{light}}}\n\
             @media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]) .aq{{{dark}}}}}\n\
             @media screen{{:root[data-theme=dark] .aq{{{dark}}}}}\n{}{PRINT}",
            compact(RULES)
        )
    });
    &STYLE
}

/// The style sheet inside of a picture that stands by itself. Each colour is written out
/// before its token is named, for the programs that know no tokens.
pub(super) fn file_style() -> &'static str {
    static STYLE: LazyLock<String> = LazyLock::new(|| {
        let light = declarations(|token| token.light);
        let dark = declarations(|token| token.dark);
        format!(
            ".aq{{{light}}}\n@media screen and (prefers-color-scheme:dark){{.aq{{{dark}}}}}\n{}{PRINT}",
            written_out(&compact(RULES))
        )
    });
    &STYLE
}

const PRINT: &str = "@media print{.aq{--aq-paper:#fff;--aq-sea:#fff}\
    .aq *{print-color-adjust:exact;-webkit-print-color-adjust:exact}}\n";

fn declarations(colour: impl Fn(&Token) -> &'static str) -> String {
    let mut css = String::new();
    for token in &TOKENS {
        // Writing to a string does not fail.
        let _ = write!(css, "--aq-{}:{};", token.name, colour(token));
    }
    css
}

/// Without its comments and the white around its marks: every picture that is saved carries it.
fn compact(css: &str) -> String {
    let mut kept = String::with_capacity(css.len());
    for line in css.lines().filter(|line| !line.starts_with("/*")) {
        let line = line
            .replace(" { ", "{")
            .replace("; }", "}")
            .replace("; ", ";")
            .replace(": ", ":");
        kept.push_str(&line);
        kept.push('\n');
    }
    kept
}

/// `fill:var(--aq-up)` as `fill:#0b6aa8;fill:var(--aq-up)`.
fn written_out(css: &str) -> String {
    let mut out = String::with_capacity(css.len() * 2);
    for (at, part) in css.split_inclusive([';', '{', '}']).enumerate() {
        let declared = part.trim_end_matches([';', '}']);
        if at > 0
            && let Some((property, name)) = declared.split_once(":var(--aq-")
            && let Some(token) = TOKENS
                .iter()
                .find(|token| name.strip_suffix(')') == Some(token.name))
        {
            let _ = write!(out, "{property}:{};", token.light);
        }
        out.push_str(part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(name: &str) -> &'static Token {
        TOKENS.iter().find(|token| token.name == name).unwrap()
    }

    /// Relative luminance of WCAG 2.2.
    fn luminance(hex: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn assert_contrast(front: &str, ground: &str, least: f64) {
        let (front, ground) = (colour(front), colour(ground));
        for (a, b) in [(front.light, ground.light), (front.dark, ground.dark)] {
            let found = contrast(a, b);
            assert!(
                found >= least,
                "{} on {}: {found:.2}",
                front.name,
                ground.name
            );
        }
    }

    #[test]
    fn words_can_be_read_on_every_ground_they_are_set_on() {
        for level in 0..8 {
            assert_contrast(&format!("t{level}"), &format!("s{level}"), 4.5);
        }
        // White on the green and the pink is for large or bold type, which needs 3.
        for (at, least) in [(0, 4.5), (1, 4.5), (2, 3.9), (3, 3.9)] {
            assert_contrast(&format!("u{at}"), &format!("c{at}"), least);
        }
        for ground in ["paper", "land", "sea"] {
            for front in ["ink", "soft", "link"] {
                assert_contrast(front, ground, 4.5);
            }
        }
        assert_contrast("now", "paper", 4.5);
    }

    #[test]
    fn marks_stand_out_from_the_paper() {
        for mark in ["up", "down", "mute", "c0", "c2", "c3"] {
            assert_contrast(mark, "paper", 3.0);
        }
        // Orange never stands alone: it is always a shape of its own beside the others.
        assert_contrast("c1", "paper", 2.5);
    }

    /// A colour in linear light.
    fn linear(hex: &str) -> [f64; 3] {
        [1, 3, 5].map(|at| {
            let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        })
    }

    /// Usual sight, and what no red, no green and no blue cones make of linear light (Machado,
    /// Oliveira and Fernandes 2009, severity 1).
    const SIGHTS: [(&str, [[f64; 3]; 3]); 4] = [
        ("usual", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
        (
            "protanopia",
            [
                [0.152_286, 1.052_583, -0.204_868],
                [0.114_503, 0.786_281, 0.099_216],
                [-0.003_882, -0.048_116, 1.051_998],
            ],
        ),
        (
            "deuteranopia",
            [
                [0.367_322, 0.860_646, -0.227_968],
                [0.280_085, 0.672_501, 0.047_413],
                [-0.011_820, 0.042_940, 0.968_881],
            ],
        ),
        (
            "tritanopia",
            [
                [1.255_528, -0.076_749, -0.178_779],
                [-0.078_411, 0.930_809, 0.147_602],
                [0.004_733, 0.691_367, 0.303_900],
            ],
        ),
    ];

    /// Linear light as somebody sees it.
    fn seen(sight: &[[f64; 3]; 3], light: [f64; 3]) -> [f64; 3] {
        let part = |row: &[f64; 3]| -> f64 { row.iter().zip(light).map(|(a, b)| a * b).sum() };
        [0, 1, 2].map(|at| part(&sight[at]).clamp(0.0, 1.0))
    }

    /// Linear light in `OKLab` (Ottosson 2020), in which alike distances look alike.
    fn oklab([red, green, blue]: [f64; 3]) -> [f64; 3] {
        let long =
            (0.412_221_470_8 * red + 0.536_332_536_3 * green + 0.051_445_992_9 * blue).cbrt();
        let mid = (0.211_903_498_2 * red + 0.680_699_545_1 * green + 0.107_396_956_6 * blue).cbrt();
        let short =
            (0.088_302_461_9 * red + 0.281_718_837_6 * green + 0.629_978_700_5 * blue).cbrt();
        [
            0.210_454_255_3 * long + 0.793_617_785 * mid - 0.004_072_046_8 * short,
            1.977_998_495_1 * long - 2.428_592_205 * mid + 0.450_593_709_9 * short,
            0.025_904_037_1 * long + 0.782_771_766_2 * mid - 0.808_675_766 * short,
        ]
    }

    /// The third and the fourth category are told from others by strokes, dashes or their order
    /// too: not for every kind of colour vision are there four colours that keep their contrast.
    #[test]
    fn colours_that_are_neighbours_look_different_to_every_kind_of_colour_vision() {
        const LEAST: f64 = 0.1;
        let pairs = [("up", "down"), ("c0", "c1"), ("c1", "c2")];
        for (one, other) in pairs {
            for (sight, matrix) in &SIGHTS {
                for shade in [|it: &Token| it.light, |it: &Token| it.dark] {
                    let [a, b] =
                        [one, other].map(|name| oklab(seen(matrix, linear(shade(colour(name))))));
                    let apart = a
                        .iter()
                        .zip(b)
                        .map(|(a, b)| (a - b).powi(2))
                        .sum::<f64>()
                        .sqrt();
                    assert!(apart >= LEAST, "{one} and {other}, {sight}: {apart:.3}");
                }
            }
        }
    }

    #[test]
    fn the_ramp_has_one_direction() {
        for level in 1..8 {
            let (before, after) = (
                colour(&format!("s{}", level - 1)),
                colour(&format!("s{level}")),
            );
            assert!(luminance(before.light) > luminance(after.light), "{level}");
            assert!(luminance(before.dark) < luminance(after.dark), "{level}");
        }
    }

    #[test]
    fn every_token_of_the_rules_is_defined_and_every_definition_used() {
        for part in RULES.split("var(--aq-").skip(1) {
            let name = part.split(')').next().unwrap();
            assert!(TOKENS.iter().any(|token| token.name == name), "{name}");
        }
        for token in &TOKENS {
            assert!(
                RULES.contains(&format!("var(--aq-{})", token.name)),
                "{}",
                token.name
            );
        }
    }

    #[test]
    fn a_file_names_each_colour_before_its_token() {
        let style = file_style();
        assert!(
            style.contains(".aq-up{fill:#0b6aa8;fill:var(--aq-up)}"),
            "{style}"
        );
        assert_eq!(
            style.matches(":var(").count(),
            RULES.matches(": var(").count()
        );
        assert_eq!(style.matches('{').count(), style.matches('}').count());
    }
}
