//! What every reading function has in hand: the file as authored files are read, and the sources it cites.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use iljari_authored::Place;
pub(crate) use iljari_authored::{Map, NOT_AVAILABLE, closest};

use crate::plan::Problems;
use crate::plan::codes::Code;

/// The page that describes the format.
const FORMAT_PAGE: &str = "docs/reference/plan-format.md";

/// The file being read and the problems found in it.
pub(crate) struct Cx<'a> {
    file: iljari_authored::Cx<'a, Code>,
    /// Every source named by a `출처`, with where it is named.
    pub(crate) cited: &'a mut Vec<(String, Place)>,
}

impl<'a> Cx<'a> {
    pub(crate) fn new(
        file: Arc<str>,
        text: &'a str,
        problems: &'a mut Problems,
        cited: &'a mut Vec<(String, Place)>,
    ) -> Self {
        Self { file: iljari_authored::Cx { file, text, problems, format_page: FORMAT_PAGE }, cited }
    }
}

impl<'a> Deref for Cx<'a> {
    type Target = iljari_authored::Cx<'a, Code>;

    fn deref(&self) -> &Self::Target {
        &self.file
    }
}

impl DerefMut for Cx<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.file
    }
}
