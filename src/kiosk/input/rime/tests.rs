use std::fs;
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::schema::Learning;
use super::*;

/// librime has one state per process, so the tests run one after another.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn open(folder: &Path, learning: Learning) -> Rime {
    Rime::open_with(folder, Path::new(SHARED_DATA), learning).expect("librime1 and rime-data-pinyin-simp")
}

fn type_in(rime: &mut Rime, letters: &str) -> Composition {
    letters.chars().map(|letter| rime.feed(letter)).last().unwrap()
}

/// Selects a candidate wherever it is in the list.
fn pick(rime: &mut Rime, wanted: &str) -> Composition {
    let mut shown = rime.more();
    loop {
        if let Some(index) = shown.candidates.iter().position(|candidate| candidate == wanted) {
            return rime.select(index);
        }
        let longer = rime.more();
        assert!(longer.candidates.len() > shown.candidates.len(), "{wanted} is not in the list");
        shown = longer;
    }
}

/// All candidates for `letters`.
fn offered(rime: &mut Rime, letters: &str) -> Vec<String> {
    let mut shown = type_in(rime, letters).candidates;
    loop {
        let longer = rime.more().candidates;
        if longer.len() == shown.len() {
            rime.reset();
            return shown;
        }
        shown = longer;
    }
}

#[test]
fn everyday_words_come_first() {
    let (_turn, folder) = (turn(), tempfile::tempdir().unwrap());
    let mut rime = open(folder.path(), Learning::Off);
    for (letters, word) in [
        ("nihao", "你好"),
        ("dianti", "电梯"),
        ("woyaotousu", "我要投诉"),
        ("weishengjian", "卫生间"),
        ("xi'an", "西安"),
    ] {
        let composition = type_in(&mut rime, letters);
        assert_eq!(composition.candidates.first().map(String::as_str), Some(word));
        rime.reset();
    }
}

#[test]
fn a_selected_candidate_is_committed_once() {
    let (_turn, folder) = (turn(), tempfile::tempdir().unwrap());
    let mut rime = open(folder.path(), Learning::Off);
    let composing = type_in(&mut rime, "nihao");
    assert_eq!((composing.preedit.as_str(), composing.commit), ("ni hao", None));
    assert_eq!(rime.select(0), Composition { commit: Some("你好".to_owned()), ..Composition::default() });
    assert_eq!(rime.more(), Composition::default());
}

#[test]
fn backspace_and_reset_take_letters_back() {
    let (_turn, folder) = (turn(), tempfile::tempdir().unwrap());
    let mut rime = open(folder.path(), Learning::Off);
    type_in(&mut rime, "nih");
    assert_eq!(rime.backspace().preedit, "ni");
    rime.reset();
    assert_eq!(type_in(&mut rime, "hao").preedit, "hao");
    rime.wipe();
    assert_eq!(rime.backspace(), Composition::default());
}

#[test]
fn other_keys_change_nothing() {
    let (_turn, folder) = (turn(), tempfile::tempdir().unwrap());
    let mut rime = open(folder.path(), Learning::Off);
    let before = type_in(&mut rime, "nihao");
    for key in ['A', '1', ' ', '，', '\u{0}', '\u{1F600}'] {
        assert_eq!(rime.feed(key), before);
    }
    assert_eq!(rime.select(1_000_000), before);
    assert_eq!(rime.select(usize::MAX), before);
}

#[test]
fn more_extends_the_candidate_list() {
    let (_turn, folder) = (turn(), tempfile::tempdir().unwrap());
    let mut rime = open(folder.path(), Learning::Off);
    let first = type_in(&mut rime, "li").candidates;
    let longer = rime.more().candidates;
    assert!(longer.len() > first.len());
    assert!(longer.starts_with(&first));
    assert_eq!(rime.feed('n').candidates.len(), LISTED, "another letter, another list");
}

/// The traces that a rare name leaves after one visitor has spelled it.
#[derive(Debug, PartialEq, Eq)]
struct Traces {
    offered_to_the_next: bool,
    offered_after_a_restart: bool,
    files_written: bool,
    on_the_disk: bool,
}

const NAME: &str = "彰莉枋";
const SPELLED: &str = "zhanglifang";
const FOLDER: &str = "PINYIN_TEST_FOLDER";

fn traces_of_a_visit(learning: Learning, after_restart: impl Fn(&Path) -> Vec<String>) -> Traces {
    let folder = tempfile::tempdir().unwrap();
    let mut rime = open(folder.path(), learning);
    let before = offered(&mut rime, SPELLED);
    assert!(!before.iter().any(|candidate| candidate == NAME), "the name is a rare one");

    type_in(&mut rime, SPELLED);
    pick(&mut rime, "彰");
    pick(&mut rime, "莉");
    assert_eq!(pick(&mut rime, "枋").commit.as_deref(), Some(NAME));
    rime.wipe();

    let next = offered(&mut rime, SPELLED);
    drop(rime);
    let restarted = after_restart(folder.path());
    let user = folder.path().join("pinyin/user");
    Traces {
        offered_to_the_next: next != before,
        offered_after_a_restart: restarted != before,
        files_written: fs::read_dir(user).unwrap().next().is_some(),
        on_the_disk: everything_under(folder.path()).windows(NAME.len()).any(|w| w == NAME.as_bytes()),
    }
}

fn everything_under(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        bytes.extend(path.as_os_str().as_encoded_bytes());
        bytes.extend(if path.is_dir() { everything_under(&path) } else { fs::read(path).unwrap() });
    }
    bytes
}

/// A typed name is offered neither in this process nor after a restart, and is in no file.
#[test]
fn typed_names_are_never_offered_to_others() {
    // The test runs itself in a second process, to check the state after a restart.
    if let Some(folder) = std::env::var_os(FOLDER) {
        let mut rime = open(Path::new(&folder), Learning::Off);
        println!("offered:{}", offered(&mut rime, SPELLED).join(" "));
        return;
    }
    let _turn = turn();
    let in_a_new_process = |folder: &Path| {
        let name = "typed_names_are_never_offered_to_others";
        let output = Command::new(std::env::current_exe().unwrap())
            .args([name, "--nocapture"])
            .env(FOLDER, folder)
            .output()
            .unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        let (_, list) = printed.split_once("offered:").expect(&printed);
        list.lines().next().unwrap().split(' ').map(str::to_owned).collect()
    };
    let traces = traces_of_a_visit(Learning::Off, in_a_new_process);
    let none = Traces {
        offered_to_the_next: false,
        offered_after_a_restart: false,
        files_written: false,
        on_the_disk: false,
    };
    assert_eq!(traces, none);
}

/// Proves that the test above can fail.
#[test]
fn the_trace_search_finds_what_librime_learns() {
    let _turn = turn();
    let traces = traces_of_a_visit(Learning::On, |folder| {
        let mut rime = open(folder, Learning::On);
        offered(&mut rime, SPELLED)
    });
    let all = Traces {
        offered_to_the_next: true,
        offered_after_a_restart: true,
        files_written: true,
        on_the_disk: true,
    };
    assert_eq!(traces, all);
}

#[test]
fn learned_data_is_removed_at_start() {
    let (_turn, folder) = (turn(), tempfile::tempdir().unwrap());
    let user = folder.path().join("pinyin/user");
    fs::create_dir_all(user.join("pinyin_simp.userdb")).unwrap();
    fs::write(user.join("pinyin_simp.userdb/000003.log"), NAME).unwrap();
    let _rime = open(folder.path(), Learning::Off);
    assert!(fs::read_dir(user).unwrap().next().is_none());
}

#[test]
fn there_is_one_engine_at_a_time() {
    let (_turn, folder) = (turn(), tempfile::tempdir().unwrap());
    let first = open(folder.path(), Learning::Off);
    assert!(matches!(Rime::open(folder.path(), Path::new(SHARED_DATA)), Err(Error::InUse)));
    drop(first);
    let mut second = open(folder.path(), Learning::Off);
    assert_eq!(type_in(&mut second, "nihao").candidates[0], "你好");
}

#[test]
fn errors_name_the_missing_package() {
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    let no_dictionary = Rime::open(folder.path(), folder.path()).err().unwrap().to_string();
    assert!(no_dictionary.contains("rime-data-pinyin-simp"), "{no_dictionary}");
    let no_library = ffi::load("librime.so.0-that-nobody-has").err().unwrap().to_string();
    assert!(no_library.contains("librime1"), "{no_library}");
    let own = folder.path().join("build");
    fs::create_dir(&own).unwrap();
    for file in ["pinyin_simp.table.bin", "pinyin_simp.prism.bin"] {
        fs::write(own.join(file), "garbage").unwrap();
    }
    let broken = Rime::open(folder.path(), folder.path()).err().unwrap();
    assert!(matches!(broken, Error::NoSession(_)), "{broken}");
}
