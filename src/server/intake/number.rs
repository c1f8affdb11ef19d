//! Integers in JSON: to JSON, `7.0` is the integer 7; to serde it is not.

use serde::de::DeserializeOwned;
use serde_json::Value;

/// The highest integer on which all programs agree: 2⁵³ − 1 (RFC 8259, section 6).
pub const HIGHEST: u64 = (1 << 53) - 1;

/// Deserialises the value, with every whole number as an integer. None if that fails, or if the value holds
/// an integer beyond [`HIGHEST`].
pub fn read<T: DeserializeOwned>(value: Value) -> Option<T> {
    serde_json::from_value(whole(value)?).ok()
}

fn whole(value: Value) -> Option<Value> {
    match value {
        Value::Number(n) if n.is_f64() => {
            Some(n.as_f64().and_then(exact).map_or(Value::Number(n), Value::from))
        }
        Value::Number(n) => n.as_u64().is_none_or(|n| n <= HIGHEST).then_some(Value::Number(n)),
        Value::Array(values) => values.into_iter().map(whole).collect(),
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(name, value)| Some((name, whole(value)?)));
            fields.collect::<Option<_>>().map(Value::Object)
        }
        other => Some(other),
    }
}

// The cast is exact, because the range is checked first.
fn exact(n: f64) -> Option<u64> {
    let fits = n.fract() == 0.0 && (0.0..=9_007_199_254_740_991.0).contains(&n);
    fits.then_some(n as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `7.0` is an integer, and `7.5` is not.
    #[test]
    fn only_whole_numbers_may_have_a_point() {
        assert_eq!(read::<u64>(serde_json::json!(7.0)), Some(7));
        assert_eq!(read::<Vec<u64>>(serde_json::json!([1, 2.0])), Some(vec![1, 2]));
        assert_eq!(read::<u64>(serde_json::json!(HIGHEST)), Some(HIGHEST));
        assert_eq!(read::<u64>(serde_json::json!(HIGHEST + 1)), None);
        for wrong in [serde_json::json!(7.5), serde_json::json!(-1.0), serde_json::json!(1e300), "7".into()] {
            assert_eq!(read::<u64>(wrong.clone()), None, "{wrong}");
        }
    }
}
