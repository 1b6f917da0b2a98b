//! The page that a redirect leads to. A host has a better one.

use std::fmt::Write;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use dpp_core::passport::Product;
use dpp_core::store::Catalogue;
use dpp_core::{BrandId, ProductId};
use dpp_store_memory::MemoryCatalogue;

/// Whose passports are shown.
#[derive(Debug, Clone)]
pub(super) struct Passports {
    pub(super) catalogue: Arc<MemoryCatalogue>,
    pub(super) brand: BrandId,
}

pub(super) async fn passport(State(of): State<Passports>, Path(id): Path<String>) -> Response {
    let product = match ProductId::parse(&id) {
        Ok(id) => of.catalogue.product(of.brand, id).await,
        Err(_) => Ok(None),
    };
    match product {
        Ok(Some(product)) => Html(page(&product)).into_response(),
        Ok(None) => (StatusCode::NOT_FOUND, "not found\n").into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "try again\n").into_response(),
    }
}

const HEAD: &str = r#"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
"#;

const STYLE: &str = "<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem }
th { text-align: left; padding-right: 2rem; font-weight: normal; color: gray }
</style>
";

fn page(product: &Product) -> String {
    let title = escaped(&product.name);
    let mut html = format!("{HEAD}<title>{title}</title>\n{STYLE}<h1>{title}</h1>\n<table>\n");
    row(&mut html, "SKU", &product.sku);
    if let Some(gtin) = product.gtin {
        row(&mut html, "GTIN", &gtin.to_string());
    }
    for (name, value) in &product.fields {
        let value = match value.as_str() {
            Some(text) => text.to_owned(),
            None => value.to_string(),
        };
        row(&mut html, &name.replace('_', " "), &value);
    }
    html.push_str("</table>\n");
    html
}

fn row(html: &mut String, name: &str, value: &str) {
    let (name, value) = (escaped(name), escaped(value));
    // A `String` takes everything.
    let _ = writeln!(html, "<tr><th>{name}</th><td>{value}</td></tr>");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
