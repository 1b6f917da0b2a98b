//! Serde for checked texts: written as they are displayed, read through their parser.

macro_rules! serde_as_text {
    ($Text:ident, $expected:expr) => {
        impl serde::Serialize for $Text {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $Text {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Parse;

                impl serde::de::Visitor<'_> for Parse {
                    type Value = $Text;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str($expected)
                    }

                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$Text, E> {
                        $Text::parse(text).map_err(E::custom)
                    }
                }

                deserializer.deserialize_str(Parse)
            }
        }
    };
}

pub(crate) use serde_as_text;
