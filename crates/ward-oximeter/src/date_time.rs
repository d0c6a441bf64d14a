//! The wall clock of a device: Date Time (2A08) and Current Time (2A2B). No zone, no daylight saving, often plain wrong.

use std::fmt;

use crate::error::DecodeError;
use crate::fields::Fields;

/// A wall-clock time that exists in the calendar; which zone it is in, the device does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime {
    /// 1582 to 9999.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
}

/// A device's time stamp. A bad date never spoils the reading that carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stamp {
    /// A date of the calendar (it may still be the nonsense of a clock that was never set).
    Valid(DateTime),
    /// Year, month or day is 0, which Date Time defines as "not known".
    Unknown,
    /// No such date or time.
    Invalid,
}

/// Current Time (2A2B; Current Time Service 1.1.0): 10 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CurrentTime {
    /// The first seven bytes.
    pub time: Stamp,
    /// 1 = Monday to 7 = Sunday, 0 = not known.
    pub day_of_week: u8,
    /// 1/256 seconds.
    pub fractions_256: u8,
    /// Why the clock was last set, as bits: manual, external reference, time zone, daylight saving.
    pub adjust_reason: u8,
    /// Extra bytes that were ignored.
    pub trailing: usize,
}

impl Stamp {
    /// Decodes a whole Date Time value (2A08, 7 bytes).
    ///
    /// # Errors
    /// [`DecodeError::Truncated`] when there are fewer than seven bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        Self::take(&mut Fields::new(bytes), "date_time")
    }

    pub(crate) fn take(fields: &mut Fields<'_>, field: &'static str) -> Result<Self, DecodeError> {
        let [year_low, year_high, month, day, hour, minute, second] = fields.take(field)?;
        let year = u16::from_le_bytes([year_low, year_high]);
        let time = DateTime {
            year,
            month,
            day,
            hour,
            minute,
            second,
        };
        Ok(if year == 0 || month == 0 || day == 0 {
            Self::Unknown
        } else if time.exists() {
            Self::Valid(time)
        } else {
            Self::Invalid
        })
    }

    /// Year since 2000, month, day, hour, minute, second: as many makers send it.
    pub(crate) fn of_short_year(fields: [u8; 6]) -> Self {
        let [year, month, day, hour, minute, second] = fields;
        let time = DateTime {
            year: 2000 + u16::from(year),
            month,
            day,
            hour,
            minute,
            second,
        };
        match (month, day) {
            (0, _) | (_, 0) => Self::Unknown,
            _ if time.exists() => Self::Valid(time),
            _ => Self::Invalid,
        }
    }

    /// The time, when it is one.
    #[must_use]
    pub const fn valid(self) -> Option<DateTime> {
        match self {
            Self::Valid(time) => Some(time),
            Self::Unknown | Self::Invalid => None,
        }
    }

    /// `valid`, `unknown` or `invalid`.
    #[must_use]
    pub const fn state(self) -> &'static str {
        match self {
            Self::Valid(_) => "valid",
            Self::Unknown => "unknown",
            Self::Invalid => "invalid",
        }
    }
}

impl CurrentTime {
    /// A time to set a clock by (Current Time Service 1.1.0, section 3.1): whole seconds, "external reference" as the
    /// reason.
    #[must_use]
    pub fn encode(time: DateTime) -> [u8; 10] {
        const EXTERNAL_REFERENCE: u8 = 1 << 1;
        let [year_low, year_high] = time.year.to_le_bytes();
        [
            year_low,
            year_high,
            time.month,
            time.day,
            time.hour,
            time.minute,
            time.second,
            time.day_of_week(),
            0,
            EXTERNAL_REFERENCE,
        ]
    }
}

impl DateTime {
    /// Seconds since 1970 as if the time were in UTC: for before and after, and for how much between.
    #[must_use]
    pub fn seconds(self) -> i64 {
        let time =
            i64::from(self.hour) * 3600 + i64::from(self.minute) * 60 + i64::from(self.second);
        self.days() * 86_400 + time
    }

    /// Days since 1970-01-01 in the Gregorian calendar: a year that begins with March has its leap day at the end.
    fn days(self) -> i64 {
        let month = i64::from(self.month);
        let year = i64::from(self.year) - i64::from(month <= 2);
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(self.day) - 1;
        era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year
            - 719_468
    }

    /// 1 = Monday to 7 = Sunday, as Current Time counts.
    fn day_of_week(self) -> u8 {
        // 1970-01-01 was a Thursday.
        u8::try_from((self.days() + 3).rem_euclid(7) + 1).unwrap_or(0)
    }

    fn exists(self) -> bool {
        (1582..=9999).contains(&self.year)
            && (1..=self.days_in_month()).contains(&self.day)
            && self.hour < 24
            && self.minute < 60
            && self.second < 60
    }

    /// 0 for a month that does not exist.
    const fn days_in_month(self) -> u8 {
        match self.month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if self.year.is_multiple_of(4)
                && (!self.year.is_multiple_of(100) || self.year.is_multiple_of(400)) =>
            {
                29
            }
            2 => 28,
            _ => 0,
        }
    }
}

impl fmt::Display for DateTime {
    /// ISO 8601 without a zone: `2026-11-21T14:05:09`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            year,
            month,
            day,
            hour,
            minute,
            second,
        } = self;
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
        )
    }
}

impl CurrentTime {
    /// Decodes a Current Time value.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`] with the first field that is missing.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut fields = Fields::new(bytes);
        Ok(Self {
            time: Stamp::take(&mut fields, "date_time")?,
            day_of_week: fields.u8("day_of_week")?,
            fractions_256: fields.u8("fractions256")?,
            adjust_reason: fields.u8("adjust")?,
            trailing: fields.trailing(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(year: u16, rest: [u8; 5]) -> Stamp {
        Stamp::decode(&[&year.to_le_bytes()[..], &rest].concat()).unwrap()
    }

    #[test]
    fn leap_days_follow_the_gregorian_rule() {
        let states = [1900, 2000, 2027, 2028].map(|year| stamp(year, [2, 29, 0, 0, 0]).state());
        assert_eq!(states, ["invalid", "valid", "invalid", "valid"]);
    }

    #[test]
    fn seconds_are_counted_over_leap_years() {
        let seconds = |year, rest| stamp(year, rest).valid().unwrap().seconds();
        assert_eq!(seconds(1970, [1, 1, 0, 0, 0]), 0);
        assert_eq!(seconds(1969, [12, 31, 23, 59, 59]), -1);
        assert_eq!(seconds(2000, [3, 1, 0, 0, 0]), 951_868_800);
        assert_eq!(seconds(2024, [2, 29, 12, 0, 1]), 1_709_208_001);
        assert_eq!(seconds(2026, [11, 21, 14, 5, 9]), 1_795_269_909);
    }

    #[test]
    fn a_time_that_the_clocks_skip_is_still_a_time_here() {
        let gap = stamp(2027, [3, 28, 1, 30, 0]);
        assert_eq!(gap.valid().unwrap().to_string(), "2027-03-28T01:30:00");
    }

    #[test]
    fn a_clock_is_set_with_its_day_of_the_week() {
        let set = |bytes: &[u8]| match Stamp::decode(bytes) {
            Ok(Stamp::Valid(time)) => CurrentTime::encode(time),
            other => panic!("{other:?}"),
        };
        // A Saturday: the vector der-cts-set without its fractions and its reason.
        assert_eq!(
            set(&[0xEA, 7, 11, 21, 14, 5, 9]),
            [0xEA, 7, 11, 21, 14, 5, 9, 6, 0, 2]
        );
        assert_eq!(set(&[0xE8, 7, 2, 29, 0, 0, 0])[7], 4, "a leap day");
    }

    #[test]
    fn seconds_count_over_midnight_new_year_and_leap_days() {
        let at = |year, month, day, hour| DateTime {
            year,
            month,
            day,
            hour,
            minute: 0,
            second: 0,
        };
        assert_eq!(at(1970, 1, 1, 0).seconds(), 0);
        assert_eq!(at(2026, 11, 22, 0).seconds(), 1_795_305_600);
        assert_eq!(
            at(2024, 3, 1, 0).seconds() - at(2024, 2, 28, 23).seconds(),
            25 * 3600
        );
        assert_eq!(
            at(2027, 1, 1, 0).seconds() - at(2026, 12, 31, 23).seconds(),
            3600
        );
        assert_eq!(at(1582, 10, 15, 0).seconds(), -12_219_292_800);
    }
}
