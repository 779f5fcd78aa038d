//! A figure (수치): times of a function, and the line that tells them.
//!
//! Owns: the clock, and seconds written without floats. Does not own: any verdict on them. What a
//! newcomer gets wrong: wall time alone. On a machine that others use, processor time and the
//! fastest run say more.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// Wall and processor time of some runs, one entry a run.
#[derive(Debug, Clone, Default)]
pub struct Times {
    wall: Vec<Duration>,
    processor: Vec<Duration>,
}

/// Processor time of all threads so far.
fn processor() -> Duration {
    let spent = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(u64::try_from(spent.tv_sec).unwrap_or(0), u32::try_from(spent.tv_nsec).unwrap_or(0))
}

/// A run under way.
#[derive(Debug, Clone, Copy)]
pub struct Started(Instant, Duration);

impl Times {
    /// Begins a run that is not one call.
    pub fn start(&self) -> Started {
        Started(Instant::now(), processor())
    }

    /// Ends it.
    pub fn stop(&mut self, started: Started) {
        self.processor.push(processor().saturating_sub(started.1));
        self.wall.push(started.0.elapsed());
    }

    /// Times one run and hands on what it came to.
    pub fn run<T>(&mut self, what: impl FnOnce() -> T) -> T {
        let started = self.start();
        let come = what();
        self.stop(started);
        come
    }

    /// Median wall time.
    pub fn wall(&self) -> Duration {
        median(&self.wall)
    }

    /// Wall time of all runs together.
    pub fn total(&self) -> Duration {
        self.wall.iter().sum()
    }

    /// Shortest wall time.
    pub fn shortest(&self) -> Duration {
        self.wall.iter().min().copied().unwrap_or_default()
    }

    /// Median processor time.
    pub fn processor(&self) -> Duration {
        median(&self.processor)
    }

    /// Least processor time.
    pub fn processor_least(&self) -> Duration {
        self.processor.iter().min().copied().unwrap_or_default()
    }
}

fn median(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Seconds with nanoseconds behind the point, as a JSON number.
pub fn seconds(time: Duration) -> String {
    format!("{}.{:09}", time.as_secs(), time.subsec_nanos())
}

/// A JSON line in the making.
#[derive(Debug, Default)]
pub struct Line(String);

impl Line {
    /// Opens a line with what is measured of which area, by which of the product's functions.
    pub fn new(area: &str, what: &str, function: &str) -> Self {
        Self::of("iljari", area, what, function)
    }

    /// The same of somebody else, who has no function of the product.
    pub fn of(peer: &str, area: &str, what: &str, function: &str) -> Self {
        let line = Self::default().text("area", area).text("peer", peer).text("what", what);
        if function.is_empty() { line } else { line.text("fn", function) }
    }

    /// Adds a text.
    #[must_use]
    pub fn text(self, key: &str, value: &str) -> Self {
        let value = serde_json::Value::String(value.to_owned()).to_string();
        self.raw(key, &value)
    }

    /// Adds a number.
    #[must_use]
    pub fn number(self, key: &str, value: impl Into<u64>) -> Self {
        let value = value.into().to_string();
        self.raw(key, &value)
    }

    /// Adds a time in seconds.
    #[must_use]
    pub fn time(self, key: &str, value: Duration) -> Self {
        let value = seconds(value);
        self.raw(key, &value)
    }

    /// Adds wall time, the shortest, and processor time, the shortest too.
    #[must_use]
    pub fn times(self, times: &Times) -> Self {
        self.time("work_s", times.wall())
            .time("min_s", times.shortest())
            .time("cpu_s", times.processor())
            .time("cpu_min_s", times.processor_least())
    }

    fn raw(mut self, key: &str, value: &str) -> Self {
        let _ = write!(self.0, "{}\"{key}\": {value}", if self.0.is_empty() { "" } else { ", " });
        self
    }

    /// The line, with the most memory that this process has had.
    pub fn end(self) -> String {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = peak.and_then(|rest| rest.split_whitespace().next()).and_then(|kib| kib.parse::<u64>().ok());
        let line = self.number("rss_mib", kib.unwrap_or(0) / 1024);
        format!("{{{}}}", line.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_json_and_times_are_seconds() {
        let mut times = Times::default();
        assert_eq!(times.run(|| 7), 7);
        let line = Line::new("A", "masks", "f").times(&times).number("n", 3_u64).end();
        let read: serde_json::Value = serde_json::from_str(&line).expect("a line of JSON");
        assert_eq!((read["fn"].as_str(), read["n"].as_u64()), (Some("f"), Some(3)));
        assert!(read["work_s"].is_number() && read["rss_mib"].as_u64() > Some(0));
        assert_eq!(seconds(Duration::from_micros(1_234_567)), "1.234567000");
    }
}
