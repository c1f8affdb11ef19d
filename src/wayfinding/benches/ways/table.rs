//! Figures with their budgets, printed as one table.

use std::time::Duration;

/// The figures of one run.
pub struct Table {
    rows: Vec<Row>,
}

struct Row {
    mall: String,
    what: String,
    samples: Vec<Duration>,
    /// The share of the samples that has to keep the budget, and the budget.
    budget: Option<(f64, Duration)>,
}

impl Table {
    pub fn new() -> Self {
        println!(
            "{:<12} {:<58} {:>7} {:>10} {:>10} {:>10} {:>12}",
            "mall", "what", "n", "p50", "p99", "max", "budget"
        );
        Self { rows: Vec::new() }
    }

    /// Adds and prints a figure from at least one sample.
    pub fn add(&mut self, mall: &str, what: &str, samples: Vec<Duration>, budget: Option<(f64, Duration)>) {
        let mut samples = samples;
        assert!(!samples.is_empty(), "{mall}: nothing was measured for {what}");
        samples.sort_unstable();
        let budget_text = budget.map_or_else(String::new, |(share, most)| {
            let which = if share < 1.0 { format!("p{:.0}", share * 100.0) } else { "max".to_owned() };
            format!("{which} {}", human(most))
        });
        println!(
            "{mall:<12} {what:<58} {:>7} {:>10} {:>10} {:>10} {budget_text:>12}",
            samples.len(),
            human(quantile(&samples, 0.5)),
            human(quantile(&samples, 0.99)),
            human(quantile(&samples, 1.0))
        );
        self.rows.push(Row { mall: mall.to_owned(), what: what.to_owned(), samples, budget });
    }

    /// The median of one figure of a mall, as a multiple of the median of another.
    pub fn ratio(&self, mall: &str, one: &str, other: &str) -> Option<f64> {
        let median = |what: &str| {
            let row = self.rows.iter().find(|r| r.mall == mall && r.what.starts_with(what))?;
            Some(quantile(&row.samples, 0.5).as_secs_f64())
        };
        Some(median(one)? / median(other)?)
    }

    /// The figures that are over their budget, in words.
    pub fn over_budget(&self) -> Vec<String> {
        let over = |row: &Row| {
            let (share, most) = row.budget?;
            let figure = quantile(&row.samples, share);
            let text = || format!("{}: {} takes {}, not {}", row.mall, row.what, human(figure), human(most));
            (figure > most).then(text)
        };
        self.rows.iter().filter_map(over).collect()
    }
}

/// The sample at a quantile of sorted samples.
pub fn quantile(sorted: &[Duration], share: f64) -> Duration {
    // A plain cast: a rank.
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted[rank.clamp(1, sorted.len()) - 1]
}

/// A time in a suitable unit.
pub fn human(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        0.0..1e-3 => format!("{:.1} µs", seconds * 1e6),
        1e-3..1.0 => format!("{:.2} ms", seconds * 1e3),
        _ => format!("{seconds:.2} s"),
    }
}
