//! Packs survive being written: what is read back says the same, comments and places aside.
//!
//! The comparison is one of TOML with TOML, so that a key that the writer doesn't know is a
//! difference, whatever the registry makes of it.

use acquis_registry::{PackFiles, Registry, SourceText};
use proptest::prelude::*;
use toml::{Table, Value};

use crate::data;

/// Keys that the writer gives where the author left them out.
const DEFAULTS: [&str; 3] = ["kind", "membership_from", "standing"];

/// Every entry of a pack under its kind and id.
fn entries(files: &PackFiles) -> Vec<(String, Value)> {
    let mut entries = Vec::new();
    for file in files {
        let table: Table = file
            .text
            .parse()
            .unwrap_or_else(|error| panic!("{}: {error}", file.name));
        if let Some(id) = table.get("id") {
            entries.push((id.to_string(), Value::Table(table)));
            continue;
        }
        for (key, value) in table {
            match value {
                Value::Array(items) => entries.extend(items.into_iter().map(|item| {
                    let id = &item["id"];
                    let is_institution = key == "organization" || key == "agreement";
                    let key = if is_institution {
                        id.to_string()
                    } else {
                        format!("{key} {id}")
                    };
                    (key, item)
                })),
                other => entries.push((key, other)),
            }
        }
    }
    entries.sort_by(|left, right| left.0.cmp(&right.0));
    entries
}

/// What of `given` is not in `written`, or is there and was not given.
fn difference(path: &str, given: &Value, written: &Value) -> Option<String> {
    match (given, written) {
        (Value::Table(given), Value::Table(written)) => {
            let lost = given.iter().find_map(|(key, value)| {
                let path = format!("{path}.{key}");
                match written.get(key) {
                    Some(written) => difference(&path, value, written),
                    // An empty list says what a missing key says.
                    None if value.as_array().is_some_and(Vec::is_empty) => None,
                    None => Some(format!("{path} is lost")),
                }
            });
            lost.or_else(|| {
                written
                    .keys()
                    .find(|key| !given.contains_key(*key) && !DEFAULTS.contains(&key.as_str()))
                    .map(|key| format!("{path}.{key} is new"))
            })
        }
        (Value::Array(given), Value::Array(written)) if given.len() == written.len() => given
            .iter()
            .zip(written)
            .enumerate()
            .find_map(|(index, (given, written))| {
                difference(&format!("{path}[{index}]"), given, written)
            }),
        // One text stands for a list of one.
        (Value::String(text), Value::Array(list)) | (Value::Array(list), Value::String(text))
            if list.len() == 1 && list[0].as_str() == Some(text) =>
        {
            None
        }
        (Value::Integer(whole), Value::Float(number))
        | (Value::Float(number), Value::Integer(whole)) => (whole.to_string()
            != number.to_string())
        .then(|| format!("{path}: {whole} becomes {number}")),
        // A percentage is a share of a hundred.
        (Value::String(given), Value::String(written))
            if given
                .strip_suffix('%')
                .is_some_and(|percent| *written == format!("{percent}/100")) =>
        {
            None
        }
        (given, written) => {
            (given != written).then(|| format!("{path}: {given} becomes {written}"))
        }
    }
}

fn assert_survives(files: &PackFiles) {
    let registry = data::load(files);
    let written = registry.to_pack_files();
    let (given, back) = (entries(files), entries(&written));
    let names = |entries: &[(String, Value)]| -> Vec<String> {
        entries.iter().map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(names(&given), names(&back));
    for ((name, given), (_, back)) in given.iter().zip(&back) {
        let found = difference(name, given, back);
        assert_eq!(found, None);
    }
    let again = data::load(&written);
    assert_eq!(again.to_pack_files(), written);
    assert_eq!(again.card(), registry.card());
}

#[test]
fn the_pack_of_the_post_soviet_space_survives() {
    assert_survives(&data::pack_files());
}

#[test]
fn names_of_files_stay_inside_their_folder() {
    let text = r#"
        [[organization]]
        id = "org:../../etc/passwd"
        names = [{ name = "A" }]
        [[organization]]
        id = "org:--/-/etc-passwd"
        names = [{ name = "B" }]
        [[agreement]]
        id = "agr:."
        names = [{ name = "C" }]
    "#;
    let registry = data::load(&vec![SourceText::new("pack.toml", text)]);
    let files = registry.to_pack_files();
    let mut names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 3);
    for name in names {
        assert!(
            !name.contains("/.") && name.matches('/').count() == 1,
            "{name}"
        );
    }
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z ]{1,12}",
        "[\\PC\"'\\\\\u{7f}\u{1}\n\r\t#=\\[\\]{},]{1,12}",
        "\\PC{1,12}",
    ]
    .prop_map(|text| format!("a{text}"))
}

fn date() -> impl Strategy<Value = String> {
    prop_oneof![
        "19[0-9]{2}",
        "19[0-9]{2}-0[1-9]",
        "19[0-9]{2}-0[1-9]-[12][0-8]",
        "19[0-9]X",
        "19[0-9]{2}~",
        "19[0-9]{2}-05/2001",
        Just("..".to_owned()),
        "19[0-9]{2}/\\.\\.",
    ]
}

fn optional(table: &mut Table, key: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        table.insert(key.to_owned(), value.into());
    }
}

prop_compose! {
    fn claim()(
        source in 0..2_usize,
        on in date(),
        effect in proptest::option::of(date()),
        at in proptest::option::of(words()),
        says in proptest::option::of(words()),
        facts in proptest::collection::vec(words(), 0..3),
        reason in proptest::option::of(words()),
        deprecated in any::<bool>(),
        denies in any::<bool>(),
    ) -> Table {
        let mut claim = Table::new();
        claim.insert("on".to_owned(), on.into());
        optional(&mut claim, "effect", effect);
        claim.insert("src".to_owned(), format!("s{source}").into());
        optional(&mut claim, "at", at);
        optional(&mut claim, "says", says);
        if denies {
            claim.insert("denies".to_owned(), true.into());
        }
        if deprecated && reason.is_some() {
            claim.insert("rank".to_owned(), "deprecated".into());
        }
        optional(&mut claim, "reason", reason);
        if !facts.is_empty() {
            claim.insert("facts".to_owned(), facts.into());
        }
        claim
    }
}

prop_compose! {
    fn act()(
        kind in prop::sample::select(vec![
            "adoption", "signature", "ratification", "provisional_application",
            "entry_into_force", "accession", "reservation", "suspension", "withdrawal",
            "termination", "succession", "renaming", "transformation",
        ]),
        who in prop::sample::subsequence(vec!["AAA", "BBB", "org:i0"], 1..=3),
        standing in prop::sample::select(vec!["member", "associate", "observer"]),
        claims in proptest::collection::vec(claim(), 1..4),
        note in proptest::option::of(words()),
        preferred in any::<bool>(),
    ) -> Table {
        let mut act = Table::new();
        act.insert("act".to_owned(), kind.into());
        act.insert("who".to_owned(), who.into());
        if kind == "accession" && standing != "member" {
            act.insert("standing".to_owned(), standing.into());
        }
        if kind == "succession" {
            act.insert("of".to_owned(), "BBB".into());
        }
        optional(&mut act, "note", note);
        let mut claims = claims;
        if preferred && !claims[0].contains_key("rank") {
            claims[0].insert("rank".to_owned(), "preferred".into());
        }
        act.insert("claims".to_owned(), claims.into());
        act
    }
}

prop_compose! {
    fn institution()(
        name in words(),
        short in proptest::option::of(words()),
        also in proptest::collection::vec(words(), 0..3),
        summary in proptest::option::of(words()),
        areas in prop::sample::subsequence(vec!["goods", "customs", "security"], 0..=3),
        stage in proptest::option::of(prop::sample::select(vec!["none", "customs_union"])),
        at_signature in any::<bool>(),
        acts in proptest::collection::vec(act(), 0..5),
    ) -> Table {
        let mut names = Table::new();
        names.insert("name".to_owned(), name.into());
        optional(&mut names, "short", short);
        if !also.is_empty() {
            names.insert("also".to_owned(), also.into());
        }
        let mut institution = Table::new();
        institution.insert("names".to_owned(), vec![names].into());
        optional(&mut institution, "summary", summary);
        if !areas.is_empty() {
            institution.insert("areas".to_owned(), areas.into());
        }
        optional(&mut institution, "stage", stage);
        if at_signature {
            institution.insert("membership_from".to_owned(), "signature".into());
        }
        if !acts.is_empty() {
            institution.insert("act".to_owned(), acts.into());
        }
        institution
    }
}

prop_compose! {
    fn pack()(
        titles in proptest::array::uniform2(words()),
        names in proptest::array::uniform2(words()),
        note in proptest::option::of(words()),
        institutions in proptest::collection::vec(institution(), 1..4),
    ) -> Table {
        let mut pack = Table::new();
        let sources = titles.into_iter().enumerate().map(|(number, title)| {
            let mut source = Table::new();
            source.insert("id".to_owned(), format!("s{number}").into());
            source.insert("type".to_owned(), "book".into());
            source.insert("title".to_owned(), title.into());
            source.insert("published".to_owned(), "1999".into());
            optional(&mut source, "note", note.clone());
            source
        });
        pack.insert("source".to_owned(), sources.collect::<Vec<_>>().into());
        let states = ["AAA", "BBB"].into_iter().zip(names).map(|(code, name)| {
            let mut named = Table::new();
            named.insert("name".to_owned(), name.into());
            let mut state = Table::new();
            state.insert("id".to_owned(), code.into());
            state.insert("names".to_owned(), vec![named].into());
            state.insert("groups".to_owned(), vec!["g"].into());
            state
        });
        pack.insert("state".to_owned(), states.collect::<Vec<_>>().into());
        let institutions = institutions.into_iter().enumerate().map(|(number, mut institution)| {
            institution.insert("id".to_owned(), format!("org:i{number}").into());
            institution
        });
        pack.insert("organization".to_owned(), institutions.collect::<Vec<_>>().into());
        pack
    }
}

proptest! {
    #[test]
    fn any_pack_survives(pack in pack()) {
        let text = toml::to_string(&pack).unwrap();
        let files = vec![SourceText::new("pack.toml", text)];
        prop_assume!(Registry::load(&files).is_ok());
        assert_survives(&files);
    }
}
