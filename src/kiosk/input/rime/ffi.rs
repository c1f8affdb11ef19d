//! The C interface of librime: its table of functions, and one session. All unsafe code of the input method
//! is in this file.
//!
//! `rime_api.h` describes the table. New members are only appended, and the table states its own size: a
//! table that is too short is refused, and a longer one works.

#![expect(unsafe_code, reason = "librime is a C library")]

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::mem::{offset_of, size_of};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use libloading::Library;

use super::error::Error;
use super::schema::{Folders, SCHEMA};

/// The X11 keysym of the backspace key.
pub(super) const BACKSPACE: i32 = 0xff08;

const LIBRARY: &str = "librime.so.1";
/// Logs crashes only: another log line could quote what was typed.
const FATAL_ONLY: c_int = 3;

type SessionId = usize;
/// A table member that is not used here.
type Unused = *const c_void;

#[repr(C)]
struct Traits {
    data_size: c_int,
    shared_data_dir: *const c_char,
    user_data_dir: *const c_char,
    distribution_name: *const c_char,
    distribution_code_name: *const c_char,
    distribution_version: *const c_char,
    app_name: *const c_char,
    modules: *const *const c_char,
    min_log_level: c_int,
    log_dir: *const c_char,
    prebuilt_data_dir: *const c_char,
    staging_dir: *const c_char,
}

#[repr(C)]
struct Commit {
    data_size: c_int,
    text: *mut c_char,
}

#[repr(C)]
struct Candidate {
    text: *mut c_char,
    comment: *mut c_char,
    reserved: *mut c_void,
}

#[repr(C)]
struct Context {
    data_size: c_int,
    // The composition.
    length: c_int,
    cursor_pos: c_int,
    sel_start: c_int,
    sel_end: c_int,
    preedit: *mut c_char,
    // The menu of one page.
    page_size: c_int,
    page_no: c_int,
    is_last_page: c_int,
    highlighted: c_int,
    num_candidates: c_int,
    candidates: *mut Candidate,
    select_keys: *mut c_char,
    // Later additions.
    commit_text_preview: *mut c_char,
    select_labels: *mut *mut c_char,
}

#[repr(C)]
struct CandidateIterator {
    ptr: *mut c_void,
    index: c_int,
    candidate: Candidate,
}

#[repr(C)]
pub(super) struct Api {
    data_size: c_int,
    setup: unsafe extern "C" fn(*mut Traits),
    set_notification_handler: Unused,
    initialize: unsafe extern "C" fn(*mut Traits),
    finalize: unsafe extern "C" fn(),
    maintenance: [Unused; 3],
    deployment: [Unused; 6],
    create_session: unsafe extern "C" fn() -> SessionId,
    find_session: Unused,
    destroy_session: unsafe extern "C" fn(SessionId) -> c_int,
    cleanup_stale_sessions: Unused,
    cleanup_all_sessions: unsafe extern "C" fn(),
    process_key: unsafe extern "C" fn(SessionId, c_int, c_int) -> c_int,
    commit_composition: Unused,
    clear_composition: unsafe extern "C" fn(SessionId),
    get_commit: unsafe extern "C" fn(SessionId, *mut Commit) -> c_int,
    free_commit: unsafe extern "C" fn(*mut Commit) -> c_int,
    get_context: unsafe extern "C" fn(SessionId, *mut Context) -> c_int,
    free_context: unsafe extern "C" fn(*mut Context) -> c_int,
    status: [Unused; 2],
    options: [Unused; 4],
    schema_list: [Unused; 2],
    get_current_schema: Unused,
    select_schema: unsafe extern "C" fn(SessionId, *const c_char) -> c_int,
    config_reading: [Unused; 12],
    simulate_key_sequence: Unused,
    modules: [Unused; 2],
    run_task: Unused,
    folders: [Unused; 5],
    config_making: [Unused; 2],
    config_setters: [Unused; 4],
    config_structures: [Unused; 7],
    get_input: Unused,
    get_caret_pos: Unused,
    select_candidate: unsafe extern "C" fn(SessionId, usize) -> c_int,
    get_version: Unused,
    set_caret_pos: Unused,
    select_candidate_on_current_page: Unused,
    candidate_list_begin: unsafe extern "C" fn(SessionId, *mut CandidateIterator) -> c_int,
    candidate_list_next: unsafe extern "C" fn(*mut CandidateIterator) -> c_int,
    candidate_list_end: unsafe extern "C" fn(*mut CandidateIterator),
}

// SAFETY: the table is constant data of the library; what its functions touch is guarded by `TAKEN`.
unsafe impl Sync for Api {}

/// Whether a [`Librime`] exists. Its functions share one state without a lock.
static TAKEN: AtomicBool = AtomicBool::new(false);
/// Loaded once and never unloaded: other code may have kept pointers into it.
static API: OnceLock<&'static Api> = OnceLock::new();
/// Logging can be set up only once in a process.
static SET_UP: OnceLock<()> = OnceLock::new();

/// librime, started, with one session.
pub(super) struct Librime {
    api: &'static Api,
    session: SessionId,
    _taken: Taken,
}

/// Releases librime when dropped.
struct Taken;

impl Drop for Taken {
    fn drop(&mut self) {
        TAKEN.store(false, Ordering::Release);
    }
}

fn api() -> Result<&'static Api, Error> {
    match API.get() {
        Some(api) => Ok(api),
        None => {
            let loaded = load(LIBRARY)?;
            Ok(API.get_or_init(|| loaded))
        }
    }
}

/// Loads the library, never unloads it, and returns its table.
pub(super) fn load(name: &str) -> Result<&'static Api, Error> {
    // SAFETY: librime's initialisers only register modules in its own tables.
    let library = unsafe { Library::new(name) }.map_err(Error::NoLibrary)?;
    let found = {
        // SAFETY: since librime 1.0 `rime_get_api` takes no argument and returns a pointer to its table.
        let entry = unsafe { library.get::<unsafe extern "C" fn() -> *const Api>(c"rime_get_api") };
        // SAFETY: as above.
        entry.map(|entry| unsafe { entry() }).map_err(Error::NoLibrary)?
    };
    if found.is_null() {
        return Err(Error::TooOld);
    }
    // SAFETY: the table starts with its size, which excludes that member, and lives as long as the library.
    let size = unsafe { ptr::read(found.cast::<c_int>()) };
    let needed = offset_of!(Api, candidate_list_end) + size_of::<Unused>();
    if usize::try_from(size).unwrap_or_default() + size_of::<c_int>() < needed {
        return Err(Error::TooOld);
    }
    std::mem::forget(library);
    // SAFETY: the table is as long as `Api`, and the library is never unloaded.
    Ok(unsafe { &*found })
}

impl Librime {
    pub(super) fn start(folders: &Folders) -> Result<Self, Error> {
        let api = api()?;
        if TAKEN.swap(true, Ordering::Acquire) {
            return Err(Error::InUse);
        }
        let taken = Taken;
        let [shared, prebuilt, staging, user] =
            [&folders.shared, &folders.prebuilt, &folders.staging, &folders.user].map(|path| c_path(path));
        let (shared, prebuilt, staging, user) = (shared?, prebuilt?, staging?, user?);
        let modules = [c"core".as_ptr(), c"dict".as_ptr(), c"gears".as_ptr(), ptr::null()];
        let mut traits = Traits {
            data_size: data_size::<Traits>(),
            shared_data_dir: shared.as_ptr(),
            user_data_dir: user.as_ptr(),
            distribution_name: c"Galleria".as_ptr(),
            distribution_code_name: c"galleria".as_ptr(),
            distribution_version: c"1".as_ptr(),
            // The logging library keeps this pointer, so the text must be constant.
            app_name: c"rime.galleria".as_ptr(),
            modules: modules.as_ptr(),
            min_log_level: FATAL_ONLY,
            log_dir: c"".as_ptr(),
            prebuilt_data_dir: prebuilt.as_ptr(),
            staging_dir: staging.as_ptr(),
        };
        // SAFETY: `traits` and everything it points to live until these calls return, and the calls copy it.
        // `TAKEN` excludes every other thread.
        unsafe {
            SET_UP.get_or_init(|| (api.setup)(&raw mut traits));
            (api.initialize)(&raw mut traits);
        }
        let mut librime = Self { api, session: 0, _taken: taken };
        librime.begin();
        if librime.session == 0 || !librime.works() {
            return Err(Error::NoSession(folders.prebuilt.clone()));
        }
        Ok(librime)
    }

    fn begin(&mut self) {
        let schema = CString::new(SCHEMA).expect("the name has no zero byte");
        // SAFETY: librime is initialised; `schema` lives until the call returns.
        unsafe {
            self.session = (self.api.create_session)();
            if self.session != 0 && (self.api.select_schema)(self.session, schema.as_ptr()) == 0 {
                (self.api.destroy_session)(self.session);
                self.session = 0;
            }
        }
    }

    /// Whether a letter has candidates: a broken dictionary shows only now.
    fn works(&mut self) -> bool {
        self.press(i32::from(b'a'));
        let works = !self.candidates(1).is_empty();
        self.clear();
        works
    }

    /// Ends the session with all its state, and begins a new one.
    pub(super) fn renew(&mut self) {
        // SAFETY: librime is initialised; an id that it does not know is ignored.
        unsafe {
            (self.api.destroy_session)(self.session);
        }
        self.begin();
    }

    pub(super) fn press(&mut self, code: i32) {
        // SAFETY: librime is initialised; an unknown session is ignored, here and below.
        unsafe {
            (self.api.process_key)(self.session, code, 0);
        }
    }

    /// Selects the candidate at `index` of the whole list.
    pub(super) fn select(&mut self, index: usize) {
        // SAFETY: as in `press`; an index outside the list changes nothing.
        unsafe {
            (self.api.select_candidate)(self.session, index);
        }
    }

    pub(super) fn clear(&mut self) {
        // SAFETY: as in `press`.
        unsafe {
            (self.api.clear_composition)(self.session);
        }
    }

    /// The text that was committed since the last call.
    pub(super) fn take_commit(&mut self) -> Option<String> {
        let mut commit = Commit { data_size: data_size::<Commit>(), text: ptr::null_mut() };
        // SAFETY: `commit` has the layout that librime expects, and is freed if it was filled.
        unsafe {
            if (self.api.get_commit)(self.session, &raw mut commit) == 0 {
                return None;
            }
            let text = take_text(commit.text);
            (self.api.free_commit)(&raw mut commit);
            Some(text).filter(|text| !text.is_empty())
        }
    }

    /// The letters as they are displayed during composition.
    pub(super) fn preedit(&mut self) -> String {
        // SAFETY: all members may be zero; librime fills them in.
        let mut context: Context = unsafe { std::mem::zeroed() };
        context.data_size = data_size::<Context>();
        // SAFETY: `context` has the layout that librime expects, and is freed if it was filled.
        unsafe {
            if (self.api.get_context)(self.session, &raw mut context) == 0 {
                return String::new();
            }
            let preedit = take_text(context.preedit);
            (self.api.free_context)(&raw mut context);
            preedit
        }
    }

    /// At most `most` candidates from the start of the list.
    pub(super) fn candidates(&mut self, most: usize) -> Vec<String> {
        let mut listed = Vec::new();
        // SAFETY: the iterator is begun before use and ended after it. Its texts belong to librime and are
        // copied before the next step.
        unsafe {
            let mut iterator: CandidateIterator = std::mem::zeroed();
            if (self.api.candidate_list_begin)(self.session, &raw mut iterator) == 0 {
                return listed;
            }
            while listed.len() < most && (self.api.candidate_list_next)(&raw mut iterator) != 0 {
                let text = iterator.candidate.text;
                if !text.is_null() {
                    listed.push(CStr::from_ptr(text).to_string_lossy().into_owned());
                }
            }
            (self.api.candidate_list_end)(&raw mut iterator);
        }
        listed
    }
}

impl Drop for Librime {
    fn drop(&mut self) {
        // SAFETY: librime is initialised, and `TAKEN` is held until these calls return.
        unsafe {
            (self.api.cleanup_all_sessions)();
            (self.api.finalize)();
        }
    }
}

/// Copies a text that librime is about to free, and overwrites the original.
///
/// # Safety
/// `text` is null, or is writable and ends with a zero byte.
unsafe fn take_text(text: *mut c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: the caller guarantees it.
    unsafe {
        let length = CStr::from_ptr(text).to_bytes().len();
        let copy = CStr::from_ptr(text).to_string_lossy().into_owned();
        for at in 0..length {
            text.add(at).write_volatile(0);
        }
        copy
    }
}

/// The size of a structure as librime counts it: without the size member.
fn data_size<T>() -> c_int {
    c_int::try_from(size_of::<T>() - size_of::<c_int>()).expect("these structures are small")
}

fn c_path(path: &Path) -> Result<CString, Error> {
    CString::new(path.as_os_str().as_bytes()).map_err(|_| Error::Path(path.to_owned()))
}
