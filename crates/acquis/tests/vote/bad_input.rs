//! What can't be asked is said in one sentence, with exit status 2 and nothing half written.

use crate::command::mistake;

#[test]
fn what_can_t_be_asked_is_said_with_what_can() {
    mistake(&["EurAsECC"], "did you mean");
    let committee = ["EurAsEC", "--on", "2003-01-01"];
    let asked = |more: &[&'static str]| [&committee[..], more].concat();
    mistake(
        &asked(&["--organ", "Comittee"]),
        "did you mean \"Integration Committee\"?",
    );
    mistake(
        &asked(&["--matter", "war"]),
        "no rule on that day for \"war\"",
    );
    mistake(
        &["EurAsEC", "--on", "1999-06-01"],
        "from 2001-05-30 until 2015-01-01",
    );
    mistake(&["GUAM", "--on", "2007-01-01"], "none is known for any day");
    mistake(
        &["SES", "--on", "2003-10-01", "--organ", "commission"],
        "nobody takes part in SES",
    );
    mistake(
        &["SES", "--on", "2004-06-01", "--organ", "commission"],
        "no source gives the votes",
    );
    mistake(
        &["SES", "--on", "2004-06-01", "--weights", "gdp:2003"],
        "gives no quota",
    );
    mistake(
        &[
            "SES",
            "--on",
            "2004-06-01",
            "--weights",
            "gdp:1950",
            "--quota",
            "2/3",
        ],
        "no figure for the gross domestic product of BLR in 1950",
    );
    mistake(
        &[
            "CIS",
            "--organ",
            "Interstate Economic Committee",
            "--on",
            "1996-01-01",
        ],
        "gives no votes for ARM",
    );
    mistake(&asked(&["--quota", "11"]), "can't be reached with 10 votes");
    mistake(&asked(&["--with", "UZB"]), "gives no votes for UZB");
    mistake(
        &asked(&["--with", "RUS=1"]),
        "a member of EurAsEC on 2003-01-01 already",
    );
    mistake(&asked(&["--without", "UKR"]), "UKR is no member");
    mistake(&asked(&["--without", "Ukrayne"]), "did you mean");
    mistake(&asked(&["--outvote", "UKR"]), "has no vote");
    mistake(
        &asked(&["--weights", "RUS=4,RUS=2", "--quota", "2/3"]),
        "RUS is listed twice",
    );
    mistake(
        &asked(&["--weights", "RUS=4", "--cap", "0.5"]),
        "listed votes are as they are",
    );
    for quota in ["0", "-1", "nan", "3/2", "most", "0%", "1/0", ">0"] {
        let typed = format!("--quota={quota}");
        let arguments = ["EurAsEC", "--on", "2003-01-01", typed.as_str()];
        mistake(&arguments, "a quota is a share above zero");
    }
    for weights in ["gdp", "gdp:x", "trade:2003", "RUS", "RUS=x", "RUS=-1"] {
        let arguments = ["EurAsEC", "--weights", weights, "--quota", "2/3"];
        mistake(&arguments, "invalid value");
    }
    mistake(&asked(&["--cap", "0.5"]), "--weights");
}

#[test]
fn questions_that_make_no_sense() {
    let committee = ["EurAsEC", "--on", "2003-01-01"];
    let asked = |more: &[&'static str]| [&committee[..], more].concat();
    mistake(&[], "ORG");
    mistake(&asked(&["--index", "banzaf"]), "did you mean \"banzhaf\"?");
    mistake(
        &asked(&["--index", "banzhaf", "--all"]),
        "cannot be used with",
    );
    mistake(&asked(&["--bloc", "RUS,"]), "a comma between them");
    mistake(&asked(&["--bloc", "RUS,UKR"]), "UKR has no vote");
    mistake(
        &asked(&["--bloc", "RUS,BLR", "--bloc", "BLR,KAZ"]),
        "BLR is in 2 unions",
    );
    mistake(&asked(&["--against", "2003-13-01"]), "2003-13-01");
    mistake(&asked(&["--against", "1990-01-01"]), "no decision rule");
    mistake(&asked(&["--members", "3"]), "cannot be used with");
    mistake(&["--members", "3"], "--rule");
    mistake(
        &asked(&["--uncertain", "150%"]),
        "a share is a number from 0 to 1",
    );
    mistake(&asked(&["--uncertain", "RUS=5%,UKR=5%"]), "UKR has no vote");
    mistake(
        &asked(&["--uncertain", "5%", "--draws", "0"]),
        "number of draws",
    );
    mistake(
        &asked(&["--uncertain", "5%", "--draws", "1000000000"]),
        "draws are too many",
    );
    mistake(&asked(&["--wanted", "RUS"]), "what is wanted is equal");
    mistake(&asked(&["--wanted", "RUS=0,BLR=0"]), "nobody any power");
    mistake(&asked(&["--wanted", "RUS=1,RUS=1"]), "RUS is listed twice");
    mistake(
        &asked(&["--wanted", "equal", "--quota", "7"]),
        "is a share of them",
    );
    mistake(
        &["EU", "--on", "2015-01-01", "--uncertain", "5%"],
        "joins several criteria",
    );
    mistake(
        &["SES", "--on", "2004-06-01", "--uncertain", "5%"],
        "gives no quota",
    );
    mistake(
        &["--rule", "[600; 20x50]", "--index", "nucleolus"],
        "50 players are too many for the nucleolus",
    );
}
