//! What is new (새 소식), for programs that look by themselves: Atom (RFC 4287) and JSON Feed 1.1.
//!
//! Owns: the two forms of one list. Does not own: what is news. What a newcomer gets wrong: an id that
//! changes with the address. An id names the thing for ever, wherever the site lies.

use std::fmt::Write as _;

use iljari_base::Timestamp;
use iljari_base::markup::escaped;
use serde_json::{Value, json};

/// One list of news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Its id, a URN.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Who writes it.
    pub author: String,
    /// The page that shows the same.
    pub page: String,
    /// The news, the newest first.
    pub entries: Vec<FeedEntry>,
}

/// One piece of news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEntry {
    /// Its id, a URN.
    pub id: String,
    /// Its headline.
    pub title: String,
    /// A sentence or two.
    pub summary: String,
    /// Its page.
    pub page: String,
    /// When it became known.
    pub at: Timestamp,
}

impl Feed {
    /// As Atom. `updated` of a list without news is the beginning of time: the element must be there.
    pub fn atom(&self) -> String {
        let updated = self.entries.iter().map(|entry| entry.at).max().unwrap_or(Timestamp::from_microsecond(0));
        let mut text =
            String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n");
        let (id, title, page, author) =
            (escaped(&self.id), escaped(&self.title), escaped(&self.page), escaped(&self.author));
        let _ = write!(
            text,
            "<id>{id}</id>\n<title>{title}</title>\n<link href=\"{page}\"/>\n<author><name>{author}</name></author>\n<updated>{updated}</updated>\n"
        );
        for entry in &self.entries {
            let (id, title, page, summary) =
                (escaped(&entry.id), escaped(&entry.title), escaped(&entry.page), escaped(&entry.summary));
            let _ = write!(
                text,
                "<entry>\n<id>{id}</id>\n<title>{title}</title>\n<link href=\"{page}\"/>\n<updated>{}</updated>\n<summary>{summary}</summary>\n</entry>\n",
                entry.at
            );
        }
        text.push_str("</feed>\n");
        text
    }

    /// As JSON Feed 1.1.
    pub fn json(&self) -> String {
        let items: Vec<Value> = self
            .entries
            .iter()
            .map(|entry| {
                json!({
                    "id": entry.id, "url": entry.page, "title": entry.title,
                    "content_text": entry.summary, "date_published": entry.at.to_string(),
                })
            })
            .collect();
        let feed = json!({
            "version": "https://jsonfeed.org/version/1.1", "title": self.title, "home_page_url": self.page,
            "language": "ko", "authors": [{ "name": self.author }], "items": items,
        });
        format!("{feed}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_say_the_same_and_nothing_of_a_text_becomes_mark_up() {
        let at = Timestamp::from_microsecond(1_795_410_000_000_000);
        let entry = FeedEntry {
            id: "urn:iljari:99001:disclosure:1".to_owned(),
            title: "2026년 <공시> & 정정".to_owned(),
            summary: "\"숫자\"".to_owned(),
            page: "/districts/99001/disclosures/1".to_owned(),
            at,
        };
        let feed = Feed {
            id: "urn:iljari:99001:disclosures".to_owned(),
            title: "나루구 공시".to_owned(),
            author: "나루구".to_owned(),
            page: "/districts/99001/disclosures".to_owned(),
            entries: vec![entry],
        };
        let atom = feed.atom();
        assert!(
            atom.contains("<title>2026년 &lt;공시&gt; &amp; 정정</title>") && atom.contains(&at.to_string()),
            "{atom}"
        );
        let json: Value = serde_json::from_str(&feed.json()).expect("JSON");
        assert_eq!(json["items"][0]["title"], "2026년 <공시> & 정정");
        let none = Feed { entries: Vec::new(), ..feed };
        assert!(none.atom().contains("<updated>1970-01-01"), "an empty list still says when it changed");
    }
}
