//! `manifest.json`: the language of a map's texts.

use super::archive::Archive;
use crate::venue::Finding;

/// The language of the map's own texts. If the manifest cannot be read, that is only a finding.
pub(super) fn language_tag(archive: &Archive, findings: &mut Vec<Finding>) -> String {
    let mut fault = |rule, message: String| findings.push(Finding::error(rule, None, message));
    let Some(bytes) = archive.get("manifest.json") else {
        fault(
            "ManifestFileMustBePresent",
            "manifest.json is missing; English is taken as the language of the map".to_owned(),
        );
        return "en".to_owned();
    };
    let manifest: serde_json::Value = match serde_json::from_slice(bytes) {
        Ok(value) => value,
        Err(cause) => {
            fault(
                "ManifestFileMustBeReadable",
                format!("manifest.json is not JSON ({cause}); English is taken as the language of the map"),
            );
            return "en".to_owned();
        }
    };
    let version = manifest.get("version").and_then(|v| v.as_str()).unwrap_or("");
    if version != "1.0.0" {
        findings.push(Finding::warning(
            "ManifestVersionMustBeValid",
            None,
            format!("manifest.json says version {version:?}; it is read as if it were 1.0.0"),
        ));
    }
    match manifest.get("language").and_then(|v| v.as_str()).filter(|l| !l.is_empty()) {
        Some(language) => language.to_owned(),
        None => {
            let message = "manifest.json names no language; English is taken as the language of the map";
            findings.push(Finding::warning("ManifestLanguageMustBeValid", None, message.to_owned()));
            "en".to_owned()
        }
    }
}
