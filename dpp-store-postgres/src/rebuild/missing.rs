//! Making read tables again that somebody has dropped.

use crate::fault::Failed;
use crate::lone::Lone;
use crate::pool::Pool;
use crate::schema::READS;

/// Makes what is missing of the read tables and their indexes, empty. A role that may not make
/// tables does not need to while all are there.
pub(super) async fn make_again(pool: &Pool) -> Result<(), Failed> {
    let lone = Lone::take(pool).await?;
    let names: Vec<String> = names();
    let sql = "SELECT bool_and(to_regclass(name) IS NOT NULL) FROM unnest($1::text[]) AS name";
    let rows = lone.rows(sql, &[&names]).await?;
    let all: Option<bool> = match rows.first() {
        Some(row) => row.try_get(0)?,
        None => None,
    };
    if all != Some(true) {
        // Whoever comes at the same time waits here, as migrations do.
        let lock = "LOCK TABLE migration IN EXCLUSIVE MODE";
        let script = format!("BEGIN; {lock}; {}; COMMIT", if_missing());
        lone.plain(&script).await?;
    }
    lone.finish();
    Ok(())
}

/// The statements of the migration, which pass over what is there.
fn if_missing() -> String {
    READS
        .replace("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS ")
        .replace("CREATE INDEX ", "CREATE INDEX IF NOT EXISTS ")
}

/// The names of the tables and indexes.
fn names() -> Vec<String> {
    let statements = READS.lines().filter_map(|line| {
        let rest = line.strip_prefix("CREATE TABLE ");
        rest.or_else(|| line.strip_prefix("CREATE INDEX "))
    });
    let first = |rest: &str| rest.split(' ').next().map(str::to_owned);
    statements.filter_map(first).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_statement_of_the_migration_names_what_it_makes() {
        let statements = READS.matches(';').count() - READS.matches("; ").count();
        assert_eq!(names().len(), statements);
        assert_eq!(if_missing().matches("IF NOT EXISTS").count(), statements);
    }
}
