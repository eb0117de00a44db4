//! The forms that the database has had, each a step from the one before it. A step that has
//! been published is never changed: a new form is a new step.

use rusqlite::{Connection, TransactionBehavior};

/// What marks a database as ours, in the header of the file: "Acqs" in ASCII.
pub(crate) const APPLICATION: i64 = 0x4163_7173;

/// Steps from nothing to the form of today; the form's number is how many have been taken.
const STEPS: &[&str] = &[
    // 1: scenarios with every revision.
    "CREATE TABLE scenario (
        id      INTEGER PRIMARY KEY AUTOINCREMENT,
        name    TEXT NOT NULL,
        kept    INTEGER NOT NULL CHECK (kept IN (0, 1)),
        created INTEGER NOT NULL,  -- milliseconds since 1970, as all times here
        changed INTEGER NOT NULL
     ) STRICT;
     -- What was put away under a name has it alone; drafts may share theirs.
     CREATE UNIQUE INDEX scenario_name ON scenario (name COLLATE NOCASE) WHERE kept = 1;
     CREATE TABLE revision (
        scenario INTEGER NOT NULL REFERENCES scenario ON DELETE CASCADE,
        number   INTEGER NOT NULL CHECK (number >= 1),
        before   INTEGER,          -- the revision that undoing this one leads to
        saved    INTEGER NOT NULL,
        text     TEXT NOT NULL,
        PRIMARY KEY (scenario, number)
     ) STRICT;",
    // 2: runs with their results.
    "CREATE TABLE run (
        id             INTEGER PRIMARY KEY AUTOINCREMENT,
        scenario       INTEGER REFERENCES scenario ON DELETE SET NULL,
        revision       INTEGER,
        name           TEXT NOT NULL,
        title          TEXT NOT NULL,
        text           TEXT NOT NULL,
        pack           TEXT NOT NULL,
        pack_digest    TEXT NOT NULL,
        economy        TEXT NOT NULL,
        economy_digest TEXT NOT NULL,
        program        TEXT NOT NULL,
        state          TEXT NOT NULL CHECK (
            state IN ('queued', 'running', 'done', 'failed', 'cancelled', 'killed')
        ),
        owner          TEXT NOT NULL,  -- the server that carries it out
        queued         INTEGER NOT NULL,
        started        INTEGER,
        ended          INTEGER,
        done           INTEGER NOT NULL DEFAULT 0,
        total          INTEGER NOT NULL DEFAULT 0,
        reason         TEXT
     ) STRICT;
     CREATE INDEX run_scenario ON run (scenario);
     CREATE INDEX run_waiting ON run (state) WHERE state IN ('queued', 'running');
     CREATE TABLE result (
        run   INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
        name  TEXT NOT NULL,
        bytes BLOB NOT NULL,
        UNIQUE (run, name)
     ) STRICT;",
    // 3: packs and economies of the user's own.
    "CREATE TABLE own (
        kind   TEXT NOT NULL CHECK (kind IN ('pack', 'economy')),
        name   TEXT NOT NULL,
        title  TEXT NOT NULL,
        digest TEXT NOT NULL,
        kept   INTEGER NOT NULL,
        PRIMARY KEY (kind, name)
     ) STRICT;
     CREATE TABLE own_file (
        kind  TEXT NOT NULL,
        name  TEXT NOT NULL,
        file  TEXT NOT NULL,
        bytes BLOB NOT NULL,
        PRIMARY KEY (kind, name, file),
        FOREIGN KEY (kind, name) REFERENCES own ON DELETE CASCADE
     ) STRICT;",
];

/// The latest form.
pub(crate) fn latest() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

/// The form of a database; 0 for an empty one.
pub(crate) fn form(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Brings a database to the latest form, in one step as seen from outside.
pub(crate) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    migrate_to(connection, STEPS.len())
}

fn migrate_to(connection: &mut Connection, form: usize) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Read under the lock: another server may have come first.
    let taken = usize::try_from(self::form(&transaction)?).unwrap_or(usize::MAX);
    for step in STEPS.iter().take(form).skip(taken) {
        transaction.execute_batch(step)?;
    }
    if taken < form {
        transaction.pragma_update(None, "user_version", i64::try_from(form).unwrap_or(0))?;
        transaction.pragma_update(None, "application_id", APPLICATION)?;
    }
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(connection: &Connection) -> Vec<(String, String)> {
        let mut asked = connection
            .prepare("SELECT name, coalesce(sql, '') FROM sqlite_schema ORDER BY name")
            .unwrap();
        asked
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap()
    }

    fn at_form(form: usize) -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate_to(&mut connection, form).unwrap();
        assert_eq!(self::form(&connection), Ok(i64::try_from(form).unwrap()));
        connection
    }

    #[test]
    fn every_older_form_comes_to_the_form_of_today_with_what_it_holds() {
        let today = schema(&at_form(STEPS.len()));
        for older in 0..STEPS.len() {
            let mut connection = at_form(older);
            if older >= 1 {
                connection
                    .execute_batch(
                        "INSERT INTO scenario VALUES (7, 'Four', 1, 10, 20);
                         INSERT INTO revision VALUES (7, 1, NULL, 10, 'old');
                         INSERT INTO revision VALUES (7, 2, 1, 20, 'new');",
                    )
                    .unwrap();
            }
            migrate(&mut connection).unwrap();
            assert_eq!(form(&connection), Ok(latest()));
            assert_eq!(schema(&connection), today, "from form {older}");
            let texts: i64 = connection
                .query_row(
                    "SELECT count(*) FROM revision WHERE scenario = 7",
                    [],
                    |row| row.get(0),
                )
                .unwrap();
            assert_eq!(texts, if older >= 1 { 2 } else { 0 });
        }
    }

    #[test]
    fn a_step_that_fails_leaves_the_form_before_it() {
        let mut connection = at_form(1);
        // Something in the way of the second step.
        connection.execute_batch("CREATE TABLE result (x)").unwrap();
        let before = schema(&connection);
        assert!(migrate(&mut connection).is_err());
        assert_eq!(form(&connection), Ok(1));
        assert_eq!(schema(&connection), before);
    }

    #[test]
    fn the_form_of_today_is_left_alone() {
        let mut connection = at_form(STEPS.len());
        migrate(&mut connection).unwrap();
        assert_eq!(form(&connection), Ok(latest()));
    }
}
