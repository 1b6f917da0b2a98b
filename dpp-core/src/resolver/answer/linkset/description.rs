//! What a resolver says of itself.

use serde::Serialize;

use super::{LINKSET_CONTEXT, LinkType};

/// What stands at `/.well-known/gs1resolver`.
///
/// It claims no context values (`supportedContextValuesEnumerated`): the resolver does not read `context`.
///
/// Source: GS1-Conformant Resolver 1.2.1, 3.
///
/// ```
/// use dpp_core::resolver::ResolverDescription;
///
/// let description = ResolverDescription::new("https://id.nordlin.example", "Nordlin");
/// assert!(description.to_json().starts_with(r#"{"resolverRoot":"https://id.nordlin.example","#));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResolverDescription {
    /// The scheme and host under which it answers, without a slash at the end.
    pub resolver_root: String,
    /// What it is called.
    pub name: String,
    supported_primary_keys: [&'static str; 1],
    supported_link_type: [Vocabulary; 1],
    link_type_default_can_be_linkset: bool,
    json_ld_context_location: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<Contact>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
struct Vocabulary {
    namespace: &'static str,
    prefix: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Contact {
    r#fn: String,
}

impl ResolverDescription {
    /// A resolver of GTINs and all that qualifies them, at a root as `https://id.example.com`; a slash at its end
    /// is dropped.
    pub fn new(resolver_root: &str, name: &str) -> Self {
        Self {
            resolver_root: resolver_root.trim_end_matches('/').to_owned(),
            name: name.to_owned(),
            supported_primary_keys: ["01"],
            supported_link_type: [Vocabulary {
                namespace: LinkType::GS1_VOCABULARY,
                prefix: "gs1:",
            }],
            link_type_default_can_be_linkset: false,
            json_ld_context_location: LINKSET_CONTEXT,
            contact: None,
        }
    }

    /// The same with the name of who runs it, a person or a company.
    #[must_use]
    pub fn with_contact(mut self, name: &str) -> Self {
        self.contact = Some(Contact {
            r#fn: name.to_owned(),
        });
        self
    }

    /// The description as JSON.
    pub fn to_json(&self) -> String {
        // Nothing in it can fail: every key is a text.
        serde_json::to_string(self).unwrap_or_default()
    }
}
