//! One browser window of a given width, driven over the WebDriver protocol.
//!
//! Owns the driver process, the session and the protocol's commands. What a person does with the
//! window is in `gestures.rs`, what is judged about a page in `judges.rs`. A newcomer resizes the
//! window to test a phone: a headless window refuses to be that narrow, so narrow widths are an
//! emulated phone from the start.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{Step, Trouble, http, places};

/// Widths below this are phones.
const PHONE_BELOW: u32 = 500;

/// Height of the window; pages are as long as they are.
const HEIGHT: u32 = 900;

/// A browser of our own, with a fresh profile, and no wish to talk to the world.
const FLAGS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--lang=ko-KR",
];

/// The browser's word for a thing that pages may not do.
const BLOCKED: u32 = 2;

/// The protocol's name for "this value is an element".
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// An element of the page, as the driver names it.
#[derive(Clone)]
pub(crate) struct Element(pub(crate) Value);

/// A browser with one window, and another tab while something is done in it. Dropping it ends it.
pub struct Browser {
    driver: Child,
    address: String,
    session: String,
    width: u32,
    scripts: bool,
    _profile: TempDir,
}

impl Browser {
    /// Starts a browser whose pages are `width` CSS pixels wide.
    pub fn start(width: u32) -> Step<Browser> {
        Browser::open(width, true)
    }

    /// Starts a browser that runs no page's script, as a careful citizen or a strict office sets it.
    ///
    /// What the harness asks of a page still works, but [`Browser::axe`] does not: with the scripts
    /// go the clocks and events that axe-core waits for.
    pub fn start_without_scripts(width: u32) -> Step<Browser> {
        Browser::open(width, false)
    }

    fn open(width: u32, scripts: bool) -> Step<Browser> {
        let profile = tempfile::tempdir().map_err(Trouble::when("making a profile"))?;
        let mut driver = Command::new("chromedriver")
            .args(["--port=0", "--log-level=SEVERE"])
            // The machine that runs CI may have no home folder; the browser insists on one.
            .env("HOME", profile.path())
            .env("TZ", "Asia/Seoul")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(Trouble::when("starting chromedriver (Debian: apt-get install chromium chromium-driver)"))?;
        let port = match port_of(&mut driver) {
            Ok(port) => port,
            Err(trouble) => {
                end(&mut driver);
                return Err(trouble);
            }
        };
        let mut browser = Browser {
            driver,
            address: format!("127.0.0.1:{port}"),
            session: String::new(),
            width,
            scripts,
            _profile: profile,
        };
        let opened = browser.request("POST", "/session", Some(browser.wishes()))?;
        browser.session =
            opened["sessionId"].as_str().ok_or_else(|| Trouble::new("the driver opened no session"))?.to_owned();
        Ok(browser)
    }

    /// What we ask of the browser when it opens.
    fn wishes(&self) -> Value {
        let mut flags: Vec<String> = FLAGS.iter().map(|flag| (*flag).to_owned()).collect();
        flags.push(format!("--user-data-dir={}", self._profile.path().display()));
        flags.push(format!("--window-size={},{HEIGHT}", self.width.max(PHONE_BELOW)));
        let mut options = json!({ "args": flags });
        if self.width < PHONE_BELOW {
            // Without scripts the driver waits for ever for the end of a tap, so there it clicks.
            let metrics = json!({ "width": self.width, "height": HEIGHT, "pixelRatio": 1, "touch": self.scripts });
            options["mobileEmulation"] = json!({ "deviceMetrics": metrics });
        }
        if !self.scripts {
            // The person's own setting. The developer protocol's switch holds for one tab only.
            options["prefs"] = json!({ "profile.default_content_setting_values.javascript": BLOCKED });
        }
        json!({ "capabilities": { "alwaysMatch": { "browserName": "chrome", "goog:chromeOptions": options } } })
    }

    /// The width that this browser was started with.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Whether this browser runs the scripts of pages.
    pub fn runs_scripts(&self) -> bool {
        self.scripts
    }

    /// Opens an address and waits until the page has loaded.
    pub fn goto(&self, url: &str) -> Step {
        self.post("/url", json!({ "url": url })).map(drop)
    }

    /// Goes back one page.
    pub fn back(&self) -> Step {
        self.post("/back", json!({})).map(drop)
    }

    /// Loads the page again; the answer to a form is asked for again with what was sent.
    pub fn reload(&self) -> Step {
        self.post("/refresh", json!({})).map(drop)
    }

    /// Does something in another tab of this browser, as the same person, and comes back to this one.
    pub fn in_another_tab<T>(&self, done: impl FnOnce(&Browser) -> Step<T>) -> Step<T> {
        let here = self.get("/window")?;
        let other = self.post("/window/new", json!({ "type": "tab" }))?["handle"].clone();
        self.post("/window", json!({ "handle": other }))?;
        let outcome = done(self);
        self.delete("/window")?;
        self.post("/window", json!({ "handle": here }))?;
        outcome
    }

    /// The address of the page.
    pub fn url(&self) -> Step<String> {
        self.get("/url").map(text_of)
    }

    /// The title of the page.
    pub fn title(&self) -> Step<String> {
        self.get("/title").map(text_of)
    }

    /// Runs a script in the page and returns its value. The page's content policy does not apply.
    pub fn script(&self, body: &str, arguments: Value) -> Step<Value> {
        self.post("/execute/sync", json!({ "script": body, "args": as_list(arguments) }))
    }

    /// Runs a script that answers through the callback it gets as its last argument.
    pub fn script_with_callback(&self, body: &str, arguments: Value) -> Step<Value> {
        self.post("/execute/async", json!({ "script": body, "args": as_list(arguments) }))
    }

    /// Keeps a picture of the whole page, not only of what fits the window, as `NAME.png` in the
    /// folder `e2e` beside the built programs.
    pub fn screenshot(&self, name: &str) -> Step {
        let size = self.devtools("Page.getLayoutMetrics", json!({}))?["cssContentSize"].clone();
        let clip = json!({
            "x": 0, "y": 0, "width": self.width, "height": size["height"], "scale": 1,
        });
        let picture = self.devtools(
            "Page.captureScreenshot",
            json!({ "format": "png", "captureBeyondViewport": true, "clip": clip }),
        )?;
        let bytes = STANDARD
            .decode(picture["data"].as_str().unwrap_or_default())
            .map_err(Trouble::when("reading a picture of the page"))?;
        std::fs::write(places::kept(&format!("{name}.png"))?, bytes)
            .map_err(Trouble::when("keeping a picture of the page"))
    }

    /// The HTML of the page as the browser has it now, for a page that its address alone would not
    /// bring again: the answer to a form.
    pub(crate) fn standing(&self) -> Step<String> {
        let html = self.script("return document.documentElement.outerHTML", json!([]))?;
        Ok(format!("<!DOCTYPE html>\n{}", text_of(html)))
    }

    /// The HTML of the page at the present address as the server sends it to this browser, before
    /// the browser mends or changes anything.
    pub fn served(&self) -> Step<String> {
        let url = self.url()?;
        let rest =
            url.strip_prefix("http://").ok_or_else(|| Trouble::new(format!("{url} is no page of a server here")))?;
        let (address, path) = rest.split_once('/').unwrap_or((rest, ""));
        let cookies: Vec<String> = self
            .get("/cookie")?
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|cookie| Some(format!("{}={}", cookie["name"].as_str()?, cookie["value"].as_str()?)))
            .collect();
        let cookies = cookies.join("; ");
        let headers: &[(&str, &str)] = &[("Cookie", cookies.as_str()), ("Accept", "text/html")];
        let headers = if cookies.is_empty() { &headers[1..] } else { headers };
        http::ask("GET", address, &format!("/{path}"), headers, None).map(|answer| answer.body)
    }

    /// A command of the browser's own developer protocol, which the driver passes on.
    pub(crate) fn devtools(&self, command: &str, parameters: Value) -> Step<Value> {
        self.post("/goog/cdp/execute", json!({ "cmd": command, "params": parameters }))
    }

    /// The element that has the keyboard.
    pub(crate) fn active(&self) -> Step<Element> {
        self.get("/element/active").map(Element)
    }

    pub(crate) fn click_element(&self, element: &Element) -> Step {
        self.post(&element.path("click")?, json!({})).map(drop)
    }

    pub(crate) fn clear_element(&self, element: &Element) -> Step {
        self.post(&element.path("clear")?, json!({})).map(drop)
    }

    pub(crate) fn type_into(&self, element: &Element, text: &str) -> Step {
        self.post(&element.path("value")?, json!({ "text": text })).map(drop)
    }

    fn get(&self, command: &str) -> Step<Value> {
        self.request("GET", &format!("/session/{}{command}", self.session), None)
    }

    fn post(&self, command: &str, body: Value) -> Step<Value> {
        self.request("POST", &format!("/session/{}{command}", self.session), Some(body))
    }

    fn delete(&self, command: &str) -> Step<Value> {
        self.request("DELETE", &format!("/session/{}{command}", self.session), None)
    }

    /// One command of the protocol. What the driver refuses becomes trouble in its own words.
    fn request(&self, method: &str, path: &str, body: Option<Value>) -> Step<Value> {
        let body = body.map(|body| body.to_string());
        let answer = http::ask(method, &self.address, path, &[], body.as_deref())?;
        let mut said: Value =
            serde_json::from_str(&answer.body).map_err(Trouble::when("reading the driver's answer"))?;
        let value = said["value"].take();
        if answer.status == 200 {
            return Ok(value);
        }
        let message = value["message"].as_str().unwrap_or("no message");
        let first = message.lines().next().unwrap_or_default();
        Err(Trouble::new(format!("the browser refused: {first}")))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Closing the session ends the browser itself; ending only the driver would leave it.
        if !self.session.is_empty() {
            let _ = self.request("DELETE", &format!("/session/{}", self.session), None);
        }
        end(&mut self.driver);
    }
}

impl Element {
    fn path(&self, command: &str) -> Step<String> {
        let id = self.0[ELEMENT].as_str().ok_or_else(|| Trouble::new("the page has no such element"))?;
        Ok(format!("/element/{id}/{command}"))
    }
}

/// Reads the driver's greeting, which names the free port that it chose, and leaves somebody
/// reading on: a driver whose output nobody takes would stop.
fn port_of(driver: &mut Child) -> Step<u16> {
    let Some(output) = driver.stdout.take() else {
        return Err(Trouble::new("chromedriver has no output"));
    };
    let mut lines = BufReader::new(output).lines();
    let mut heard = String::new();
    for line in lines.by_ref() {
        let line = line.map_err(Trouble::when("listening to chromedriver"))?;
        let port = line
            .rsplit_once("on port ")
            .and_then(|(_, rest)| rest.trim_end_matches('.').parse().ok())
            .filter(|_| line.contains("successfully"));
        if let Some(port) = port {
            std::thread::spawn(move || lines.for_each(drop));
            return Ok(port);
        }
        heard.push_str(&line);
        heard.push('\n');
    }
    Err(Trouble::new(format!("chromedriver named no port:\n{heard}")))
}

fn end(process: &mut Child) {
    let _ = process.kill();
    let _ = process.wait();
}

fn text_of(value: Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn as_list(arguments: Value) -> Value {
    if arguments.is_array() { arguments } else { json!([arguments]) }
}
