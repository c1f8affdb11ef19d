//! The shops of shops.csv and the numbers that they rent.
//!
//! One line is one business. A business with several numbers is one shop on several levels. All names are
//! invented; telephone numbers are from an unassigned block and websites are under example.com.

use super::labels::{Labels, Words, five, lines};

#[derive(Clone, Debug)]
pub struct Shop {
    /// The numbers on its signs, the main one first: `L2-07`.
    pub numbers: Vec<&'static str>,
    /// IMDF occupant category.
    pub category: &'static str,
    /// OSM opening hours.
    pub hours: &'static str,
    pub name: Labels,
    /// A second name that people use for it.
    pub nickname: Option<Labels>,
    pub phone: Option<String>,
    pub website: Option<String>,
    /// Search terms by language, in the order of [`super::labels::LANGUAGES`].
    pub words: [Vec<String>; 5],
}

/// Every business, in the order of the table.
pub fn read() -> Vec<Shop> {
    let nicknames = Words::nicknames();
    let search = Words::for_search();
    lines(include_str!("shops.csv")).map(|columns| shop(&columns, &nicknames, &search)).collect()
}

fn shop(columns: &[&'static str], nicknames: &Words, search: &Words) -> Shop {
    let [numbers, category, hours, reach] = columns[..4] else { panic!("a shop has at least four columns") };
    let numbers: Vec<&str> = numbers.split(' ').collect();
    let name = five(&columns[4..9]);
    let own = [columns[9], columns[10], columns[11], "", ""];
    let general = search.get(category);
    let words = std::array::from_fn(|language| {
        let mut words: Vec<String> = Vec::new();
        for list in [own[language], &general.0[language]] {
            for word in list.split(',').filter(|word| !word.is_empty()) {
                if !words.iter().any(|known| known == word) {
                    words.push(word.to_owned());
                }
            }
        }
        words
    });
    Shop {
        phone: reach.contains('p').then(|| phone(numbers[0])),
        website: reach.contains('w').then(|| website(&name.0[2])),
        nickname: nicknames.find(numbers[0]).cloned(),
        numbers,
        category,
        hours,
        name,
        words,
    }
}

/// A Shanghai telephone number of an unassigned block: 021 5550 and the shop's number.
fn phone(number: &str) -> String {
    let (level, unit) = number.split_once('-').expect("a number names its level");
    let level = level.trim_start_matches(['B', 'L']);
    let below = u32::from(number.starts_with('B')) * 8;
    let level: u32 = level.parse().expect("a level is a digit");
    format!("+86215550{}{unit:0>3}", level + below)
}

/// `https://NAME.example.com`, from the letters of the Latin name.
fn website(name: &str) -> String {
    let mut host = String::new();
    for letter in name.to_lowercase().chars() {
        match letter {
            'a'..='z' | '0'..='9' => host.push(letter),
            'é' => host.push('e'),
            'ō' => host.push('o'),
            'ü' => host.push('u'),
            '\'' => {}
            _ if !host.ends_with('-') => host.push('-'),
            _ => {}
        }
    }
    format!("https://{}.example.com", host.trim_matches('-'))
}
