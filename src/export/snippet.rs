//! What an author pastes into a page of their own to show a panel there.

use super::escape;
use crate::catalog::quantization::formats;

formats! {
    /// Where the panel will stand.
    Place {
        /// A page that runs scripts: the element of `embed.js`.
        Element = "element",
        /// A page that takes frames.
        Frame = "iframe",
        /// A README: committed pictures, light and dark, that link to the live page.
        Markdown = "markdown",
        /// Anywhere else.
        Link = "link",
    }
}

/// A panel of a scenario, at an address.
#[derive(Debug, Clone, PartialEq)]
pub struct Embedding {
    /// Address of the app's folder, ending in `/`.
    pub app: String,
    /// The link's fragment with its `#`; empty for the defaults.
    pub fragment: String,
    /// Name of the panel as in `?embed=`.
    pub panel: String,
    /// `auto`, `light` or `dark`.
    pub theme: String,
    /// Link keys of the controls of a planner, by commas; empty for the essential ones, and for other panels.
    pub controls: String,
    /// Height of a frame that no script adjusts, CSS pixels.
    pub height: f64,
    /// What the panel says, for those who cannot see it.
    pub title: String,
}

impl Embedding {
    /// The text to paste.
    pub fn snippet(&self, place: Place) -> String {
        let (app, page) = (html(&self.app), html(&self.page()));
        let (panel, title) = (html(&self.panel), html(&self.title));
        match place {
            Place::Element => format!(
                "<script async src=\"{app}embed.js\"></script>\n<crossover-chart panel=\"{panel}\"{}{} link=\"{}\" title=\"{title}\"></crossover-chart>\n",
                attribute("controls", &self.controls),
                attribute("theme", if self.theme == "auto" { "" } else { &self.theme }),
                html(self.fragment.trim_start_matches('#')),
            ),
            Place::Frame => format!(
                "<iframe data-crossover loading=\"lazy\" width=\"100%\" height=\"{:.0}\" title=\"{title}\" src=\"{}\"></iframe>\n",
                self.height,
                html(&self.frame_address()),
            ),
            Place::Markdown => format!(
                "<a href=\"{page}\">\n  <picture>\n    <source media=\"(prefers-color-scheme: dark)\" srcset=\"crossover-dark.svg\">\n    <img alt=\"{title}\" src=\"crossover-light.svg\">\n  </picture>\n</a>\n",
            ),
            Place::Link => format!("[{}]({})\n", escape::markdown(&self.title), self.page()),
        }
    }

    /// The commands that draw the pictures of [`Place::Markdown`]; the planner, which has none, is stood for by the
    /// verdict that it shows.
    pub fn commands(&self) -> String {
        let link = if self.fragment.is_empty() { "#v=1" } else { &self.fragment };
        let panel = if self.panel == "planner" { "verdict" } else { &self.panel };
        let (link, panel) = (escape::shell(link), escape::shell(panel));
        ["light", "dark"]
            .map(|theme| {
                format!("crossover chart {link} --panel {panel} --theme {theme} --output crossover-{theme}.svg\n")
            })
            .concat()
    }

    /// The address of the panel alone.
    pub fn frame_address(&self) -> String {
        let theme = if self.theme == "auto" { String::new() } else { format!("&theme={}", self.theme) };
        let controls = if self.controls.is_empty() { String::new() } else { format!("&controls={}", self.controls) };
        format!("{}?embed={}{controls}{theme}{}", self.app, self.panel, self.fragment)
    }

    /// The address of the whole page.
    fn page(&self) -> String {
        format!("{}{}", self.app, self.fragment)
    }
}

/// An attribute with a space in front of it; nothing where it has no value.
fn attribute(name: &str, value: &str) -> String {
    if value.is_empty() { String::new() } else { format!(" {name}=\"{}\"", html(value)) }
}

/// For HTML text and quoted attributes.
fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    //! What is pasted shows the panel, and nothing a title says becomes markup.
    use super::*;

    fn embedding(title: &str) -> Embedding {
        Embedding {
            app: "https://example.org/crossover/".into(),
            fragment: "#v=1&tokens=200M".into(),
            panel: "break-even".into(),
            theme: "auto".into(),
            controls: String::new(),
            height: 420.0,
            title: title.into(),
        }
    }

    #[test]
    fn snippets_hold_the_scenario() {
        let e = embedding("API is cheaper");
        assert_eq!(
            e.snippet(Place::Element),
            "<script async src=\"https://example.org/crossover/embed.js\"></script>\n<crossover-chart panel=\"break-even\" \
             link=\"v=1&amp;tokens=200M\" title=\"API is cheaper\"></crossover-chart>\n"
        );
        let dark = Embedding { theme: "dark".into(), ..e.clone() };
        assert_eq!(dark.frame_address(), "https://example.org/crossover/?embed=break-even&theme=dark#v=1&tokens=200M");
        assert!(e.commands().starts_with("crossover chart '#v=1&tokens=200M' --panel break-even --theme light"));
        let planner = Embedding { panel: "planner".into(), controls: "tokens,gpus".into(), height: 981.0, ..e.clone() };
        assert_eq!(
            planner.frame_address(),
            "https://example.org/crossover/?embed=planner&controls=tokens,gpus#v=1&tokens=200M"
        );
        assert!(
            planner
                .snippet(Place::Element)
                .contains("panel=\"planner\" controls=\"tokens,gpus\" link=\"v=1&amp;tokens")
        );
        assert!(planner.snippet(Place::Frame).contains(" height=\"981\" "));
        assert!(planner.commands().contains("--panel verdict "), "the planner has no picture");
        assert_eq!(e.snippet(Place::Link), "[API is cheaper](https://example.org/crossover/#v=1&tokens=200M)\n");
    }

    #[test]
    fn no_snippet_carries_a_style_attribute_or_lets_a_title_out() {
        let e = embedding("\"><script>alert(1)</script> [x](y)");
        for place in Place::ALL {
            let text = e.snippet(*place);
            assert!(!text.contains("style="), "{text}");
            assert!(!text.contains("<script>alert"), "{text}");
        }
    }
}
