//! What the lab keeps for its user: what was typed, whose a number is, pictures, and which run
//! is which.

use std::thread::available_parallelism;

use super::*;

/// The scenario of a state that chooses, with more variants.
fn choosing(more: impl Iterator<Item = String>) -> String {
    let file = acquis_library::builtin::scenario("ukraine-chooses-2012").unwrap();
    let more: String = more.collect();
    format!("{}\n{more}", file.text)
}

/// A variant with one act.
fn variant(name: &str, act: &str) -> String {
    format!(
        "[[variant]]\nname = \"{name}\"\ntitle = \"Variant {name}\"\n\n[[variant.act]]\n\
         institution = \"org:eurasec-customs-union\"\nact = \"accession\"\nwho = [\"UKR\"]\n{act}\n"
    )
}

/// The scenario with so many variants.
fn with_variants(count: usize) -> String {
    let more = (3..count).map(|number| {
        let name = format!("more-{number}");
        variant(&name, "do = \"add\"\non = \"2012-01-01\"")
    });
    choosing(more)
}

async fn changed_text(program: &Program, desk: &str, text: &str) -> Answer {
    program
        .post(&format!("{desk}/text"), &[("text", text)])
        .await
}

#[tokio::test]
async fn every_picture_of_a_run_is_a_file_of_its_own() {
    let program = Program::start();
    let desk = program.open_shipped("single-economic-space-2004").await;
    let run = Program::done(&program.post(&format!("{desk}/run"), &[]).await);
    assert_eq!(program.over(&run).await["state"]["is"], "done");
    let page = program.page(&run).await;
    let figures = count(&page, "main figure");
    let links = Selector::parse("main .picture p.save a").unwrap();
    let links: Vec<&str> = page
        .select(&links)
        .map(|link| link.attr("href").unwrap())
        .collect();
    assert!(
        figures > 1 && links.len() == figures,
        "{figures}: {links:?}"
    );
    for link in links {
        let file = program.get(link).await;
        assert_eq!(file.status, StatusCode::OK, "{link}: {}", file.body);
        assert_eq!(file.header("content-type"), "image/svg+xml");
        let svg = &file.body;
        assert!(
            svg.starts_with("<svg ") && svg.contains("<style>"),
            "{link}"
        );
        assert!(svg.contains("aq-title"), "{link} has its caption");
        assert_eq!(svg.matches("<svg ").count(), 1, "{link}");
    }
    assert!(
        program
            .get(&format!("{run}/pictures/1.svg"))
            .await
            .body
            .contains("Source: ")
    );
    for none in ["0.svg", "99.svg", "x.svg"] {
        let answer = program.get(&format!("{run}/pictures/{none}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{none}");
    }
}

#[tokio::test]
async fn the_map_of_a_run_has_the_borders_that_the_reader_chooses() {
    let program = Program::start();
    let desk = program.open_shipped("ukraine-chooses-2012").await;
    let file = acquis_library::builtin::scenario("ukraine-chooses-2012").unwrap();
    // Until 2014 all sources drew Crimea in one state.
    for day in ["2012-07-01", "2015-07-01"] {
        let text = file
            .text
            .replace("date = \"2012-07-01\"", &format!("date = \"{day}\""));
        Program::done(&changed_text(&program, &desk, &text).await);
        let run = Program::done(&program.post(&format!("{desk}/run"), &[]).await);
        assert_eq!(program.over(&run).await["state"]["is"], "done");
        let page = program.page(&run).await;
        // Western Sahara is in sight, too, and drawn in different states on either day.
        assert!(count(&page, "form select[name='viewpoint']") > 0, "{day}");
        let tells = words(&page, "main").contains("Crimea");
        assert_eq!(tells, day == "2015-07-01", "{day}");
        if !tells {
            // Not all of its maps show land on which sources differ, and those have no choice.
            continue;
        }
        let other = program.page(&format!("{run}?viewpoint=visionscarto")).await;
        assert!(words(&page, "main").contains("Borders: Natural Earth"));
        assert!(!words(&page, "main").contains("Borders: visionscarto"));
        assert!(words(&other, "main").contains("Borders: visionscarto"));
        assert!(!words(&other, "main").contains("Borders: Natural Earth"));
        // What is saved has the borders that are shown, under the same number.
        let links = Selector::parse("main .picture p.save a[href*='viewpoint=']").unwrap();
        let link = other.select(&links).next().unwrap().attr("href").unwrap();
        let saved = program.get(link).await;
        assert_eq!(saved.status, StatusCode::OK, "{link}: {}", saved.body);
        assert!(saved.body.contains("Borders: visionscarto"), "{link}");
        let usual = program.get(link.split('?').next().unwrap()).await;
        assert!(usual.body.contains("Borders: Natural Earth"), "{link}");
        // The report by itself can't ask for another page: it has them all.
        let report = program.get(&format!("{run}/files/report.html")).await;
        assert!(report.body.contains("Borders: visionscarto"));
        for unknown in [
            format!("{run}?viewpoint=nobody"),
            format!("{run}/pictures/1.svg?viewpoint=nobody"),
        ] {
            let refused = program.get(&unknown).await;
            assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{unknown}");
        }
    }
}

#[tokio::test]
async fn only_the_variant_that_is_looked_at_is_worked_out() {
    let program = Program::start();
    let desk = program.open_shipped("ukraine-chooses-2012").await;
    let never = variant("never", "do = \"strike\"");
    let text = choosing(std::iter::once(never));
    Program::done(&changed_text(&program, &desk, &text).await);
    let page = program.page(&desk).await;
    let law = "section[aria-labelledby='law']";
    assert!(words(&page, law).contains("can all be kept"));
    assert!(count(&page, "section[aria-labelledby='worth'] figure") > 0);
    let never = program.page(&format!("{desk}?variant=never")).await;
    assert!(words(&never, law).contains("not possible"));
}

#[tokio::test]
async fn a_scenario_of_more_variants_than_the_lab_takes_is_refused() {
    let program = Program::start();
    let desk = program.open_shipped("ukraine-chooses-2012").await;
    let most = changed_text(&program, &desk, &with_variants(64)).await;
    Program::done(&most);
    let text = with_variants(65);
    let says = "has 65 variants, and the lab takes at most 64";
    let refused = changed_text(&program, &desk, &text).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains(says), "{}", refused.body);
    for (address, body) in [
        ("/api/v1/lab/scenarios", json!({ "text": text })),
        ("/api/v1/lab/runs", json!({ "text": text })),
    ] {
        let refused = program.program(Method::POST, address, &body).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains(says), "{address}: {}", refused.body);
    }
}

#[tokio::test]
async fn who_presses_run_halts_nobody() {
    let program = Arc::new(Program::start());
    let desk = program.open_long().await;
    let file = format!("{desk}/file");
    // More of them than there are places at which answers are worked out.
    let mut runs = tokio::task::JoinSet::new();
    for _ in 0..available_parallelism().map_or(2, std::num::NonZero::get) {
        let (program, run) = (Arc::clone(&program), format!("{desk}/run"));
        runs.spawn(async move { program.post(&run, &[]).await.status });
    }
    let read = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        program.get(&file).await.status
    };
    tokio::select! {
        _ = runs.join_next() => panic!("who reads waited for who runs"),
        status = read => assert_eq!(status, StatusCode::OK),
    }
    while runs.join_next().await.is_some() {}
}

#[tokio::test]
async fn a_run_that_another_program_carries_out_is_not_said_to_be_cancelled() {
    let program = Program::start();
    let other = Program::in_folder(Arc::clone(&program.folder));
    let desk = program.open_long().await;
    let run = Program::done(&program.post(&format!("{desk}/run"), &[]).await);
    for address in [format!("{run}/cancel"), format!("/api/v1{run}/cancel")] {
        let refused = other.post(&address, &[]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{address}");
        assert!(refused.body.contains("another program"), "{}", refused.body);
    }
    Program::done(&program.post(&format!("{run}/cancel"), &[]).await);
    assert_eq!(program.over(&run).await["state"]["is"], "cancelled");
    // What is over needs no stopping, whoever carried it out.
    Program::done(&other.post(&format!("{run}/cancel"), &[]).await);
}

#[tokio::test]
async fn the_day_for_what_is_added_stays_and_one_that_comes_too_late_is_told() {
    let program = Program::start();
    let desk = program
        .open_empty("Clicks", "post-soviet-2012", "2012-07-01")
        .await;
    let click = [
        ("cell", "org:eurasec-customs-union|UKR|join"),
        ("on", "2012-03-04"),
    ];
    let there = Program::done(&program.post(&format!("{desk}/click"), &click).await);
    let page = program.page(&there).await;
    let day = "input#click-on[value='2012-03-04']";
    assert_eq!(count(&page, day), 1, "{there}");
    assert!(!words(&page, "ol.acts").contains("no effect"));
    let stays = [("added_on", "2012-03-04"), ("from", "2")];
    let there = Program::done(&program.post(&format!("{desk}/undo"), &stays).await);
    assert_eq!(count(&program.page(&there).await, day), 1, "{there}");
    let late = [
        ("cell", "org:eurasec-customs-union|UKR|join"),
        ("on", "2013-01-01"),
    ];
    let there = Program::done(&program.post(&format!("{desk}/click"), &late).await);
    let said = words(&program.page(&there).await, "ol.acts");
    assert!(
        said.contains("It takes no effect here: 2013-01-01 is after the day of the law"),
        "{said}"
    );
}

#[tokio::test]
async fn a_wrong_field_is_marked_and_nothing_that_was_typed_is_lost() {
    let program = Program::start();
    let desk = program.open_shipped("single-economic-space-2004").await;
    let fields = [
        ("title", "Typed title"),
        ("grade", "in_force"),
        ("elasticity", "-4"),
        ("elasticity_source", "a study"),
        ("closure", ""),
        ("purge", "yes"),
    ];
    let answer = program.post(&format!("{desk}/settings"), &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.html();
    for field in [
        "#field-title[value='Typed title'][data-typed]",
        "#field-elasticity[value='-4'][aria-invalid='true']",
        "#field-elasticity_source[value='a study']:not([aria-invalid])",
        "details#settings[open]",
    ] {
        assert_eq!(count(&page, field), 1, "{field}: {}", answer.body);
    }
    let said = words(&page, "#field-elasticity-error");
    assert!(said.contains("elasticity"), "{said}");
    let notice = words(&page, "#desk .notice.warning");
    for inner in [".toml", "[A0", "[A1"] {
        assert!(
            !said.contains(inner) && !notice.contains(inner),
            "{said}; {notice}"
        );
    }
    let act = [
        ("act_institution", "org:eu"),
        ("act_name", "signature"),
        ("act_on", "2004-02-03"),
    ];
    let page = program.post(&format!("{desk}/act"), &act).await.html();
    for field in [
        "#act-institution option[selected][value='org:eu']",
        "#act-name option[selected][value='signature']",
        "#act-on[value='2004-02-03']",
        "details#add-act[open]",
    ] {
        assert_eq!(count(&page, field), 1, "{field}");
    }
    let text = changed_text(&program, &desk, "title = ").await;
    assert_eq!(words(&text.html(), "#file-text").trim(), "title =");
}

#[tokio::test]
async fn a_number_that_was_changed_is_not_said_to_be_of_who_estimated_the_old_one() {
    let program = Program::start();
    let desk = program.open_shipped("single-economic-space-2004").await;
    let page = program.page(&desk).await;
    let value = |field: &str| {
        let field = Selector::parse(field).unwrap();
        let found = page.select(&field).next().unwrap();
        found.attr("value").unwrap().to_owned()
    };
    let source = value("#field-effects_source");
    let stage = Selector::parse("input[id^='field-effect_']").unwrap();
    let shown: Vec<(String, String)> = page
        .select(&stage)
        .map(|it| {
            (
                it.attr("name").unwrap().to_owned(),
                it.attr("value").unwrap().to_owned(),
            )
        })
        .collect();
    let mut fields: Vec<(&str, &str)> = shown
        .iter()
        .map(|(name, value)| match value.as_str() {
            "" => (name.as_str(), ""),
            _ => (name.as_str(), "0.123"),
        })
        .collect();
    fields.push(("effects_source", &source));
    Program::done(&program.post(&format!("{desk}/settings"), &fields).await);
    let file = program.get(&format!("{desk}/file")).await.body;
    assert!(file.contains("source = \"as chosen in the lab\""), "{file}");

    let first = [("elasticity", "4"), ("elasticity_source", "a study")];
    Program::done(&program.post(&format!("{desk}/settings"), &first).await);
    let then = [("elasticity", "5"), ("elasticity_source", "a study")];
    Program::done(&program.post(&format!("{desk}/settings"), &then).await);
    let file = program.get(&format!("{desk}/file")).await.body;
    assert!(!file.contains("a study"), "{file}");

    let draws = [("draws", "100"), ("seed", "1")];
    let answer = program.post(&format!("{desk}/settings"), &draws).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let said = words(&answer.html(), "#field-elasticity_error-error");
    assert!(said.contains("every draw is the same"), "{said}");
}

#[tokio::test]
async fn a_payment_names_who_pays() {
    let program = Program::start();
    let desk = program.open_shipped("eurasian-union-2019").await;
    let page = program.page(&desk).await;
    assert_eq!(
        count(&page, "form[action$='/payment'] [name='from']"),
        1,
        "the revision has the name for itself"
    );
    let pays = [
        ("from", "1"),
        ("payer", "RUS"),
        ("payee", "BLR"),
        ("size", "12.5"),
    ];
    Program::done(&program.post(&format!("{desk}/payment"), &pays).await);
    let said = words(&program.page(&desk).await, "#payments ol");
    assert!(said.contains("Russia pays Belarus 12.5"), "{said}");
}

#[tokio::test]
async fn a_question_on_blocs_leads_to_where_it_is_answered() {
    let program = Program::start();
    let link = "a[href='/blocs?scenario=two-unions-2012']";
    assert_eq!(count(&program.page("/lab").await, link), 1);
    let desk = program.open_shipped("two-unions-2012").await;
    let page = program.page(&desk).await;
    let own = format!("#desk .notice a[href='{desk}/blocs']");
    assert_eq!(count(&page, &own), 1);
    for address in ["/blocs?scenario=two-unions-2012", &format!("{desk}/blocs")] {
        let answer = program.get(address).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}");
    }
}

#[tokio::test]
async fn runs_say_what_was_refused_and_which_is_which() {
    let program = Program::start();
    let desk = program.open_shipped("ukraine-chooses-2012").await;
    let run = Program::done(&program.post(&format!("{desk}/run"), &[]).await);
    program.over(&run).await;
    let some = "Refused by the law, and not computed: Both at once";
    assert!(words(&program.page(&run).await, "p.facts").contains(some));
    assert!(words(&program.page("/lab").await, "#runs + form").contains(some));

    let name = [("name", "Second thoughts")];
    Program::done(&program.post(&format!("{desk}/keep"), &name).await);
    let file = program.get(&format!("{desk}/file")).await.body;
    let mut parts = file.split("[[variant]]");
    let head = parts.next().unwrap();
    let both = parts.find(|it| it.contains("\"both\"")).unwrap();
    let both = format!("{head}[[variant]]{both}");
    Program::done(&changed_text(&program, &desk, &both).await);
    let refused = Program::done(&program.post(&format!("{desk}/run"), &[]).await);
    let told = program.over(&refused).await;
    let files = told["files"].as_array().unwrap();
    assert!(files.iter().all(|file| file["name"] != "refused.json"));
    let all = "Refused: the law finds commitments incompatible";
    assert!(words(&program.page(&refused).await, "p.facts").contains(all));
    let list = words(&program.page("/lab").await, "#runs + form");
    assert!(list.contains(all), "{list}");
    assert!(
        list.contains("\u{201c}Second thoughts\u{201d}, scenario 1, revision 2"),
        "{list}"
    );
}

#[tokio::test]
async fn runs_side_by_side_say_in_what_they_differ() {
    let program = Program::start();
    let desk = program.open_shipped("single-economic-space-2004").await;
    let one = Program::done(&program.post(&format!("{desk}/run"), &[]).await);
    let theta = [("elasticity", "4.25"), ("elasticity_source", "a study")];
    Program::done(&program.post(&format!("{desk}/settings"), &theta).await);
    let two = Program::done(&program.post(&format!("{desk}/run"), &[]).await);
    for run in [&one, &two] {
        assert_eq!(program.over(run).await["state"]["is"], "done");
    }
    assert_eq!(
        count(&program.page(&two).await, "form.beside option[value='1']"),
        1
    );
    let both = "p.facts a[href='/lab/compare?run=1&run=2']";
    assert_eq!(count(&program.page(&desk).await, both), 1);
    let page = program.page("/lab/compare?run=1&run=2").await;
    let differ = words(&page, "#differences");
    assert!(differ.contains("4.25"), "{differ}");
    assert_eq!(count(&page, "#differences tbody tr"), 1, "{differ}");
    let heads = words(&page, "table#comparison thead");
    assert!(
        heads.contains("run 1") && heads.contains("run 2"),
        "{heads}"
    );
    assert!(words(&page, "#sides + ul").contains("scenario 1, revision 2"));
    let save = "p.save a[href='/lab/compare/picture.svg?run=1&run=2']";
    assert_eq!(count(&page, save), 1);
    let file = program
        .get("/lab/compare/picture.svg?run=1&run=2")
        .await
        .body;
    assert!(
        file.starts_with("<svg ") && file.contains("run 2"),
        "{file}"
    );
    let same = program.page("/lab/compare?run=1&run=1").await;
    assert!(words(&same, "main").contains("make the same changes"));
}
