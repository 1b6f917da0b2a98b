//! A schema for one test.

use super::{Server, ServerError, query::query, random_hex};

/// The name of a schema that no other test has. It is for the test to create, as the store's
/// migrations do; it is dropped, with all that is in it, at the end of this value.
#[derive(Debug)]
pub struct TestSchema {
    url: String,
    name: String,
    is_on_ours: bool,
}

impl TestSchema {
    /// One on the server that all tests share.
    ///
    /// # Panics
    ///
    /// If there is no server; the text says what to install.
    #[must_use]
    #[expect(
        clippy::new_without_default,
        reason = "each is another, and may start a server"
    )]
    #[expect(clippy::expect_used, reason = "a test cannot go on without a name")]
    pub fn new() -> Self {
        Self::on(Server::for_tests()).expect("the system gives random bytes")
    }

    /// One on this server.
    ///
    /// # Errors
    ///
    /// [`ServerError::Random`].
    pub fn on(server: &Server) -> Result<Self, ServerError> {
        Ok(Self {
            url: server.url().to_owned(),
            name: format!("dpp_test_{}", random_hex::<8>()?),
            is_on_ours: server.is_ours(),
        })
    }

    /// Where to connect, as [`tokio_postgres::Config`] reads it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The name: `dpp_test_` and 16 hexadecimal digits.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for TestSchema {
    /// A test that failed may still hold a lock on a table, so this does not wait long.
    fn drop(&mut self) {
        let name = &self.name;
        let sql = format!("set lock_timeout = '5s'; drop schema if exists {name} cascade");
        let Err(error) = query(&self.url, &sql) else {
            return;
        };
        // Our own server takes what is left of the schema with it.
        if !self.is_on_ours {
            eprintln!("the schema `{name}` is still there: {error:?}");
        }
    }
}
