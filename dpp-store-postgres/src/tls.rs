//! TLS, with the certificates of the operating system and those that the host adds.

use std::sync::Arc;

use dpp_core::store::log::StoreFault;
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::fault::{Failed, Kind};

/// What makes TLS connections, if the server and the address ask for them.
pub(crate) fn connector(roots: &[CertificateDer<'static>]) -> Result<MakeRustlsConnect, Failed> {
    let mut trusted = RootCertStore::empty();
    // A machine without certificates of its own may still reach a server without TLS, or one
    // whose root the host brings.
    trusted.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    for root in roots {
        trusted.add(root.clone()).map_err(refused)?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(refused)?
        .with_root_certificates(trusted)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

fn refused(error: rustls::Error) -> Failed {
    let fault = StoreFault::new(format!("TLS cannot be set up: {error}"));
    Failed {
        fault: fault.until_mended().caused_by(error),
        kind: Kind::Mend,
    }
}
