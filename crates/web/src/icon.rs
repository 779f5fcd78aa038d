//! The icons, drawn inline: 24-grid, 2 px stroke, the colour of the text around them.
//!
//! Owns: the shapes. What a newcomer gets wrong: an icon alone. It stands beside a word, always.

use crate::charts::Svg;

const ICONS: [(&str, &str); 19] = [
    ("alert", r#"<path d="M12 3.5 22 20.5H2ZM12 10v4.5M12 17.5v.1"/>"#),
    ("back", r#"<path d="M15 5l-7 7 7 7"/>"#),
    ("check", r#"<path d="M5 12.5 10 17.5 19 7"/>"#),
    ("clock", r#"<path d="M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM12 7v5.5l3.5 2"/>"#),
    ("cross", r#"<path d="M6 6 18 18M18 6 6 18"/>"#),
    ("dash", r#"<path d="M6 12h12"/>"#),
    ("download", r#"<path d="M12 4v12M6.5 11 12 16.5 17.5 11M4 20.5h16"/>"#),
    ("file", r#"<path d="M6 3h8l4 4v14H6ZM14 3v4h4"/>"#),
    ("filter", r#"<path d="M4 7h16M7 12h10M10 17h4"/>"#),
    ("half", r#"<circle cx="12" cy="12" r="8.5"/><path d="M12 3.5a8.5 8.5 0 0 0 0 17Z" fill="currentColor"/>"#),
    ("info", r#"<path d="M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM12 11v6M12 7.5v.1"/>"#),
    ("lock", r#"<path d="M6 11h12v9H6ZM8.5 11V8a3.5 3.5 0 0 1 7 0v3"/>"#),
    ("menu", r#"<path d="M4 7h16M4 12h16M4 17h16"/>"#),
    ("next", r#"<path d="M9 5l7 7-7 7"/>"#),
    ("print", r#"<path d="M7 9V3.5h10V9M7 17H4V9h16v8h-3M7 14h10v6.5H7Z"/>"#),
    ("question", r#"<path d="M8.5 9a3.5 3.5 0 1 1 5 3.2c-1 .5-1.5 1.2-1.5 2.3M12 18.5v.1"/>"#),
    ("search", r#"<path d="M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM15.5 15.5 20.5 20.5"/>"#),
    ("swap", r#"<path d="M4 8h14M14 4l4 4-4 4M20 16H6M10 12l-4 4 4 4"/>"#),
    ("text", r#"<path d="M3 19 8.5 5 14 19M5 14.5h7M15 19l3.5-9L22 19M16.3 16h4.4"/>"#),
];

/// The icon of that name; an unknown name draws nothing, which the gallery's test would notice.
pub fn icon(name: &str) -> Svg {
    let shape = ICONS.iter().find(|(known, _)| *known == name);
    match shape {
        Some((_, shape)) => {
            Svg::of(format!(r#"<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{shape}</svg>"#))
        }
        None => Svg::default(),
    }
}

/// Every name there is.
pub fn names() -> impl Iterator<Item = &'static str> {
    ICONS.iter().map(|(name, _)| *name)
}
