//! The examples as processes, against a server for tests.

use std::path::PathBuf;
use std::process::Command;

use dpp_store_postgres::testing::TestSchema;

/// An example, which `cargo test` has built beside the tests.
pub(crate) fn program(name: &str) -> Command {
    let test = std::env::current_exe().unwrap();
    let folder = test.parent().and_then(|deps| deps.parent()).unwrap();
    let path: PathBuf = folder.join("examples").join(name);
    assert!(
        path.exists(),
        "`{}` is not there: run `cargo test -p dpp-examples`, which builds the examples as well",
        path.display()
    );
    let mut command = Command::new(path);
    command.env_remove("CLICOLOR_FORCE");
    command
}

/// The same in a schema of its own.
pub(crate) fn in_database(name: &str, schema: &TestSchema) -> Command {
    let mut command = program(name);
    command.args(["--database-url", schema.url(), "--schema", schema.name()]);
    command
}

/// What it wrote to standard output and standard error, and its exit code.
pub(crate) fn ran(command: &mut Command) -> (String, String, i32) {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let code = output.status.code().unwrap();
    (text(output.stdout), text(output.stderr), code)
}
