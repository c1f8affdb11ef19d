//! A JSON writer that keeps the keys in the order in which they are given.
//!
//! A general serialiser would sort keys or not, depending on features that other crates of the workspace
//! enable. These files must be the same bytes in every build.

use std::fmt;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// No value is known.
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(&'static str, Json)>),
    /// Text that already is JSON, such as a position.
    Ready(String),
}

impl Json {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub fn maybe(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Null, Self::text)
    }

    pub fn object(pairs: impl IntoIterator<Item = (&'static str, Self)>) -> Self {
        Self::Object(pairs.into_iter().collect())
    }

    /// A list of texts; null instead of an empty one.
    pub fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        let list: Vec<Self> = texts.into_iter().map(Self::text).collect();
        if list.is_empty() { Self::Null } else { Self::List(list) }
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Text(text) => f.write_str(&super::labels::quoted(text)),
            Self::Ready(json) => f.write_str(json),
            Self::List(items) => {
                f.write_str("[")?;
                for (i, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if i > 0 { "," } else { "" })?;
                }
                f.write_str("]")
            }
            Self::Object(pairs) => {
                f.write_str("{")?;
                for (i, (key, value)) in pairs.iter().enumerate() {
                    write!(f, "{}\"{key}\":{value}", if i > 0 { "," } else { "" })?;
                }
                f.write_str("}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_keeps_order_and_escapes_quotes() {
        let value =
            Json::object([("z", Json::texts(["say \"hi\""])), ("a", Json::Null), ("n", Json::Int(-1))]);
        assert_eq!(value.to_string(), r#"{"z":["say \"hi\""],"a":null,"n":-1}"#);
    }
}
