//! Every fault the wall looks for, once.

use super::*;
use crate::error_page::{OfficeErrorPage, PublicErrorPage};
use crate::gallery::{GalleryPage, OfficeGalleryPage};
use crate::once::AlreadyPage;

/// A page without a fault around a body.
fn page(body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"ko\"><head><title>쪽</title></head><body><main id=\"main\"><h1>참입니다</h1>{body}</main></body></html>"
    )
}

#[test]
fn a_good_page_has_no_findings() {
    let body = r##"<a href="#main">본문</a> <a rel="external noreferrer" href="https://www.law.go.kr">법령</a>
        <form action="/a" method="post"><label for="n">수</label><input id="n" name="n" type="text">
        <fieldset><legend>때</legend><label><input type="radio" name="k" value="a"> 오전</label></fieldset>
        <textarea aria-label="이유" name="why">a < b</textarea><button type="submit">보내기</button></form>
        <table><caption>표</caption><thead><tr><th scope="col">해</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>
        <svg role="img" aria-labelledby="t"><title id="t">그림</title><rect width="1"/></svg><svg aria-hidden="true"></svg>"##;
    assert_eq!(check_html(&page(body)), Vec::<String>::new());
}

#[test]
fn each_fault_is_found() {
    let cases = [
        ("<h1>둘</h1>", "2 <h1> instead of one"),
        ("<main></main>", "2 <main> instead of one"),
        ("<p id=\"a\"></p><p id=\"a\"></p>", "\"a\" is not unique"),
        ("<p id=\"a b\"></p>", "names nothing"),
        ("<a href=\"#gone\">가기</a>", "refers to \"gone\""),
        ("<p aria-labelledby=\"gone\"></p>", "refers to \"gone\""),
        ("<input name=\"n\" type=\"text\">", "<input> without a label"),
        ("<label for=\"s\"></label><select id=\"s\" name=\"s\"></select>", "<select> without a label"),
        ("<textarea name=\"t\"></textarea>", "<textarea> without a label"),
        ("<label>수<input type=\"text\"></label>", "<input> without a name"),
        ("<label><input type=\"radio\" name=\"k\"> 가</label>", "outside a <fieldset>"),
        ("<fieldset><p>때</p></fieldset>", "does not begin with its <legend>"),
        ("<label>수<input name=\"n\" aria-invalid=\"true\"></label>", "does not point to its error"),
        ("<form method=\"post\"></form>", "<form> without an action"),
        ("<p style=\"color:red\"></p>", "the attribute style is not allowed"),
        ("<p onclick=\"a()\"></p>", "the attribute onclick is not allowed"),
        ("<script>1</script>", "<script> is not allowed"),
        ("<style>p{}</style>", "<style> is not allowed"),
        ("<iframe src=\"/a\"></iframe>", "<iframe> is not allowed"),
        ("<img src=\"https://a.example/b.png\" alt=\"\">", "<img> leads outside"),
        ("<img src=\"//a.example/b.png\" alt=\"\">", "<img> leads outside"),
        ("<a href=\"https://a.example\">밖</a>", "<a> leads outside"),
        ("<form action=\"http://a.example\"></form>", "<form> leads outside"),
        ("<a href=\"javascript:a()\">함정</a>", "strange kind"),
        ("<a href=\"#\">아무 데도</a>", "leads nowhere"),
        ("<a href=\"/a\"></a>", "<a> without words"),
        ("<button type=\"submit\"></button>", "<button> without words"),
        ("<button>보내기</button>", "<button> without a type"),
        ("<img src=\"/a.png\">", "<img> without alt"),
        ("<svg></svg>", "neither hidden nor told"),
        ("<table><tr><th scope=\"col\">해</th></tr></table>", "without a caption"),
        ("<table><caption>표</caption><tr><td>1</td></tr></table>", "without headings"),
        ("<table><caption>표</caption><tr><th>해</th></tr></table>", "<th> without a scope"),
        ("<p>광진구은(는)</p>", "은(는)"),
        ("<p>{{ count }}</p>", "{{"),
        ("<div><p>열림</div>", "</div> where <p>"),
        ("<div>", "</main> where <div>"),
        ("<div/>", "closes nothing"),
        ("<p class=a></p>", "begins no tag"),
        ("<p id=\"a\" id=\"b\"></p>", "has id twice"),
    ];
    for (body, expected) in cases {
        let findings = check_html(&page(body));
        let found = findings.iter().any(|finding| finding.contains(expected));
        assert!(found, "{body}: wanted {expected:?}, found {findings:?}");
    }
}

#[test]
fn a_page_without_its_frame_is_found() {
    let findings = check_html("<p>글</p>").join("\n");
    for expected in ["<!DOCTYPE html>", "lang=\"ko\"", "0 <h1>", "0 <main>", "no <title>"] {
        assert!(findings.contains(expected), "{findings}");
    }
}

#[test]
fn korean_on_a_page_of_another_language_says_that_it_is_korean() {
    let foreign = |body: &str| check_html(&page(body).replace("<html lang=\"ko\">", "<html lang=\"vi\">"));
    // The heading of the test's page is Korean, which is found as well.
    let frame = |body: &str| foreign(body).into_iter().filter(|it| !it.contains("<h1>")).collect::<Vec<_>>();
    assert_eq!(foreign("<p lang=\"ko\">글</p><p>chữ <span lang=\"ko\">글</span> chữ</p>").len(), 1);
    assert_eq!(frame("<p lang=\"ko\">글</p><p>chữ <span lang=\"ko\">글</span> chữ</p>"), Vec::<String>::new());
    for (body, name) in [
        ("<p>chữ 글</p>", "<p>"),
        ("<div lang=\"ko\"><p lang=\"vi\">글</p></div>", "<p>"),
        ("<nav aria-label=\"차례\"><p>chữ</p></nav>", "<nav>"),
    ] {
        let findings = frame(body);
        assert!(findings.len() == 1 && findings[0].contains(name), "{body}: {findings:?}");
    }
    let unknown = check_html(&page("").replace("<html lang=\"ko\">", "<html lang=\"ja\">"));
    assert!(unknown.iter().any(|finding| finding.contains("another language")), "{unknown:?}");
}

#[test]
fn a_fault_is_told_with_its_line() {
    assert_eq!(check_html(&page("\n\n<script></script>")), ["line 4: <script> is not allowed"]);
}

#[test]
fn the_kits_own_pages_stand() {
    assert_eq!(check_samples::<GalleryPage>(), Vec::<String>::new());
    assert_eq!(check_samples::<OfficeGalleryPage>(), Vec::<String>::new());
    assert_eq!(check_samples::<PublicErrorPage>(), Vec::<String>::new());
    assert_eq!(check_samples::<OfficeErrorPage>(), Vec::<String>::new());
    assert_eq!(check_samples::<AlreadyPage>(), Vec::<String>::new());
}

#[test]
fn a_page_without_samples_is_found() {
    #[derive(Template)]
    #[template(source = "", ext = "html")]
    struct Nothing;
    impl Sample for Nothing {
        fn samples() -> Vec<Self> {
            Vec::new()
        }
    }
    assert!(check_samples::<Nothing>()[0].contains("has no samples"));
}
