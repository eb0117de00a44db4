//! Moments and sizes in words.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A moment to the minute. Which zone the reader is in is not known to the server, so it is
/// said.
pub(crate) fn moment(moment: Timestamp) -> String {
    let moment = moment.to_zoned(TimeZone::UTC);
    format!(
        "{} {:02}:{:02} UTC",
        moment.date(),
        moment.hour(),
        moment.minute()
    )
}

/// A size in bytes, as people read it.
pub(crate) fn size(bytes: u64) -> String {
    let bytes = bytes as f64;
    if bytes < 1e3 {
        format!("{bytes} bytes")
    } else if bytes < 1e6 {
        format!("{:.0} kB", bytes / 1e3)
    } else {
        format!("{:.1} MB", bytes / 1e6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_moments_read_well() {
        assert_eq!(
            [size(17), size(1_499), size(2_340_000)],
            ["17 bytes", "1 kB", "2.3 MB"]
        );
        assert_eq!(moment(Timestamp::UNIX_EPOCH), "1970-01-01 00:00 UTC");
    }
}
