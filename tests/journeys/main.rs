//! Journeys through the whole service: real sockets, both databases, a clock that is moved.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a journey cannot do ends it"
)]

mod a_bridge_whose_clock_is_an_hour_fast_silences_nobody;
mod a_console_that_never_shows;
mod a_late_low_behind_a_newer_good_reading_does_not_page_and_is_not_lost;
mod a_late_low_that_is_the_newest_word_pages;
mod a_log_that_went_back_is_noticed;
mod a_nul_in_a_text_holds_up_nothing;
mod a_patient_moved_between_wards_in_the_middle_of_a_red;
mod a_red_after_discharge_reaches_the_duty_clinician;
mod a_red_from_an_unknown_device_reaches_the_ward;
mod a_revoked_bridge_is_told_so;
mod a_slow_line_makes_no_reading_younger;
mod a_wrong_origin_gets_no_socket;
mod an_acknowledged_amber_that_turns_red_speaks_again;
mod an_event_that_cannot_be_read_holds_up_nobody;
mod another_wards_feed_is_refused;
mod bad_input_is_refused_with_its_place_or_kept;
mod bridge_posts_after_an_hour_offline;
mod console_resumes_after_a_cut_line;
mod flapping_makes_one_alert;
mod low_reading_reaches_every_console;
mod nobody_is_locked_out_by_tries_from_elsewhere;
mod red_unconfirmed_becomes_confirmed_when_nobody_rechecks;
mod session_ended_closes_the_socket;
mod the_sign_of_life_tells_of_the_database;
mod too_much_is_told_the_limit_or_when_to_come_again;
mod two_nurses_acknowledge_at_once;
mod what_is_only_noted_holds_up_nobody;
