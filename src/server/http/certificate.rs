//! The certificate that is in use: read again when its files change, and renewed before it ends.
//!
//! Whoever gets a certificate for three months replaces its files while the server runs. The server looks at them
//! twice a minute, and when it is told to (SIGHUP). New connections get the new certificate, open ones keep theirs.
//! Files that cannot be used are reported, and the certificate that is in use stays. The server renews its own
//! certificate by itself, with the same key under the same authority, so that no kiosk notices.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use axum_server::tls_rustls::RustlsConfig;
use chrono::TimeDelta;
use domain::Timestamp;

use crate::data::{self, DataFolder};
use crate::http::tls::{self, Loaded, TlsError};
use crate::settings::{Settings, Tls};

/// How long before its end a certificate is renewed, or its end is told.
pub const ENDS_SOON: TimeDelta = TimeDelta::days(30);

/// The certificate of the listener.
#[derive(Debug)]
pub struct Certificate {
    certificate: PathBuf,
    key: PathBuf,
    /// The folder with the authority, if the certificate is the server's own.
    own: Option<DataFolder>,
    config: RustlsConfig,
    last: Mutex<Last>,
}

#[derive(Debug)]
struct Last {
    /// What the files held when they were last read.
    text: [String; 2],
    ends: Option<Timestamp>,
}

impl Certificate {
    /// Reads the certificate that `settings` name; none if a proxy does TLS.
    ///
    /// # Errors
    /// [`TlsError`], which names the file.
    pub fn open(settings: &Settings, folder: &DataFolder, now: Timestamp) -> Result<Option<Self>, TlsError> {
        let (certificate, key, own) = match &settings.tls {
            Tls::Off => return Ok(None),
            Tls::Files { certificate, key } => (certificate.clone(), key.clone(), None),
            Tls::SelfSigned => (folder.certificate(), folder.certificate_key(), Some(folder.clone())),
        };
        let text = [data::read_text(&certificate)?, data::read_text(&key)?];
        let Loaded { config, ends, .. } = tls::load(&certificate, &key)?;
        let (config, last) = (RustlsConfig::from_config(config), Mutex::new(Last { text, ends }));
        let this = Self { certificate, key, own, config, last };
        this.look(now);
        Ok(Some(this))
    }

    /// What new connections are accepted with.
    pub fn config(&self) -> RustlsConfig {
        self.config.clone()
    }

    /// When the certificate ends, if that can be read.
    pub fn ends(&self) -> Option<Timestamp> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).ends
    }

    /// Renews the server's own certificate if it ends soon, and uses the files if they have changed.
    pub fn look(&self, now: Timestamp) {
        if let Some(folder) =
            self.own.as_ref().filter(|_| self.ends().is_some_and(|end| end - now < ENDS_SOON))
        {
            match tls::renew(folder, now) {
                Ok(()) => tracing::info!("the server's own certificate was renewed"),
                Err(error) => {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        "the certificate was not renewed"
                    );
                }
            }
        }
        if let Err(error) = self.use_changed_files() {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "the new certificate cannot be used; the one in use stays"
            );
        }
    }

    fn use_changed_files(&self) -> Result<(), TlsError> {
        let text = [data::read_text(&self.certificate)?, data::read_text(&self.key)?];
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.text == text {
            return Ok(());
        }
        // Told once: files that cannot be used are not tried again before they change.
        last.text = text;
        let Loaded { config, ends, .. } = tls::load(&self.certificate, &self.key)?;
        last.ends = ends;
        self.config.reload_from_config(config);
        tracing::info!(?ends, "a new certificate is in use");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::Arc;

    use super::*;

    fn at(year: i32) -> Timestamp {
        chrono::NaiveDate::from_ymd_opt(year, 12, 15).unwrap().and_hms_opt(0, 0, 0).unwrap().and_utc()
    }

    fn a_folder(place: &tempfile::TempDir, name: &str) -> DataFolder {
        let (folder, _) = DataFolder::create(&place.path().join(name)).unwrap();
        tls::create(&folder, &["mall.example".to_owned()], at(2026)).unwrap();
        folder
    }

    #[test]
    fn a_changed_certificate_is_used_and_a_broken_one_is_not() {
        let place = tempfile::tempdir().unwrap();
        let (old, new) = (a_folder(&place, "old"), a_folder(&place, "new"));
        let files = Tls::Files { certificate: old.certificate(), key: old.certificate_key() };
        let settings = Settings { tls: files, ..Settings::new(old.path()) };
        let used = Certificate::open(&settings, &old, at(2026)).unwrap().unwrap();
        let first = used.config().get_inner();

        fs::copy(new.certificate(), old.certificate()).unwrap();
        used.look(at(2026));
        assert!(Arc::ptr_eq(&first, &used.config().get_inner()), "certificate and key do not match yet");
        fs::copy(new.certificate_key(), old.certificate_key()).unwrap();
        used.look(at(2026));
        let second = used.config().get_inner();
        assert!(!Arc::ptr_eq(&first, &second));
        used.look(at(2026));
        assert!(Arc::ptr_eq(&second, &used.config().get_inner()), "nothing has changed");
        fs::remove_file(old.certificate()).unwrap();
        used.look(at(2026));
        assert!(Arc::ptr_eq(&second, &used.config().get_inner()));
    }

    /// Kiosks go on trusting the server: authority, key and names stay.
    #[test]
    fn the_own_certificate_is_renewed_before_it_ends() {
        let place = tempfile::tempdir().unwrap();
        let folder = a_folder(&place, "data");
        let (authority, key) = (fs::read(folder.ca()).unwrap(), fs::read(folder.certificate_key()).unwrap());
        let used = Certificate::open(&Settings::new(folder.path()), &folder, at(2044)).unwrap().unwrap();
        let end = used.ends().unwrap();
        used.look(at(2045));
        assert!(used.ends().unwrap() > end);
        assert_eq!(fs::read(folder.ca()).unwrap(), authority);
        assert_eq!(fs::read(folder.certificate_key()).unwrap(), key);
        let names = tls::load(&folder.certificate(), &folder.certificate_key()).unwrap().names;
        assert!(names.contains(&"mall.example".to_owned()), "{names:?}");
    }
}
