//! Percent-encoding for values in the query of an address.

/// Encodes every byte that is not unreserved in a URL.
pub fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len() * 3), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push_str(&domain::seal::hex(&[byte]).to_uppercase());
        }
        out
    })
}
