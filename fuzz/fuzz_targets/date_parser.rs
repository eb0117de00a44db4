//! Any text is a date or an error; a date keeps its text and does not run backwards.
#![no_main]

use acquis_registry::EdtfDate;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(date) = text.parse::<EdtfDate>() {
        assert_eq!(date.as_str(), text);
        if let (Some(first), Some(last)) = (date.first_day(), date.last_day()) {
            assert!(first <= last);
        }
        assert!(date.agrees_with(&date));
    }
});
