//! The kinds of programs that scans are told apart by.

use serde::{Deserialize, Serialize};

/// What kind of program asked, as coarsely as statistics need it.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum AgentClass {
    /// A phone by Apple.
    Iphone,
    /// A tablet by Apple.
    Ipad,
    /// A phone with Android.
    AndroidPhone,
    /// A tablet with Android.
    AndroidTablet,
    /// A desktop computer, whatever its system.
    Desktop,
    /// Anything else, or nothing was said.
    #[default]
    Other,
}

impl AgentClass {
    /// Every class there is.
    pub const ALL: [Self; 6] = [
        Self::Iphone,
        Self::Ipad,
        Self::AndroidPhone,
        Self::AndroidTablet,
        Self::Desktop,
        Self::Other,
    ];

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Iphone => "iphone",
            Self::Ipad => "ipad",
            Self::AndroidPhone => "android_phone",
            Self::AndroidTablet => "android_tablet",
            Self::Desktop => "desktop",
            Self::Other => "other",
        }
    }
}
