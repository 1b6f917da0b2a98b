//! What was measured, in columns.

use std::time::Duration;

/// The median.
pub(crate) fn middle(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

pub(crate) fn micros(time: Duration) -> String {
    format!("{:.0} µs", time.as_secs_f64() * 1e6)
}

/// Rows under a heading.
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn of<const N: usize>(heading: [&str; N]) -> Self {
        Self {
            rows: vec![heading.map(str::to_owned).to_vec()],
        }
    }

    /// Adds a row, and shows it at once: a bench takes its time.
    pub(crate) fn row<const N: usize>(&mut self, row: [String; N]) {
        eprintln!("  {}", row.join(" | "));
        self.rows.push(row.to_vec());
    }

    pub(crate) fn print(&self, title: &str) {
        let columns = self.rows.first().map_or(0, Vec::len);
        let width = |column: usize| {
            let cells = self.rows.iter().map(|row| row[column].chars().count());
            cells.max().unwrap_or(0)
        };
        let widths: Vec<_> = (0..columns).map(width).collect();
        println!("\n{title}\n");
        for row in &self.rows {
            let cells = row.iter().zip(&widths);
            let line: Vec<_> = cells
                .map(|(cell, width)| format!("{cell:>width$}", width = *width))
                .collect();
            println!("  {}", line.join("   "));
        }
    }
}
