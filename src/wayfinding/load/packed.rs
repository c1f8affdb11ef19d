//! A map in a zip, the usual form of an IMDF archive: unpacked in memory, within limits.
//!
//! The sizes that an archive declares are not trusted. Each file is read up to the limit and no further: a
//! few kilobytes cannot become gigabytes.

use std::io::{Read, Seek, SeekFrom};

use super::archive::{Archive, LARGEST_FILE, LARGEST_MAP, is_known};

/// The greatest number of files. A zip of a mall has about twenty.
const MOST_FILES: usize = 2_000;
/// The size of the packed archive, in bytes.
const LARGEST_ZIP: u64 = LARGEST_MAP;

/// Why a zip could not be unpacked.
#[derive(Debug, thiserror::Error)]
pub enum ZipError {
    /// It is not a zip, or it is damaged.
    #[error("it is no zip that can be read; name a folder, or a zip packed with deflate or not at all")]
    Damaged(#[source] zip::result::ZipError),
    /// One of its files cannot be unpacked.
    #[error("{name} in it cannot be unpacked: {reason}")]
    File {
        name: String,
        /// Why it cannot be unpacked.
        reason: String,
    },
    /// It has more files, or larger ones, than any mall needs.
    #[error("{what}, more than any mall needs: the limit is {limit}")]
    TooLarge {
        /// The quantity that is too large.
        what: String,
        /// The greatest value that is accepted.
        limit: u64,
    },
}

/// Unpacks the files of a map. They may lie in a folder of the zip: the one with the manifest.
pub(super) fn read<R: Read + Seek>(mut file: R) -> Result<Archive, ZipError> {
    let broken = |cause: std::io::Error| ZipError::Damaged(cause.into());
    let size = file.seek(SeekFrom::End(0)).map_err(broken)?;
    file.rewind().map_err(broken)?;
    if size > LARGEST_ZIP {
        return Err(ZipError::TooLarge { what: format!("it has {size} bytes"), limit: LARGEST_ZIP });
    }
    let mut packed = zip::ZipArchive::new(file).map_err(ZipError::Damaged)?;
    if packed.len() > MOST_FILES {
        let what = format!("it has {} files", packed.len());
        return Err(ZipError::TooLarge { what, limit: MOST_FILES as u64 });
    }
    let names = names(&mut packed)?;
    let manifests = names.iter().filter_map(|(_, n)| n.strip_suffix("manifest.json"));
    let folders = manifests.filter(|f| f.is_empty() || f.ends_with('/'));
    let folder = folders.min_by_key(|f| (f.len(), *f)).unwrap_or("").to_owned();
    let mut files = Vec::new();
    let mut strange = Vec::new();
    let mut whole = 0;
    for (index, name) in &names {
        let Some(name) = name.strip_prefix(&folder).filter(|n| !n.contains('/')) else { continue };
        if !is_known(name) {
            strange.push(name.to_owned());
            continue;
        }
        let bytes = unpack(&mut packed, *index, name)?;
        whole += bytes.len() as u64;
        if whole > LARGEST_MAP {
            let what = "its files have too many bytes unpacked".to_owned();
            return Err(ZipError::TooLarge { what, limit: LARGEST_MAP });
        }
        files.push((name.to_owned(), bytes));
    }
    let mut archive = Archive::new(files);
    strange.into_iter().for_each(|name| archive.add_strange(name));
    archive.strange.sort();
    Ok(archive)
}

/// The files of a zip that may belong to the map, each with its position. A name that is not valid text is
/// skipped.
fn names<R: Read + Seek>(packed: &mut zip::ZipArchive<R>) -> Result<Vec<(usize, String)>, ZipError> {
    let mut names = Vec::new();
    for index in 0..packed.len() {
        let file = packed.by_index_raw(index).map_err(ZipError::Damaged)?;
        let Ok(name) = file.name() else { continue };
        if file.is_file() && !name.starts_with("__MACOSX/") {
            names.push((index, name.replace('\\', "/")));
        }
    }
    Ok(names)
}

fn unpack<R: Read + Seek>(
    packed: &mut zip::ZipArchive<R>,
    index: usize,
    name: &str,
) -> Result<Vec<u8>, ZipError> {
    let failed = |reason: String| ZipError::File { name: name.to_owned(), reason };
    let file = packed.by_index(index).map_err(|cause| failed(cause.to_string()))?;
    let mut bytes = Vec::new();
    file.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(|cause| failed(cause.to_string()))?;
    if bytes.len() as u64 > LARGEST_FILE {
        let what = format!("{name} in it has too many bytes unpacked");
        return Err(ZipError::TooLarge { what, limit: LARGEST_FILE });
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::*;
    use crate::testing::on_disk::zip_of;
    use crate::testing::small;

    /// A zip holds the same map as the folder, wherever it lies in the zip.
    #[test]
    fn zips_and_folders_hold_the_same_map() {
        let whole = small().plan.archive();
        for folder in ["", "mall/", "a/b/"] {
            let inside = |(n, b): (&'static str, &'static [u8])| (n.to_owned(), b);
            let noise =
                [("__MACOSX/manifest.json", b"x".as_slice()), ("z/z/z/manifest.json", b"y"), ("a.txt", b"")];
            let files = whole.files().map(|(n, b)| (format!("{folder}{n}"), b));
            let bytes = zip_of(noise.map(inside).into_iter().chain(files));
            assert_eq!(read(Cursor::new(bytes)).unwrap().digest(), whole.digest(), "{folder:?}");
        }
    }

    #[test]
    fn a_few_kilobytes_do_not_become_gigabytes() {
        let zeros = vec![b'0'; 1 << 20];
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options =
            zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        writer.start_file("unit.geojson", options).unwrap();
        for _ in 0..=LARGEST_FILE >> 20 {
            writer.write_all(&zeros).unwrap();
        }
        let bytes = writer.finish().unwrap().into_inner();
        assert!(bytes.len() < 100_000, "{}", bytes.len());
        let error = read(Cursor::new(bytes)).unwrap_err().to_string();
        assert!(error.contains("unit.geojson") && error.contains("33554432"), "{error}");
    }

    #[test]
    fn a_zip_of_very_many_files_is_refused() {
        let files = (0..=MOST_FILES).map(|i| (format!("{i}.txt"), b"".as_slice()));
        let error = read(Cursor::new(zip_of(files))).unwrap_err().to_string();
        assert!(error.contains("2001 files"), "{error}");
    }

    /// A file that is not a zip is reported as such.
    #[test]
    fn other_files_are_no_zips() {
        for bytes in [b"".as_slice(), b"PK\x03\x04", b"not a zip at all"] {
            let error = read(Cursor::new(bytes.to_vec())).unwrap_err();
            assert!(matches!(error, ZipError::Damaged(_)), "{error}");
        }
    }
}
