//! Packs and publishes content: `pack` writes the manifest of a folder with map and forms, the operator signs
//! the manifest with minisign on a machine of their own, and `publish` offers the result to the kiosks.
//!
//! The server never has the private key. A publication stays for ever; it can be withdrawn, not changed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use domain::Timestamp;
use domain::content::{
    ContentFile, ContentKey, ContentVersion, FORMAT, FileHash, Manifest, ManifestError, NotWellFormed,
};
use domain::form::{FormCatalog, FormCatalogError};
use domain::wire::{Bytes, SignedManifest};

use crate::admin::{Admin, AdminError};
use crate::store::StoreError;
use crate::store::audit::AuditActor;
use crate::store::publications::{FormSource, NewPublication, Publication, PublicationError};

/// What `pack` writes, beside the files.
pub const MANIFEST: &str = "manifest.json";
/// What `minisign -Sm manifest.json` writes beside it.
pub const SIGNATURE: &str = "manifest.json.minisig";

/// Why content cannot be packed or published.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    /// A file cannot be read or written.
    #[error("{}: {cause}", path.display())]
    Io {
        path: PathBuf,
        /// The error of the operating system.
        cause: io::Error,
    },
    /// A file has a path that content may not have.
    #[error("{0}; nothing else may lie in the folder")]
    Path(#[from] NotWellFormed),
    /// There is nothing to pack.
    #[error("{} has no files in venue/ or forms/", .0.display())]
    Empty(PathBuf),
    /// The manifest is not signed, or not a manifest.
    #[error("{}: {cause}", path.display())]
    Manifest {
        path: PathBuf,
        /// Why the manifest is not valid.
        cause: ManifestError,
    },
    /// A file is not what the manifest says.
    #[error("{} is not the file that was packed; pack and sign again", .0.display())]
    Changed(PathBuf),
    /// The operator has not named the content key yet.
    #[error(
        "no content key is named yet; name it with\n  galleria-server content key minisign.pub --data DIR"
    )]
    NoKey,
    /// A file in `forms/` is no form, or changes one that was published.
    #[error(transparent)]
    Form(#[from] FormCatalogError),
    /// The map has errors.
    #[error("the map in {} is not fit to be published:\n{findings}", folder.display())]
    Map {
        folder: PathBuf,
        /// What the checker printed.
        findings: String,
    },
    /// The program that checks maps cannot be started.
    #[error(
        "{} cannot be started, which checks maps before they are published ({cause}). Install galleria-venue \
         beside galleria-server, or name it with --checker FILE",
        program.display()
    )]
    NoChecker {
        program: PathBuf,
        /// The error of the operating system.
        cause: io::Error,
    },
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Publication(#[from] PublicationError),
}

/// Checks the map in `folder` with `galleria-venue check`, if there is a map: a map with errors is never
/// offered to kiosks. The server itself cannot read maps.
///
/// # Errors
/// [`ContentError::Map`] with what was found, [`ContentError::NoChecker`].
pub fn check_map(checker: &Path, folder: &Path) -> Result<(), ContentError> {
    let folder = folder.join("venue");
    if !folder.is_dir() {
        return Ok(());
    }
    let checked = Command::new(checker).arg("check").arg(&folder).stdin(Stdio::null()).output();
    let checked = checked.map_err(|cause| ContentError::NoChecker { program: checker.to_owned(), cause })?;
    if checked.status.success() {
        return Ok(());
    }
    let output = [checked.stdout, checked.stderr].concat();
    let findings = String::from_utf8_lossy(&output).trim_end().to_owned();
    Err(ContentError::Map { folder, findings })
}

/// Writes the manifest of all files in `folder`. The operator signs it afterwards.
///
/// # Errors
/// [`ContentError`]: a file that is no content, or cannot be read.
pub fn pack(
    folder: &Path,
    version: ContentVersion,
    rollback: bool,
    now: Timestamp,
) -> Result<Manifest, ContentError> {
    let mut files = Vec::new();
    gather(folder, folder, &mut files)?;
    if files.is_empty() {
        return Err(ContentError::Empty(folder.to_owned()));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let manifest = Manifest { format: FORMAT, version, created: now, rollback, files };
    let path = folder.join(MANIFEST);
    let text = serde_json::to_vec_pretty(&manifest).expect("a manifest is plain data");
    // A manifest that could not be read must not be signed.
    Manifest::parse(&text).map_err(|cause| ContentError::Manifest { path: path.clone(), cause })?;
    fs::write(&path, text).map_err(at(&path))?;
    Ok(manifest)
}

fn gather(top: &Path, folder: &Path, into: &mut Vec<ContentFile>) -> Result<(), ContentError> {
    for entry in fs::read_dir(folder).map_err(at(folder))? {
        let path = entry.map_err(at(folder))?.path();
        let inside = path.strip_prefix(top).unwrap_or(&path).to_string_lossy().into_owned();
        if inside == MANIFEST || inside == SIGNATURE {
            continue;
        }
        if path.is_dir() {
            gather(top, &path, into)?;
            continue;
        }
        let bytes = fs::read(&path).map_err(at(&path))?;
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        into.push(ContentFile { path: inside.parse()?, size, sha256: FileHash::of(&bytes) });
    }
    Ok(())
}

impl Admin {
    /// Names the key that content is signed with. Kiosks learn it when they enrol.
    ///
    /// # Errors
    /// [`AdminError::Store`].
    pub fn set_content_key(&self, key: &ContentKey) -> Result<(), AdminError> {
        let publications = self.store().publications();
        Ok(self.run(publications.set_key(key.clone(), AuditActor::CommandLine, self.now()))?)
    }

    /// Publishes a signed folder: from now on kiosks are offered it.
    ///
    /// # Errors
    /// [`ContentError`]; nothing is published then.
    pub fn publish_content(&self, folder: &Path) -> Result<Manifest, ContentError> {
        let (path, signature) = (folder.join(MANIFEST), folder.join(SIGNATURE));
        let bytes = fs::read(&path).map_err(at(&path))?;
        let signature = fs::read_to_string(&signature).map_err(at(&signature))?;
        let publications = self.store().publications();
        let key = self.run(publications.key())?.ok_or(ContentError::NoKey)?;
        let manifest = Manifest::verify(&bytes, &signature, &key)
            .map_err(|cause| ContentError::Manifest { path, cause })?;
        let mut files = Vec::new();
        for file in &manifest.files {
            let path = folder.join(file.path.as_str());
            let bytes = fs::read(&path).map_err(at(&path))?;
            if FileHash::of(&bytes) != file.sha256 {
                return Err(ContentError::Changed(path));
            }
            files.push((file.sha256.clone(), bytes));
        }
        let forms = self.new_forms(&manifest, &files)?;
        let signed = SignedManifest { manifest: Bytes(bytes), signature };
        let new = NewPublication { version: manifest.version, signed, files, forms };
        self.run(publications.publish(new, AuditActor::CommandLine, self.now()))?;
        Ok(manifest)
    }

    /// The forms of a publication. Answers to them may arrive for as long as this server lives. So each form
    /// is parsed now, and a form that is malformed or changes a published one prevents the publication.
    fn new_forms(
        &self,
        manifest: &Manifest,
        files: &[(FileHash, Vec<u8>)],
    ) -> Result<Vec<FormSource>, ContentError> {
        let mut catalog = FormCatalog::shipped();
        for kept in self.run(self.store().publications().forms())? {
            catalog.add(&kept.name(), &kept.text)?;
        }
        let paths = manifest.files.iter().map(|file| file.path.as_str());
        let forms =
            paths.zip(files).filter(|(path, _)| path.starts_with("forms/") && path.ends_with(".toml"));
        let read = forms.map(|(path, (_, bytes))| {
            let text = String::from_utf8_lossy(bytes).into_owned();
            let form = catalog.add_own(path, &text)?;
            Ok(FormSource { id: form.id.clone(), version: form.version, text })
        });
        read.collect()
    }

    /// Withdraws a publication: it is offered to no kiosk any more. Kiosks that show it keep it until they
    /// are offered another.
    ///
    /// # Errors
    /// [`PublicationError::NotOffered`].
    pub fn withdraw_content(&self, version: ContentVersion) -> Result<(), PublicationError> {
        self.run(self.store().publications().withdraw(version, AuditActor::CommandLine, self.now()))
    }

    /// Every publication, the newest first.
    ///
    /// # Errors
    /// [`AdminError::Store`].
    pub fn content(&self) -> Result<Vec<Publication>, AdminError> {
        Ok(self.run(self.store().publications().list())?)
    }

    /// The version of the next publication.
    ///
    /// # Errors
    /// [`AdminError::Store`].
    pub fn next_content(&self) -> Result<ContentVersion, AdminError> {
        let newest = self.run(self.store().publications().newest())?;
        Ok(ContentVersion(newest.map_or(1, |newest| newest.0 + 1)))
    }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> ContentError {
    let path = path.to_owned();
    move |cause| ContentError::Io { path, cause }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Mall;
    use domain::content::ContentPath;

    fn now() -> Timestamp {
        Timestamp::from_timestamp(1_795_226_400, 0).unwrap()
    }

    fn a_folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("venue")).unwrap();
        fs::write(folder.path().join("venue/unit.geojson"), "{}").unwrap();
        folder
    }

    fn sign(folder: &Path, pair: &minisign::KeyPair) {
        let manifest = fs::File::open(folder.join(MANIFEST)).unwrap();
        let signature = minisign::sign(None, &pair.sk, manifest, None, None).unwrap();
        fs::write(folder.join(SIGNATURE), signature.into_string()).unwrap();
    }

    /// The same folder gives the same manifest, and the error names a file that does not belong.
    #[test]
    fn packing_is_reproducible_and_names_foreign_files() {
        let folder = a_folder();
        let first = pack(folder.path(), ContentVersion(1), false, now()).unwrap();
        assert_eq!(pack(folder.path(), ContentVersion(1), false, now()).unwrap(), first);
        assert_eq!(first.files[0].path, "venue/unit.geojson".parse::<ContentPath>().unwrap());
        fs::write(folder.path().join("notes.txt"), "x").unwrap();
        let error = pack(folder.path(), ContentVersion(1), false, now()).unwrap_err().to_string();
        assert!(error.contains("notes.txt"), "{error}");
        let empty = tempfile::tempdir().unwrap();
        let error = pack(empty.path(), ContentVersion(1), false, now()).unwrap_err();
        assert!(matches!(error, ContentError::Empty(_)), "{error}");
    }

    /// A map is refused if the checker refuses it or cannot be started.
    #[test]
    fn an_unchecked_or_faulty_map_is_refused() {
        let folder = a_folder();
        check_map(Path::new("/bin/true"), folder.path()).unwrap();
        let error = check_map(Path::new("/bin/false"), folder.path()).unwrap_err();
        assert!(matches!(&error, ContentError::Map { .. }), "{error}");
        assert!(error.to_string().contains("venue is not fit to be published"), "{error}");
        // The output of the checker is passed on.
        let error = check_map(Path::new("/bin/ls"), folder.path()).unwrap_err().to_string();
        assert!(error.contains("check"), "{error}");
        let error = check_map(Path::new("/nowhere/galleria-venue"), folder.path()).unwrap_err().to_string();
        assert!(error.contains("/nowhere/galleria-venue") && error.contains("--checker"), "{error}");
        let without_a_map = tempfile::tempdir().unwrap();
        check_map(Path::new("/nowhere/galleria-venue"), without_a_map.path()).unwrap();
    }

    /// Content is published only if the named key signed it, and only unchanged.
    #[test]
    fn only_content_signed_by_the_key_is_published() {
        let (mall, folder) = (Mall::open(), a_folder());
        let (admin, pair) = (mall.admin(), minisign::KeyPair::generate_unencrypted_keypair().unwrap());
        pack(folder.path(), admin.next_content().unwrap(), false, now()).unwrap();
        assert!(matches!(admin.publish_content(folder.path()), Err(ContentError::Io { .. })), "not signed");
        sign(folder.path(), &pair);
        assert!(matches!(admin.publish_content(folder.path()), Err(ContentError::NoKey)));
        admin.set_content_key(&pair.pk.to_base64().parse().unwrap()).unwrap();
        sign(folder.path(), &minisign::KeyPair::generate_unencrypted_keypair().unwrap());
        assert!(matches!(admin.publish_content(folder.path()), Err(ContentError::Manifest { .. })));
        sign(folder.path(), &pair);
        fs::write(folder.path().join("venue/unit.geojson"), "{ }").unwrap();
        assert!(matches!(admin.publish_content(folder.path()), Err(ContentError::Changed(_))));
        fs::write(folder.path().join("venue/unit.geojson"), "{}").unwrap();
        assert_eq!(admin.publish_content(folder.path()).unwrap().version, ContentVersion(1));
        assert!(matches!(
            admin.publish_content(folder.path()),
            Err(ContentError::Publication(PublicationError::Taken(_)))
        ));
        assert_eq!(admin.next_content().unwrap(), ContentVersion(2));
        admin.withdraw_content(ContentVersion(1)).unwrap();
        assert!(admin.withdraw_content(ContentVersion(1)).is_err());
    }

    /// A form in content is stored; a faulty or changed form prevents the publication.
    #[test]
    fn faulty_forms_are_not_published() {
        let (mall, folder) = (Mall::open(), a_folder());
        let (admin, pair) = (mall.admin(), minisign::KeyPair::generate_unencrypted_keypair().unwrap());
        admin.set_content_key(&pair.pk.to_base64().parse().unwrap()).unwrap();
        let form = "id = 'cinema'\nversion = 1000\nkind = 'praise'\ntitle = { en = 'Cinema', zh-Hans = '影院' }\n\
                    [[step]]\n[[step.field]]\nid = 'film'\nask = 'text'\n\
                    label = { en = 'Which film?', zh-Hans = '哪部电影？' }\n";
        let publish = |form: &str| {
            fs::create_dir_all(folder.path().join("forms")).unwrap();
            fs::write(folder.path().join("forms/cinema.toml"), form).unwrap();
            pack(folder.path(), admin.next_content().unwrap(), false, now()).unwrap();
            sign(folder.path(), &pair);
            admin.publish_content(folder.path())
        };
        let wrong = publish(&form.replace("praise", "film")).unwrap_err().to_string();
        assert!(wrong.contains("forms/cinema.toml, line 3: there is no kind \"film\""), "{wrong}");
        publish(form).unwrap();
        assert_eq!(admin.run(admin.store().publications().forms()).unwrap().len(), 1);
        let changed = publish(&form.replace("Which film?", "Which one?")).unwrap_err().to_string();
        assert!(changed.contains("give the new one a higher version"), "{changed}");
    }
}
