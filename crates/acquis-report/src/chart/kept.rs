//! A figure of a report that was kept, made a file of its own again: the chart is gone, its
//! drawing for a page is there.

use maud::{Markup, PreEscaped, html};

use super::{MARGIN, palette, px};
use crate::document::Block;
use crate::text::{broken, printable};

/// A figure that [`Chart::figure`](super::Chart::figure) made, as an SVG file with its caption
/// above and its source below, as [`Chart::svg`](super::Chart::svg) gives it. `None` for a
/// block that is no such figure.
pub fn figure_file(block: &Block) -> Option<String> {
    let Block::Figure {
        svg,
        caption,
        source,
    } = block
    else {
        return None;
    };
    let drawn = Drawn::read(svg)?;
    let title = broken(&printable(caption), drawn.width / 16.0, 3);
    let source = match source.as_str() {
        "" => Vec::new(),
        source => broken(
            &printable(&format!("Source: {source}")),
            drawn.width / 11.0,
            4,
        ),
    };
    Some(drawn.sheet(&printable(caption), &title, &source))
}

/// The drawing for a desk, the first of the two that a figure holds.
struct Drawn<'s> {
    width: f64,
    height: f64,
    /// The picture in words, escaped.
    description: &'s str,
    /// Everything that is drawn.
    shapes: String,
}

impl<'s> Drawn<'s> {
    fn read(figure: &'s str) -> Option<Self> {
        // The drawing for a phone is an element of the same form behind the first.
        let start = "<svg xmlns=";
        let ends = figure.get(start.len()..)?.find(start);
        let one = &figure[..ends.map_or(figure.len(), |end| end + start.len())];
        let one = one.trim().strip_prefix(start)?.strip_suffix("</svg>")?;
        let (head, body) = one.split_once('>')?;
        let (_, view) = head.split_once("viewBox=\"0 0 ")?;
        let (width, height) = view.split_once('"')?.0.split_once(' ')?;
        let (_, body) = body.split_once("<desc>")?;
        let (description, shapes) = body.split_once("</desc>")?;
        Some(Self {
            width: width.parse().ok()?,
            height: height.parse().ok()?,
            description,
            shapes: without_links(shapes),
        })
    }

    fn sheet(&self, name: &str, title: &[String], source: &[String]) -> String {
        let top = 22.0 * title.len() as f64 + 8.0;
        let foot = 16.0 * source.len() as f64 + 6.0;
        let whole = self.width + 2.0 * MARGIN;
        let tall = top + self.height + foot + 2.0 * MARGIN;
        html! {
            svg xmlns="http://www.w3.org/2000/svg" class="aq" role="img"
                viewBox=(format!("0 0 {} {}", px(whole), px(tall)))
                width=(px(whole)) height=(px(tall)) aria-label=(name) {
                title { (name) }
                desc { (PreEscaped(self.description)) }
                style { (PreEscaped(palette::file_style())) }
                rect.aq-paper width=(px(whole)) height=(px(tall)) {}
                g transform=(format!("translate({} {})", px(MARGIN), px(MARGIN))) {
                    (lines("aq-title", title, 17.0, 22.0))
                    g transform=(format!("translate(0 {})", px(top))) { (PreEscaped(&self.shapes)) }
                    (lines("aq-small", source, top + self.height + 16.0, 16.0))
                }
            }
        }
        .into_string()
    }
}

fn lines(class: &str, lines: &[String], first: f64, step: f64) -> Markup {
    html! {
        @for (at, line) in lines.iter().enumerate() {
            text class=(class) x="0" y=(px(first + step * at as f64)) { (line) }
        }
    }
}

/// Shapes without the links around them: a file leads nowhere.
fn without_links(shapes: &str) -> String {
    let mut plain = String::with_capacity(shapes.len());
    let mut rest = shapes;
    while let Some((before, link)) = rest.split_once("<a ") {
        plain.push_str(before);
        rest = link.split_once('>').map_or("", |(_, inside)| inside);
    }
    plain.push_str(rest);
    plain.replace("</a>", "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{Bar, BarChart, Chart as _};

    #[test]
    fn a_figure_that_was_kept_is_a_file_with_its_caption_and_its_source() {
        let mut chart = BarChart::new("Who gains & who loses", "Real income", "%").source("own");
        chart.push(Bar::new("Ruritania", 1.25)).unwrap();
        chart.push(Bar::new("Graustark", -0.5)).unwrap();
        let file = figure_file(&chart.figure()).unwrap();
        assert!(file.starts_with("<svg ") && file.ends_with("</svg>"));
        assert_eq!(file.matches("<svg ").count(), 1, "one drawing of the two");
        for part in [
            "Who gains &amp; who loses",
            "Source: own",
            "Ruritania",
            "<style>",
        ] {
            assert!(file.contains(part), "{part}: {file}");
        }
    }

    #[test]
    fn links_go_and_what_they_held_stays() {
        assert_eq!(
            without_links("<g><a href=\"/x\"><rect/></a><a href=\"/y\"><b/></a></g>"),
            "<g><rect/><b/></g>"
        );
        assert_eq!(figure_file(&Block::Paragraph("x".to_owned())), None);
    }
}
