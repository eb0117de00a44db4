//! Mistakes in the question: one error each, at its line.

use acquis_registry::{Finding, SourceText};
use acquis_scenario::{BlocsGame, Scenario};

use super::{almanac, economy, registry};

/// The findings of a question, at reading or when it is checked.
fn mistakes(blocs: &str) -> Vec<Finding> {
    let text = format!(
        "title = \"Test\"\n[base]\npack = \"post-soviet\"\ndate = \"2004-12-31\"\n\
         economy = \"post-soviet-2004\"\ngrade = \"functioning\"\n[blocs]\n{blocs}"
    );
    let findings = match Scenario::read("test", &SourceText::new("test.toml", text)) {
        Err(findings) => findings,
        Ok(scenario) => {
            let (registry, economy) = (registry(), economy("post-soviet-2004"));
            let prepared = BlocsGame::prepare(&scenario, &registry, &economy, &almanac());
            match prepared {
                Ok(_) => panic!("no mistake found"),
                Err(error) => error
                    .into_findings()
                    .unwrap_or_else(|other| panic!("{other}")),
            }
        }
    };
    findings.iter().cloned().collect()
}

/// One mistake, at this line and column, with these words.
#[track_caller]
fn one(blocs: &str, place: (usize, usize), words: &str) -> Finding {
    let found = mistakes(blocs);
    assert_eq!(found.len(), 1, "{found:?}");
    let finding = &found[0];
    assert!(finding.message.contains(words), "{}", finding.message);
    let at = finding
        .place
        .as_ref()
        .map(acquis_registry::Place::line_column);
    assert_eq!(at, Some(place), "{finding:?}");
    finding.clone()
}

const STAGE: &str = "stage = \"free_trade_area\"\n";

#[test]
fn candidates() {
    one(
        &format!("candidates = []\n{STAGE}"),
        (8, 14),
        "the list of candidates is empty",
    );
    one(STAGE, (7, 1), "has no candidates");
    let many: Vec<String> = (0..25).map(|number| format!("S{number}")).collect();
    one(
        &format!("candidates = {many:?}\n{STAGE}"),
        (8, 14),
        "25 players is too much",
    );
    let unknown = one(
        &format!("candidates = [\"BLR\", \"KAX\"]\n{STAGE}"),
        (8, 22),
        "KAX",
    );
    assert_eq!(unknown.nearest.as_deref(), Some("KAZ"), "{unknown:?}");
    one(
        &format!("candidates = [\"BLR\", \"KAZ\", \"Belarus\"]\n{STAGE}"),
        (8, 29),
        "Belarus is a candidate twice",
    );
    one(
        &format!("candidates = [\"BLR\", \"PAK\"]\n{STAGE}"),
        (8, 22),
        "is not in the economy post-soviet-2004",
    );
}

#[test]
fn forms() {
    let candidates = "candidates = [\"BLR\", \"KAZ\"]\n";
    one(candidates, (7, 1), "has no stage");
    one(
        &format!("{candidates}stage = \"none\"\n"),
        (9, 9),
        "is none",
    );
    one(
        &format!("{candidates}stage = \"customs_onion\"\n"),
        (9, 9),
        "is not a stage",
    );
    one(
        &format!("{candidates}kind = \"several\"\nstages = []\n"),
        (10, 1),
        "has no key \"stages\"",
    );
    one(
        &format!(
            "{candidates}kind = \"levels\"\nstages = [\"customs_union\", \"free_trade_area\"]\n"
        ),
        (10, 10),
        "don't go deeper",
    );
    let kind = one(
        &format!("{candidates}kind = \"singel\"\n{STAGE}"),
        (9, 8),
        "is not a kind of blocs",
    );
    assert_eq!(kind.nearest.as_deref(), Some("single"));
    one(
        &format!("{candidates}{STAGE}tolerance = -1\n"),
        (10, 13),
        "tolerance is -1",
    );
    let many: Vec<String> = (0..17).map(|number| format!("S{number}")).collect();
    one(
        &format!("candidates = {many:?}\nkind = \"several\"\n{STAGE}"),
        (8, 14),
        "an enumeration of all partitions for 17 players",
    );
}

#[test]
fn founders_offers_and_admission() {
    let candidates = "candidates = [\"BLR\", \"KAZ\"]\n";
    let head = format!("{candidates}{STAGE}");
    one(
        &format!("{head}founders = [\"RUS\"]\n"),
        (10, 13),
        "Russia is not a candidate",
    );
    one(
        &format!(
            "{head}[[blocs.offer]]\ntitle = \"Offer\"\nto = []\n[[blocs.offer.act]]\ndo = \"strike\"\ninstitution = \"org:cis\"\n"
        ),
        (12, 6),
        "an offer to nobody",
    );
    one(
        &format!("{head}[[blocs.offer]]\ntitle = \"Offer\"\nto = [\"BLR\"]\n"),
        (10, 1),
        "an offer of nothing",
    );
    one(
        &format!("{head}[blocs.rule]\ninstitution = \"EurAsEC\"\n"),
        (10, 1),
        "a rule that nothing asks for",
    );
    one(
        &format!("{head}admission = \"rule\"\n"),
        (7, 1),
        "has no rule",
    );
    one(
        &format!("{head}admission = \"rule\"\n[blocs.rule]\ninstitution = \"EurAsECC\"\n"),
        (12, 15),
        "EurAsECC",
    );
}

/// What means nothing in one sector is refused, as in a run.
#[test]
fn instruments_need_sectors() {
    let question = format!(
        "candidates = [\"BLR\", \"KAZ\"]\n{STAGE}[revenue_pool]\nshares = {{ BLR = 50, KAZ = 50 }}\n"
    );
    one(&question, (5, 11), "a revenue pool needs sectors");
}
