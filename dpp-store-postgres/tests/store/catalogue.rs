//! What the catalogue of the server says of the schema: every key begins with the brand, and
//! nothing is in it that a distributed database cannot have.

use dpp_store_postgres::testing::TestSchema;
use tokio_postgres::Client;

use crate::support::*;

/// What breaks a rule, each with its table and its name.
async fn broken(client: &Client, schema: &str) -> Vec<String> {
    let sql = "
        SELECT 'key ' || t.relname || '.' || i.relname
          FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
          JOIN pg_class t ON t.oid = x.indrelid
          LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
         WHERE t.relnamespace = to_regnamespace($1) AND x.indisunique
           AND a.attname IS DISTINCT FROM 'brand_id'
        UNION ALL
        SELECT 'no key ' || t.relname FROM pg_class t
         WHERE t.relnamespace = to_regnamespace($1) AND t.relkind IN ('r', 'p')
           AND t.relname <> 'migration'
           AND NOT EXISTS (SELECT FROM pg_constraint c
                            WHERE c.conrelid = t.oid AND c.contype = 'p')
        UNION ALL
        SELECT 'trigger ' || t.relname || '.' || g.tgname
          FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
         WHERE t.relnamespace = to_regnamespace($1) AND NOT g.tgisinternal
        UNION ALL
        SELECT 'sequence ' || s.relname FROM pg_class s
         WHERE s.relnamespace = to_regnamespace($1) AND s.relkind = 'S'
        UNION ALL
        SELECT 'identity ' || t.relname || '.' || a.attname
          FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid
         WHERE t.relnamespace = to_regnamespace($1) AND a.attidentity <> ''
        UNION ALL
        SELECT 'foreign key ' || t.relname || '.' || c.conname
          FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
         WHERE t.relnamespace = to_regnamespace($1) AND c.contype = 'f'
           AND NOT EXISTS (SELECT FROM pg_attribute a
                            WHERE a.attrelid = t.oid AND a.attnum = c.conkey[1]
                              AND a.attname = 'brand_id')
        ORDER BY 1";
    let rows = client.query(sql, &[&schema]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

#[test]
fn every_key_of_the_schema_begins_with_the_brand() {
    in_time(async {
        let schema = TestSchema::new();
        open(&options(&schema)).await;
        let client = raw(schema.url()).await;
        assert_eq!(broken(&client, schema.name()).await, [] as [String; 0]);
        let keys = format!(
            "SELECT count(*) FROM pg_constraint
              WHERE connamespace = to_regnamespace('{}') AND contype = 'p'",
            schema.name()
        );
        assert!(number(&client, &keys).await >= 10);
    });
}

#[test]
fn the_same_check_names_whatever_breaks_a_rule() {
    in_time(async {
        let schema = TestSchema::new();
        let name = schema.name();
        let client = raw(schema.url()).await;
        client
            .batch_execute(&format!("CREATE SCHEMA {name}"))
            .await
            .unwrap();
        let client = raw_in(&schema).await;
        let tables = "
            CREATE TABLE good (brand_id uuid, id uuid, PRIMARY KEY (brand_id, id));
            CREATE TABLE late (id uuid, brand_id uuid, PRIMARY KEY (id, brand_id));
            CREATE TABLE twice (brand_id uuid PRIMARY KEY, id uuid UNIQUE);
            CREATE TABLE words (brand_id uuid PRIMARY KEY, word text);
            CREATE UNIQUE INDEX words_lower ON words (lower(word));
            CREATE TABLE keyless (brand_id uuid);
            CREATE TABLE counted (brand_id uuid PRIMARY KEY, number bigserial);
            CREATE TABLE named (brand_id uuid PRIMARY KEY,
                                number bigint GENERATED ALWAYS AS IDENTITY);
            CREATE TABLE pointing (brand_id uuid PRIMARY KEY, other uuid REFERENCES twice (id));
            CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
            CREATE TRIGGER pulled BEFORE INSERT ON good FOR EACH ROW EXECUTE FUNCTION nothing();";
        client.batch_execute(tables).await.unwrap();
        let expected = [
            "foreign key pointing.pointing_other_fkey",
            "identity named.number",
            "key late.late_pkey",
            "key twice.twice_id_key",
            "key words.words_lower",
            "no key keyless",
            "sequence counted_number_seq",
            "sequence named_number_seq",
            "trigger good.pulled",
        ];
        assert_eq!(broken(&client, name).await, expected);
    });
}
