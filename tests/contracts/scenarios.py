"""What breaks other desks, in mail, writing, time and access: each scenario in words, and the tests for it."""

from typing import Final

IMAP = "heed/mailboxes/tests/test_imap.py"
POP3 = "heed/mailboxes/tests/test_pop3.py"
RECONCILING = "heed/mailboxes/tests/test_reconciling.py"
REFUSED = "heed/mailboxes/tests/test_refused_mails.py"
ONCE = "heed/intake/tests/test_once.py"
THREADING = "heed/intake/tests/test_threading.py"
SENDERS = "heed/intake/tests/test_senders.py"
REPORTS = "heed/intake/tests/test_reports.py"
MERGING = "heed/conversations/tests/test_merging.py"
ACKNOWLEDGEMENT = "heed/promises/tests/test_acknowledgement.py"
LOOPS = "heed/promises/tests/test_loops.py"
CHARSETS = "heed/channels/email/tests/test_charsets.py"
SENDING = "tests/browser/test_sending.py"
WALK = "tests/contracts/test_walk.py"
TELLING = "heed/notifications/tests/test_telling.py"

SCENARIOS: Final[dict[str, tuple[str, ...]]] = {
    "1: of 200 mails one is unreadable and one has 300 MB: 198 are read, 2 wait with reason and button, memory flat": (
        "heed/intake/tests/test_large_mail.py::test_two_of_two_hundred_mails_wait_with_their_reasons_and_the_others_are_read",
        f"{IMAP}::test_of_two_hundred_mails_the_odd_ones_are_parked_and_the_others_are_read",
        "heed/connecting/tests/test_watching.py::test_parked_mail_is_an_outage_until_somebody_decided",
        f"{REFUSED}::test_a_refused_mail_holds_up_no_other_and_mail_health_names_it_at_once",
    ),
    "2: killed between storing and marking, each message exists once after the start": (
        "tests/journeys/test_kill_nine.py::test_mail_survives_kill_nine",
        f"{ONCE}::test_a_mail_claimed_by_a_worker_that_died_is_read_by_the_next",
        "tests/journeys/test_mailboxes.py::test_each_mail_of_a_mailbox_is_there_once_whoever_dies",
    ),
    "3: two workers in one mailbox at once make one conversation, and the database says so": (
        f"{IMAP}::test_two_workers_in_one_mailbox_at_once_keep_each_mail_once",
        "heed/mailboxes/tests/test_reports.py::test_the_database_refuses_a_mail_that_was_fetched_already",
        f"{ONCE}::test_two_workers_at_once_make_one_message_of_one_mail_and_one_thread_of_replies",
    ),
    "4: after nine days away all mail of that time is here, read or unread": (
        f"{IMAP}::test_after_nine_days_away_everything_of_that_time_is_here_read_or_not",
    ),
    "5: a deleted conversation whose mail still lies on the server stays away, and a new reply to it comes": (
        f"{IMAP}::test_a_deleted_conversation_does_not_come_back_and_a_reply_to_it_does",
        f"{POP3}::test_a_deleted_conversation_does_not_come_back_and_a_reply_to_it_does",
        f"{POP3}::test_a_deleted_conversation_does_not_come_back_with_the_history_of_the_same_mails",
        "heed/web/mail_hooks/tests/test_mail_hooks.py::test_what_was_purged_does_not_come_back_when_its_provider_posts_it_again",
        "heed/conversations/tests/test_purging.py::test_a_copy_that_comes_later_becomes_nothing_and_a_new_answer_a_conversation_of_its_own",
        "heed/conversations/tests/test_trashing.py::test_a_reply_by_mail_brings_it_back_and_one_to_what_was_closed_begins_another",
    ),
    "6: mails without id, sender or body, and with null bytes, are stored and visible": (
        "heed/intake/tests/test_parking.py::test_mails_without_id_sender_or_body_and_with_null_bytes_are_stored_and_visible",
        "heed/intake/tests/test_parking.py::test_null_bytes_and_half_characters_in_every_place_are_no_reason_to_park",
        "heed/intake/tests/test_mutants.py::test_two_hundred_damaged_mails_lose_no_byte_from_the_door_to_the_answer",
    ),
    "7: one mail to two inboxes is one conversation within a brand, and two linked ones across brands": (
        f"{ONCE}::test_a_mail_to_two_inboxes_of_a_brand_is_one_conversation_of_the_first_that_both_teams_see",
        f"{ONCE}::test_a_mail_to_two_brands_is_two_linked_conversations_on_one_raw",
        f"{ONCE}::test_two_brands_are_linked_too_when_the_copies_come_one_after_the_other",
    ),
    "8: every day mailbox and desk agree, or each mail that differs is listed with its reason": (
        f"{RECONCILING}::test_mailbox_and_desk_agree",
        f"{RECONCILING}::test_every_difference_is_told_mail_by_mail_with_its_reason",
        f"{RECONCILING}::test_once_a_day_without_being_asked",
        f"{RECONCILING}::test_a_mailbox_by_pop3_is_compared_too",
    ),
    "9: where a provider rewrites Message-IDs, the reply joins by the signed address": (
        f"{THREADING}::test_a_reply_joins_by_the_signed_address_where_the_provider_rewrote_message_ids",
        f"{THREADING}::test_a_signed_address_with_a_changed_signature_joins_nothing",
    ),
    "10: cut references, or a colleague who answers with the desk in copy, make no second conversation": (
        f"{THREADING}::test_a_client_that_cuts_references_to_the_last_one_still_joins",
        f"{THREADING}::test_a_colleague_who_answers_with_the_desk_in_copy_joins_and_is_flagged",
    ),
    "11: another subject after thirty days is a new, linked conversation, and our answer carries it": (
        f"{THREADING}::test_another_subject_after_thirty_days_of_silence_starts_a_linked_conversation",
    ),
    "11b: replies read before the mail they answer end in one conversation": (
        f"{THREADING}::test_the_order_in_which_mails_are_read_changes_nothing",
        f"{THREADING}::test_a_reply_read_before_its_mail_in_one_batch_joins_too",
        f"{ONCE}::test_a_mail_whose_reply_another_worker_read_meanwhile_is_decided_upon_again",
    ),
    "12: a stranger with another one's number gets a separate conversation and hears nothing of the old one": (
        f"{THREADING}::test_a_stranger_with_another_ones_number_in_the_subject_gets_a_separate_conversation",
        f"{THREADING}::test_a_stranger_with_another_ones_number_is_told_nothing_of_it_and_the_agent_is_told",
    ),
    "13: a mail that fails authentication and claims a customer is flagged, approves and changes nothing": (
        f"{SENDERS}::test_a_mail_that_fails_and_claims_a_customer_stands_alone_and_speaks_for_nobody",
        f"{SENDERS}::test_the_same_mail_with_proof_joins_and_opens_again",
    ),
    "14: a reply to what was merged lands in what is left, and undone all is as before": (
        f"{MERGING}::test_a_reply_to_what_was_merged_lands_in_what_is_left_and_after_the_undo_where_it_belongs",
        f"{MERGING}::test_after_undo_both_are_exactly_as_before",
    ),
    "15: after a customer change, a Bcc reply and a removed Cc the line shows who gets the answer, newcomers named": (
        "heed/web/conversation/tests/test_recipients_line.py::test_the_line_follows_a_customer_change_a_bcc_and_a_removed_copy",
        "heed/web/conversation/tests/test_recipients_line.py::test_a_newcomer_of_another_company_is_called_so",
    ),
    "16: two desks that answer each other with changing addresses and subjects stop after two mails": (
        "tests/journeys/test_two_desks.py::test_two_desks_stop_after_two_mails_each",
        f"{LOOPS}::test_two_desks_answering_each_other_stop_after_two_mails",
        f"{LOOPS}::test_a_robot_that_answers_each_mail_of_ours_under_another_name_is_stopped",
    ),
    "17: the bounce of an automatic mail fires and changes nothing, is attached to what failed, and told": (
        f"{REPORTS}::test_a_bounce_of_an_automatic_mail_fires_nothing_changes_no_state_and_is_attached_and_told",
    ),
    "18: an absence neither closes, reopens nor stops a clock": (
        f"{ACKNOWLEDGEMENT}::test_an_out_of_office_changes_no_status_no_clock_and_no_timer",
        f"{ACKNOWLEDGEMENT}::test_an_out_of_office_neither_opens_nor_stops_the_clock_nor_is_answered",
    ),
    "19: rules that cause each other stop at a fixed depth, and the chain is told": (
        "heed/eventlog/tests/test_reader.py::test_a_loop_of_rules_stops_at_depth_five_and_tells_its_chain",
        "heed/web/settings/tests/test_parked.py::test_rules_that_cause_each_other_without_end_are_told_with_their_chain",
    ),
    "20: text in rare, mislabelled and wrongly guessed character sets equals what was written": (
        f"{CHARSETS}::test_the_text_equals_what_was_written",
        f"{CHARSETS}::test_what_is_declared_right_is_never_guessed_at",
    ),
    "21: 5,000 nested boxes, empty lines and 43 logos stand there in a second in the dark, readable, quotes folded": (
        "tests/browser/test_heavy_mail.py::test_the_worst_mail_is_shown_within_a_second_and_can_be_read_in_the_dark",
        "heed/kernel/html/tests/test_sanitize.py::test_hostile_nesting_is_readable_in_under_a_second",
        "tests/browser/test_mail_frame.py::test_nothing_in_a_mail_runs_or_calls_home",
    ),
    "23: a word without its accent, a misspelt name, a number, part of an address and a word in a PDF find theirs": (
        "heed/conversations/tests/test_search.py::test_what_is_typed_finds",
        "heed/conversations/tests/test_file_texts.py::test_a_word_of_a_pdf_finds_its_conversation_and_says_in_which_file",
        "heed/conversations/tests/test_file_texts.py::test_parts_of_addresses_and_of_long_numbers_are_found",
        "heed/web/search/tests/test_search_page.py::test_a_misspelt_name_says_what_is_shown_in_its_place",
        "heed/web/search/tests/test_search_page.py::test_what_one_may_not_open_is_not_found",
        "tests/browser/test_search.py::test_others_find_nothing_of_it",
    ),
    "24: who comes back after others answered is shown their answer before their own leaves, and confirms it": (
        f"{SENDING}::test_a_missed_answer_is_shown_before_sending",
        f"{SENDING}::test_without_the_stream_too_the_missed_answer_is_shown_first",
        f"{SENDING}::test_a_draft_from_another_device_is_shown_with_what_was_answered_since",
        "heed/web/conversation/tests/test_conversation.py::test_an_answer_that_came_meanwhile_is_shown_before_sending",
        "heed/web/conversation/tests/test_second_look.py::test_an_answer_given_since_the_draft_is_shown_and_sending_asks",
        "heed/conversations/tests/test_answering.py::test_a_reply_asks_again_when_someone_answered_meanwhile",
    ),
    "25: one click on a line that drops and tries again is one message": (
        f"{SENDING}::test_an_answer_whose_reception_was_lost_is_sent_once",
        f"{SENDING}::test_a_note_whose_reception_was_lost_is_kept_once",
        f"{SENDING}::test_a_double_click_sends_once",
        "heed/web/conversation/tests/test_conversation.py::test_a_form_posted_twice_sends_once",
        "heed/conversations/tests/test_answering.py::test_a_reply_that_is_sent_twice_is_one_message",
        "heed/conversations/tests/test_answering.py::test_a_new_conversation_that_is_begun_twice_is_one",
    ),
    "26: of reply and note, in two conversations and two browsers, no text and no file crosses over or is lost": (
        f"{SENDING}::test_drafts_of_two_kinds_two_conversations_and_two_browsers_stay_apart",
        f"{SENDING}::test_files_stay_with_what_they_were_attached_to",
        f"{SENDING}::test_a_file_comes_back_with_the_draft_and_stays_where_it_was_put",
        f"{SENDING}::test_a_field_that_changes_takes_nothing_of_what_is_written",
        f"{SENDING}::test_what_is_written_survives_the_end_of_the_session",
        f"{SENDING}::test_a_colleague_never_finds_the_draft_on_a_shared_computer",
        "heed/web/messages/tests/test_drafts.py::test_what_was_begun_of_the_other_kind_stays_with_its_files",
        "tests/browser/test_sheets.py::test_what_is_begun_on_one_device_goes_on_and_is_sent_on_another",
        "tests/browser/test_sheets.py::test_a_question_to_a_team_comes_back_whole_on_another_device",
        "tests/browser/test_sheets.py::test_what_is_typed_when_the_session_is_over_is_saved_after_logging_in_again",
    ),
    "27: over lunch, weekend, holiday, clock change and a wait, when an answer is due is what a hand computes": (
        "heed/brands/tests/test_hours.py::test_the_deadline_of_the_hand_computed_case",
        "heed/promises/tests/test_by_when.py::test_over_lunch_weekend_holiday_and_clock_change_all_say_the_hand_computed_time",
    ),
    "28: who may not see a conversation learns nothing of it anywhere, a second after the right was taken either": (
        f"{WALK}::test_those_who_may_get_through_and_for_others_nothing_is_there",
        f"{WALK}::test_what_one_may_not_see_answers_as_what_never_was",
        f"{WALK}::test_nothing_of_a_team_stands_behind_any_door_once_one_has_left_it",
        f"{WALK}::test_nothing_of_what_is_restricted_stands_behind_any_door_a_moment_later",
        f"{WALK}::test_the_stream_says_nothing_of_what_is_restricted_and_that_lists_changed_at_once",
        "heed/live/tests/test_events.py::test_who_leaves_a_team_hears_nothing_from_that_moment",
        "heed/live/tests/test_presence.py::test_a_right_that_is_taken_takes_the_names_with_it",
        "heed/conversations/tests/test_search.py::test_a_right_that_was_taken_away_finds_nothing_any_more",
        f"{TELLING}::test_what_one_may_not_see_any_more_is_neither_shown_nor_counted",
        f"{TELLING}::test_who_left_the_team_finds_nothing_of_it_and_is_told_nothing",
        "heed/notifications/tests/test_digests.py::test_what_one_may_not_see_when_it_leaves_is_not_in_it",
        "heed/people/tests/test_policy.py::test_rights_go_with_the_team_at_once",
        "tests/browser/test_people.py::test_who_is_switched_off_sees_nothing_a_second_later_and_can_come_back",
    ),
}  # fmt: skip
