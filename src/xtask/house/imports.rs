//! Finds which file of a crate imports which other file, from the parsed syntax.
//!
//! A file's imports are its `use` items and the paths in its code, followed through re-exports to the file
//! that defines the item. Test code is left out. Method calls are left out too: they need no import.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

/// A path in code, from the root of its crate (`crate`) or from another crate's name.
type CodePath = Vec<String>;

/// The limit of re-exports to follow; a longer chain counts as unknown.
const MOST_HOPS: usize = 16;

/// One target of a crate (its library or a program), parsed.
pub struct Crate {
    modules: Vec<Module>,
    files: Vec<PathBuf>,
}

#[derive(Default)]
struct Module {
    file: usize,
    parent: Option<usize>,
    children: HashMap<String, usize>,
    items: BTreeSet<String>,
    /// What `use` brings into scope, and from where.
    imports: HashMap<String, CodePath>,
    globs: Vec<CodePath>,
    /// Names that are only re-exported: `pub use`.
    reexported: BTreeSet<String>,
    /// Every path in the code, as it is written.
    paths: Vec<CodePath>,
    /// Every identifier in the code.
    words: BTreeSet<String>,
}

impl Crate {
    /// Parses the target that begins at `root`. A program's library counts as another crate.
    pub fn parse(root: &Path) -> Self {
        let mut this = Self { modules: Vec::new(), files: Vec::new() };
        this.file(root, None, root.parent().expect("a file is in a folder"));
        this
    }

    /// Parses a file as a module. Its child modules are in `folder`.
    fn file(&mut self, path: &Path, parent: Option<usize>, folder: &Path) -> usize {
        self.files.push(path.to_owned());
        let file = self.files.len() - 1;
        self.module(&syntax(path).items, file, parent, folder)
    }

    fn module(&mut self, items: &[syn::Item], file: usize, parent: Option<usize>, folder: &Path) -> usize {
        let this = self.modules.len();
        self.modules.push(Module { file, parent, ..Module::default() });
        for item in items {
            match item {
                syn::Item::Mod(module) if !is_for_tests(&module.attrs) => {
                    let name = module.ident.to_string();
                    let inner = folder.join(&name);
                    let child = match &module.content {
                        Some((_, items)) => self.module(items, file, Some(this), &inner),
                        None => {
                            let beside = folder.join(format!("{name}.rs"));
                            let path = if beside.exists() { beside } else { inner.join("mod.rs") };
                            // A module named by `#[path]` or made by a build script has no file here.
                            if !path.exists() {
                                continue;
                            }
                            self.file(&path, Some(this), &inner)
                        }
                    };
                    self.modules[this].children.insert(name, child);
                }
                syn::Item::Mod(_) => {}
                other => self.modules[this].visit_item(other),
            }
        }
        this
    }

    /// Resolves a path in a module to an absolute path, from the root of the crate.
    fn absolute(&self, module: usize, path: &[String]) -> CodePath {
        let first = path[0].as_str();
        let from_root = |at: usize, rest: &[String]| [self.path_of(at), rest.to_vec()].concat();
        match first {
            "crate" => path.to_vec(),
            "self" => from_root(module, &path[1..]),
            "super" => {
                let parent = self.modules[module].parent.unwrap_or(module);
                let rest = if path.len() > 1 && path[1] == "super" {
                    return self.absolute(parent, &path[1..]);
                } else {
                    &path[1..]
                };
                from_root(parent, rest)
            }
            _ if self.modules[module].children.contains_key(first) => from_root(module, path),
            _ => match self.modules[module].imports.get(first) {
                Some(import) if import.first().is_some_and(|f| f != first) || import.len() > 1 => {
                    let start = self.absolute_import(module, import);
                    [start, path[1..].to_vec()].concat()
                }
                _ => path.to_vec(),
            },
        }
    }

    /// Resolves the path of a `use`, which starts at the root, at `self` or `super`, at a child module, or at
    /// another crate.
    fn absolute_import(&self, module: usize, path: &[String]) -> CodePath {
        match path[0].as_str() {
            "crate" | "self" | "super" => self.absolute(module, path),
            first if self.modules[module].children.contains_key(first) => self.absolute(module, path),
            _ => path.to_vec(),
        }
    }

    fn path_of(&self, module: usize) -> CodePath {
        let Some(parent) = self.modules[module].parent else { return vec!["crate".to_owned()] };
        let children = &self.modules[parent].children;
        let name = children.iter().find(|(_, child)| **child == module).map(|(name, _)| name.clone());
        [self.path_of(parent), name.into_iter().collect()].concat()
    }

    /// The file that defines the item at an absolute path. None for a module itself or for another crate.
    fn definer(&self, path: &[String], hops: usize) -> Option<usize> {
        if path.first().is_none_or(|first| first != "crate") || hops > MOST_HOPS {
            return None;
        }
        let mut at = 0;
        for (n, segment) in path.iter().enumerate().skip(1) {
            let module = &self.modules[at];
            if let Some(child) = module.children.get(segment) {
                at = *child;
            } else if module.items.contains(segment) {
                return Some(module.file);
            } else if let Some(import) = module.imports.get(segment) {
                let onward = [self.absolute_import(at, import), path[n + 1..].to_vec()].concat();
                return self.definer(&onward, hops + 1);
            } else {
                let through = |glob: &CodePath| {
                    let onward = [self.absolute_import(at, glob), path[n..].to_vec()].concat();
                    self.definer(&onward, hops + 1)
                };
                // The module does not declare this name: it comes from a macro or from a glob import.
                return module.globs.iter().find_map(through).or(Some(module.file));
            }
        }
        None
    }

    /// Every absolute path in each file, its inline modules included.
    fn named(&self) -> Vec<(usize, CodePath)> {
        let mut named = Vec::new();
        for (n, module) in self.modules.iter().enumerate() {
            for (name, import) in &module.imports {
                if !module.reexported.contains(name) || module.words.contains(name) {
                    named.push((module.file, self.absolute_import(n, import)));
                }
            }
            named.extend(module.globs.iter().map(|glob| (module.file, self.absolute_import(n, glob))));
            named.extend(module.paths.iter().map(|path| (module.file, self.absolute(n, path))));
        }
        named
    }

    /// The files that each file imports, as paths on the disk.
    pub fn arrows(&self) -> BTreeMap<&Path, BTreeSet<&Path>> {
        let mut arrows: BTreeMap<&Path, BTreeSet<&Path>> = BTreeMap::new();
        for file in &self.files {
            arrows.entry(file).or_default();
        }
        for (from, path) in self.named() {
            if let Some(to) = self.definer(&path, 0).filter(|to| *to != from) {
                arrows.entry(&self.files[from]).or_default().insert(&self.files[to]);
            }
        }
        arrows
    }

    /// The paths into other crates, by file.
    pub fn foreign(&self) -> Vec<(&Path, CodePath)> {
        let foreign = |path: &CodePath| path[0] != "crate";
        let named = self.named().into_iter().filter(|(_, path)| foreign(path));
        named.map(|(file, path)| (self.files[file].as_path(), path)).collect()
    }
}

impl<'ast> Visit<'ast> for Module {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let (attributes, name) = match item {
            syn::Item::Const(i) => (&i.attrs, Some(&i.ident)),
            syn::Item::Enum(i) => (&i.attrs, Some(&i.ident)),
            syn::Item::Fn(i) => (&i.attrs, Some(&i.sig.ident)),
            syn::Item::Macro(i) => (&i.attrs, i.ident.as_ref()),
            syn::Item::Static(i) => (&i.attrs, Some(&i.ident)),
            syn::Item::Struct(i) => (&i.attrs, Some(&i.ident)),
            syn::Item::Trait(i) => (&i.attrs, Some(&i.ident)),
            syn::Item::Type(i) => (&i.attrs, Some(&i.ident)),
            syn::Item::Union(i) => (&i.attrs, Some(&i.ident)),
            syn::Item::Use(i) => (&i.attrs, None),
            syn::Item::Impl(i) => (&i.attrs, None),
            _ => return visit::visit_item(self, item),
        };
        if is_for_tests(attributes) {
            return;
        }
        self.items.extend(name.map(ToString::to_string));
        visit::visit_item(self, item);
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let handed_on = !matches!(item.vis, syn::Visibility::Inherited);
        self.tree(&item.tree, &[], handed_on);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: CodePath = path.segments.iter().map(|s| s.ident.to_string()).collect();
        self.words.extend(segments.first().cloned());
        if segments.len() > 1 {
            self.paths.push(segments);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, makro: &'ast syn::Macro) {
        self.visit_path(&makro.path);
        self.tokens(makro.tokens.clone());
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        self.tokens(item.mac.tokens.clone());
    }
}

impl Module {
    fn tree(&mut self, tree: &syn::UseTree, before: &[String], handed_on: bool) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        let mut bring = |name: String, path: CodePath| {
            if handed_on {
                self.reexported.insert(name.clone());
            }
            self.imports.insert(name, path);
        };
        match tree {
            syn::UseTree::Path(path) => self.tree(&path.tree, &with(&path.ident), handed_on),
            syn::UseTree::Name(name) if name.ident == "self" => {
                bring(before.last().cloned().unwrap_or_default(), before.to_vec());
            }
            syn::UseTree::Name(name) => bring(name.ident.to_string(), with(&name.ident)),
            syn::UseTree::Rename(rename) if rename.ident == "self" => {
                bring(rename.rename.to_string(), before.to_vec());
            }
            syn::UseTree::Rename(rename) => bring(rename.rename.to_string(), with(&rename.ident)),
            syn::UseTree::Glob(_) => self.globs.push(before.to_vec()),
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.tree(tree, before, handed_on);
                }
            }
        }
    }

    /// Finds paths among the tokens of a macro call, whose grammar is unknown here.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: CodePath = Vec::new();
        let mut colons = 0;
        let mut found = Vec::new();
        for token in tokens {
            match token {
                TokenTree::Ident(ident) if colons == 2 => path.push(ident.to_string()),
                TokenTree::Ident(ident) => {
                    found.push(std::mem::replace(&mut path, vec![ident.to_string()]));
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => {
                    colons += 1;
                    continue;
                }
                TokenTree::Group(group) => {
                    found.push(std::mem::take(&mut path));
                    self.tokens(group.stream());
                }
                _ => found.push(std::mem::take(&mut path)),
            }
            colons = 0;
        }
        found.push(path);
        for path in found {
            self.words.extend(path.first().cloned());
            if path.len() > 1 {
                self.paths.push(path);
            }
        }
    }
}

fn syntax(file: &Path) -> syn::File {
    let text = fs::read_to_string(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    syn::parse_file(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()))
}

/// Whether code is compiled only for tests.
fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let syn::Meta::List(list) = &attribute.meta else { return false };
        list.path.is_ident("cfg") && names_test(list.tokens.clone())
    })
}

fn names_test(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == "test",
        TokenTree::Group(group) => names_test(group.stream()),
        _ => false,
    })
}

/// Groups of files that import each other in a cycle, the largest first.
pub fn circles<'a>(arrows: &BTreeMap<&'a Path, BTreeSet<&'a Path>>) -> Vec<Vec<&'a Path>> {
    let reached = |from: &'a Path| -> BTreeSet<&'a Path> {
        let mut seen = BTreeSet::new();
        let mut ahead = vec![from];
        while let Some(at) = ahead.pop() {
            for next in arrows.get(at).into_iter().flatten() {
                if seen.insert(*next) {
                    ahead.push(next);
                }
            }
        }
        seen
    };
    let reach: BTreeMap<&Path, BTreeSet<&Path>> = arrows.keys().map(|file| (*file, reached(file))).collect();
    let mut circles: BTreeSet<Vec<&Path>> = BTreeSet::new();
    for (file, ahead) in &reach {
        if ahead.contains(file) {
            circles.insert(ahead.iter().copied().filter(|other| reach[other].contains(file)).collect());
        }
    }
    let mut circles: Vec<_> = circles.into_iter().collect();
    circles.sort_by_key(|circle| std::cmp::Reverse(circle.len()));
    circles
}

/// Whether a file has a test that is not run.
pub fn has_ignored_test(file: &Path) -> bool {
    struct Ignored(bool);
    impl Visit<'_> for Ignored {
        fn visit_attribute(&mut self, attribute: &syn::Attribute) {
            self.0 |= attribute.path().is_ident("ignore");
        }
    }
    let mut ignored = Ignored(false);
    ignored.visit_file(&syntax(file));
    ignored.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parses a crate of these files, in a temporary folder.
    fn a_crate(files: &[(&str, &str)]) -> (tempfile::TempDir, Crate) {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let parsed = Crate::parse(&folder.path().join("lib.rs"));
        (folder, parsed)
    }

    fn named(krate: &Crate) -> Vec<String> {
        let name = |file: &Path| file.file_name().unwrap().to_string_lossy().into_owned();
        let arrows = krate.arrows();
        let pairs = arrows.iter().flat_map(|(from, to)| to.iter().map(|to| (*from, *to)));
        pairs.map(|(from, to)| format!("{} -> {}", name(from), name(to))).collect()
    }

    #[test]
    fn a_reexport_leads_to_the_file_that_defines() {
        let (_folder, krate) = a_crate(&[
            ("lib.rs", "mod store; mod page;"),
            ("store/mod.rs", "mod case; pub use case::Case;"),
            ("store/case.rs", "pub struct Case;"),
            ("page.rs", "use crate::store::Case; fn show(_: Case) {}"),
        ]);
        assert_eq!(named(&krate), ["page.rs -> case.rs"]);
    }

    #[test]
    fn files_that_name_each_other_are_a_circle() {
        let (_folder, krate) = a_crate(&[
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", "pub fn one() { crate::b::two() }"),
            ("b.rs", "use super::a; pub fn two() { println!(\"{:?}\", a::one()) }"),
            ("c.rs", "use crate::a::one; pub fn three() { one() }"),
        ]);
        let arrows = krate.arrows();
        let found = circles(&arrows);
        assert_eq!((found.len(), found[0].len()), (1, 2));
    }

    #[test]
    fn a_path_in_a_macro_is_an_import() {
        let (_folder, krate) =
            a_crate(&[("lib.rs", "fn log() { println!(\"{}\", std::env::args().count()) }")]);
        assert!(krate.foreign().iter().any(|(_, path)| path[..2] == ["std", "env"]));
    }

    #[test]
    fn code_for_tests_is_left_out() {
        let (_folder, krate) = a_crate(&[("lib.rs", "#[cfg(test)] mod tests { use std::env; }")]);
        assert!(krate.foreign().is_empty());
    }
}
