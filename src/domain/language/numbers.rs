//! Numbers, and the plural forms that go with them.

use icu_decimal::DecimalFormatter;
use icu_plurals::{PluralCategory, PluralRules};

use super::Language;

const DATA: &str = "the data of every locale is part of the program";

impl Language {
    /// A whole number with the language's group separators: `12,500`.
    pub fn number(self, n: u64) -> String {
        let formatter = DecimalFormatter::try_new((&self.row().formats).into(), Default::default());
        formatter.expect(DATA).format(&n.into()).to_string()
    }

    /// The plural forms of whole numbers, in CLDR's order (zero, one, two, few, many, other). A `.po` file
    /// lists its forms in the same order.
    pub(crate) fn plural_forms(self) -> Vec<PluralCategory> {
        forms_of(&self.plural_rules())
    }

    /// The index in [`Self::plural_forms`] of the form for `n`.
    pub(crate) fn plural_form(self, n: u64) -> usize {
        let rules = self.plural_rules();
        let category = rules.category_for(n);
        forms_of(&rules).iter().position(|form| *form == category).unwrap_or_default()
    }

    fn plural_rules(self) -> PluralRules {
        PluralRules::try_new((&self.row().formats).into(), Default::default()).expect(DATA)
    }
}

/// Some languages have a form for fractions only. Whole numbers never use it, so it is left out.
fn forms_of(rules: &PluralRules) -> Vec<PluralCategory> {
    let whole = || (0..=200_u64).chain([1_000, 1_000_000]);
    rules.categories().filter(|category| whole().any(|n| rules.category_for(n) == *category)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use icu_locale::{Locale, locale};

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(Language::En.number(12_500), "12,500");
        assert_eq!(Language::ZhHans.number(12_500), "12,500");
        assert_eq!(Language::Ja.number(999), "999");
    }

    #[test]
    fn english_has_two_forms_and_chinese_one() {
        assert_eq!(Language::En.plural_forms(), [PluralCategory::One, PluralCategory::Other]);
        assert_eq!([0, 1, 2].map(|n| Language::En.plural_form(n)), [1, 0, 1]);
        assert_eq!(Language::ZhHant.plural_forms(), [PluralCategory::Other]);
        assert_eq!(Language::Ko.plural_form(1), 0);
    }

    /// The number of plural forms is the one that translators know from gettext.
    #[test]
    fn forms_are_those_of_whole_numbers() {
        let forms = |locale: Locale| {
            forms_of(&PluralRules::try_new((&locale).into(), Default::default()).unwrap()).len()
        };
        assert_eq!(forms(locale!("ru")), 3);
        assert_eq!(forms(locale!("ar")), 6);
        assert_eq!(forms(locale!("fr")), 3);
        assert_eq!(forms(locale!("th")), 1);
    }
}
