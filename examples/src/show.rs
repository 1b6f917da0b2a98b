//! How numbers, times and tables are shown to a person.

use std::fmt::{self, Display, Write};
use std::time::Duration;

/// A number with a comma between each three digits.
///
/// ```
/// assert_eq!(dpp_examples::show::thousands(1_000_000), "1,000,000");
/// ```
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
    for (digit, behind) in digits.chars().zip((0..digits.len()).rev()) {
        shown.push(digit);
        if behind > 0 && behind % 3 == 0 {
            shown.push(',');
        }
    }
    shown
}

/// A number of things, such as `1 unit` and `2 units`.
pub fn count(number: u64, one: &str, many: &str) -> String {
    let what = if number == 1 { one } else { many };
    format!("{} {what}", thousands(number))
}

/// A time in the unit that suits it.
///
/// ```
/// use std::time::Duration;
///
/// assert_eq!(dpp_examples::show::duration(Duration::from_micros(41_700)), "41.7 ms");
/// assert_eq!(dpp_examples::show::duration(Duration::from_millis(1_234)), "1.23 s");
/// ```
pub fn duration(time: Duration) -> String {
    match time.as_secs_f64() {
        seconds if seconds < 1.0 => format!("{:.1} ms", seconds * 1e3),
        seconds => format!("{seconds:.2} s"),
    }
}

/// A size in bytes, in the unit that suits it.
///
/// ```
/// assert_eq!(dpp_examples::show::bytes(151_300_000), "151.3 MB");
/// ```
pub fn bytes(bytes: u64) -> String {
    match bytes as f64 {
        small if small < 1e3 => count(bytes, "byte", "bytes"),
        some if some < 1e6 => format!("{:.1} kB", some / 1e3),
        many if many < 1e9 => format!("{:.1} MB", many / 1e6),
        huge => format!("{:.1} GB", huge / 1e9),
    }
}

/// How many were done in a second, to three digits.
///
/// ```
/// use std::time::Duration;
///
/// let rate = dpp_examples::show::per_second(1_000_000, Duration::from_millis(41));
/// assert_eq!(rate, "24,400,000");
/// ```
pub fn per_second(number: u64, time: Duration) -> String {
    let rate = number as f64 / time.as_secs_f64().max(1e-9);
    let power = (rate.max(1.0).log10() as i32 - 2).max(0);
    let step = 10_f64.powi(power);
    thousands(((rate / step).round() * step) as u64)
}

/// A text in lines of at most so many characters, broken at spaces. A word that is longer has
/// a line of its own.
///
/// ```
/// assert_eq!(dpp_examples::show::wrapped("one two three", 8), ["one two", "three"]);
/// ```
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if length(line) + 1 + length(word) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn length(text: &str) -> usize {
    console::measure_text_width(text)
}

/// Rows of cells in columns that are as wide as they have to be.
///
/// ```
/// use dpp_examples::show::Table;
///
/// let table = Table::with_numbers_from(1)
///     .row(["step", "ms"])
///     .row(["mint", "41"]);
/// assert_eq!(table.to_string(), "  step  ms\n  mint  41\n");
/// ```
#[derive(Debug, Clone, Default)]
pub struct Table {
    rows: Vec<Vec<String>>,
    numbers_from: Option<usize>,
}

impl Table {
    /// A table of texts, which stand to the left.
    pub fn of_texts() -> Self {
        Self::default()
    }

    /// A table whose columns stand to the right from this one on, counted from 0.
    pub fn with_numbers_from(column: usize) -> Self {
        Self {
            rows: Vec::new(),
            numbers_from: Some(column),
        }
    }

    /// The same, with a row more.
    #[must_use]
    pub fn row<T: Display>(mut self, cells: impl IntoIterator<Item = T>) -> Self {
        let cells = cells.into_iter().map(|cell| cell.to_string());
        self.rows.push(cells.collect());
        self
    }

    fn widths(&self) -> Vec<usize> {
        let mut widths = Vec::new();
        for row in &self.rows {
            widths.resize(widths.len().max(row.len()), 0);
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = length(cell).max(*width);
            }
        }
        widths
    }
}

impl Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.widths();
        for row in &self.rows {
            let mut line = String::new();
            for ((column, cell), width) in row.iter().enumerate().zip(&widths) {
                let space = " ".repeat(width.saturating_sub(length(cell)));
                match self.numbers_from.is_some_and(|from| column >= from) {
                    true => write!(line, "  {space}{cell}")?,
                    false => write!(line, "  {cell}{space}")?,
                }
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}
