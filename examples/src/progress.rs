//! A live progress bar.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const TEMPLATE: &str = "  {bar:40.cyan/dim} {percent:>3}%  {human_pos} of {human_len} {msg}";

/// Done, half done, to be done.
pub(crate) const CHARS: &str = "━╸─";

/// A bar on standard error. It is not drawn where that is no terminal, and leaves nothing
/// behind.
#[derive(Debug)]
pub struct Progress(ProgressBar);

impl Progress {
    /// A bar for so many of something, in the plural.
    pub fn of(total: u64, what: &'static str) -> Self {
        let style = ProgressStyle::with_template(TEMPLATE);
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
        Self(
            bar.with_style(style.progress_chars(CHARS))
                .with_message(what),
        )
    }

    /// A bar that is never drawn.
    pub fn hidden() -> Self {
        Self(ProgressBar::hidden())
    }

    /// So many are done.
    pub fn set(&self, done: u64) {
        self.0.set_position(done);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
