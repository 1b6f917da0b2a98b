//! Links that a cloud signs itself.

use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;
use object_store::Error;
use object_store::path::Path;

/// Whatever can sign a link to a file, for whoever has the link to download it.
#[async_trait]
pub(super) trait SignsLinks: Debug + Send + Sync {
    async fn link(&self, path: &Path, life: Duration) -> Result<String, Error>;
}

#[cfg(feature = "cloud")]
#[async_trait]
impl<S: object_store::signer::Signer> SignsLinks for S {
    async fn link(&self, path: &Path, life: Duration) -> Result<String, Error> {
        let url = self.signed_url(http::Method::GET, path, life).await?;
        Ok(url.to_string())
    }
}
