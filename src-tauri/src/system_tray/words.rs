use std::collections::BTreeMap;

use serde_json::Value;

const VI: &str = include_str!("../../../ui/src/i18n/vi.json");
const EN: &str = include_str!("../../../ui/src/i18n/en.json");

/// The face's own catalogue, in the language of the person at the desk.
#[derive(Clone)]
pub(crate) struct Words(Value);

impl Words {
    /// In the language that the settings name; Vietnamese without any.
    pub(crate) fn of(settings: &BTreeMap<String, String>) -> Self {
        let is_english = settings
            .get("language")
            .is_some_and(|language| language == "en");
        // The catalogues are part of the program, and a test reads both.
        Self(serde_json::from_str(if is_english { EN } else { VI }).unwrap_or_default())
    }

    /// What stands under a dotted key; the key itself where nothing stands.
    pub(crate) fn say(&self, key: &str) -> String {
        let place = format!("/{}", key.replace('.', "/"));
        let found = self.0.pointer(&place).and_then(Value::as_str);
        found.unwrap_or(key).to_owned()
    }

    /// The same with a number in it, in the form that the number asks for.
    pub(crate) fn count(&self, key: &str, count: u32) -> String {
        let form = if count == 1 { "one" } else { "other" };
        let words = [format!("{key}_{form}"), format!("{key}_other")]
            .into_iter()
            .map(|key| (self.say(&key), key))
            .find(|(words, key)| words != key)
            .map_or_else(|| self.say(key), |(words, _)| words);
        words.replace("{{count}}", &count.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_said_in_the_form_of_its_language() {
        let vi = Words::of(&BTreeMap::new());
        assert_eq!(vi.count("network.unsent", 1), "1 việc chờ gửi");
        let en = Words::of(&BTreeMap::from([("language".into(), "en".into())]));
        assert_eq!(en.count("network.unsent", 1), "1 act to send");
        assert_eq!(en.count("network.unsent", 2), "2 acts to send");
    }
}
