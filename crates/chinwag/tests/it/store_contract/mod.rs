//! The contract of every store: one function for each property, written against the trait
//! [`Store`](chinwag::store::Store) only.
//!
//! To run it against a second store, implement [`Backend`](world::Backend) for it and add a line at the
//! end of this file. What holds only for the files of SQLite is in `sqlite` and `upgrade`.

#![expect(clippy::unwrap_used, reason = "a panic in a test is its failure")]

mod activity;
mod channels;
mod clearing;
mod concurrency;
mod direct;
mod directory;
mod edits;
mod folders;
mod forwards;
mod guests;
mod history;
mod hosting;
mod in_charge;
mod keeping;
mod levels;
mod lines;
mod mentions;
mod messages;
mod people;
mod places;
mod quotes;
mod reactions;
mod rewritten;
mod rules;
mod search_folders;
mod search_histories;
mod searching;
mod sessions;
mod sqlite;
mod steps;
mod streams;
mod threads;
mod upgrade;
mod uploads;
mod world;

macro_rules! contract {
    ($store:ident, $backend:expr; $($noun:ident::$property:ident,)*) => {
        mod $store {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $property() {
                    super::$noun::$property(&$backend).await;
                }
            )*
        }
    };
}

macro_rules! every_property {
    ($store:ident, $backend:expr) => {
        contract! { $store, $backend;
            people::one_name_is_held_once,
            people::a_name_that_looks_like_a_held_one_is_refused,
            people::of_many_who_take_a_name_one_gets_it,
            people::a_person_takes_another_name,
            people::an_old_name_is_kept_for_its_owner,
            people::any_form_of_ones_own_name_is_allowed,
            people::so_many_old_names_are_kept_and_no_more,
            people::of_many_who_change_to_a_name_one_gets_it,
            people::settings_and_password_follow_the_account,
            people::people_are_found_by_any_part_of_a_name,
            in_charge::roles_are_given_by_an_owner_and_the_last_one_stays,
            in_charge::a_deactivated_account_ends_everywhere,
            in_charge::moderators_deactivate_those_below_them,
            in_charge::the_list_of_people_comes_in_parts,
            in_charge::a_guest_knows_the_people_in_their_channels,
            in_charge::what_people_say_of_themselves_is_told_by_the_place,
            in_charge::people_are_set_aside_for_oneself_alone,
            in_charge::a_picture_takes_the_place_of_the_one_before,
            guests::visits_end_with_their_sessions_and_the_door_closes,
            guests::a_transcript_is_read_by_whoever_may_make_it,
            searching::words_are_found_in_every_script,
            searching::filters_narrow_it_down,
            searching::what_one_may_not_read_is_not_found,
            searching::edits_and_deletions_count_at_once,
            searching::hits_come_in_pages,
            searching::hits_are_counted_up_to_a_thousand,
            searching::hidden_hits_leave_no_trace_in_pages,
            search_histories::everything_is_found_that_a_plain_scan_finds,
            sessions::a_session_is_found_by_its_token_until_it_expires,
            sessions::using_a_session_moves_its_end,
            sessions::only_ones_own_sessions_can_be_ended,
            sessions::expired_sessions_are_swept_and_told,
            sessions::a_device_holds_the_names_it_signed_in_under,
            sessions::a_device_is_forgotten_with_its_sessions,
            sessions::devices_are_listed_by_their_last_use,
            sessions::a_computer_of_others_is_not_kept,
            sessions::a_proof_is_looked_at_again,
            sessions::a_new_password_ends_everything_else,
            sessions::devices_that_nobody_needs_are_swept,
            sessions::a_token_keeps_its_limits,
            sessions::a_token_works_until_it_is_revoked,
            channels::one_channel_name_is_held_once,
            channels::a_topic_is_told_when_it_differs,
            channels::joining_and_leaving_count_members,
            channels::the_last_channel_is_the_one_visited,
            channels::reading_never_moves_a_mark_down,
            channels::the_list_shows_the_newest_message_that_is_left,
            channels::members_are_listed_by_name,
            direct::the_same_people_have_one_conversation,
            direct::who_opens_at_the_same_moment_gets_the_same,
            direct::the_others_learn_of_it_with_the_first_message,
            direct::a_hidden_conversation_comes_back_with_a_message,
            direct::a_group_takes_a_name_and_gives_it_up,
            direct::a_channel_is_no_conversation,
            directory::the_list_holds_what_one_is_in,
            directory::it_comes_in_pages_that_hold_each_channel_once,
            directory::it_is_narrowed_down_by_letters,
            directory::it_lists_no_channel_that_one_may_not_know_of,
            hosting::a_host_changes_a_channel_and_others_do_not,
            hosting::nothing_new_comes_into_an_archived_channel,
            hosting::an_old_address_leads_on_until_the_name_is_taken,
            hosting::a_channel_that_becomes_private_is_gone_for_others,
            hosting::people_are_added_taken_out_and_kept_out,
            hosting::a_mute_outlives_leaving,
            hosting::a_channel_keeps_a_host,
            hosting::newcomers_come_into_the_channels_for_them,
            hosting::a_deleted_channel_is_gone_at_once_and_its_rows_soon,
            places::only_those_inside_know_of_a_private_channel,
            places::whoever_leaves_a_private_channel_loses_it,
            places::a_private_name_is_nobodys_and_public_ids_go_on_counting,
            messages::the_same_key_answers_the_first_message,
            messages::a_key_serves_one_text_in_one_channel,
            messages::a_refused_post_takes_no_number,
            messages::posting_joins,
            messages::deleting_leaves_a_tombstone,
            messages::pages_meet_at_their_edges,
            messages::ten_thousand_rows_page_like_one_list,
            messages::changes_hold_each_row_once_in_its_present_form,
            messages::digests_are_equal_when_the_rows_are,
            mentions::a_text_calls_those_whom_its_author_may_know_of,
            mentions::calls_above_the_mark_are_counted,
            mentions::who_calls_everybody_is_a_setting,
            levels::a_level_is_a_change_of_ones_membership,
            activity::who_is_called_finds_it_until_it_is_taken_back,
            activity::reading_takes_it_off_and_what_an_edit_adds_below_stays,
            activity::what_was_seen_is_told_by_the_own_stream,
            activity::reactions_to_a_message_are_one_and_never_new,
            activity::nothing_is_shown_of_a_place_that_one_lost,
            activity::so_much_is_kept_and_no_more,
            keeping::a_pin_is_a_change_of_its_message,
            keeping::who_pins_is_a_setting_and_pins_are_bounded,
            keeping::what_one_saves_is_ones_own,
            uploads::files_travel_with_their_message,
            uploads::a_file_is_used_once_by_its_owner,
            uploads::unused_files_are_swept,
            edits::an_edit_is_a_change_that_keeps_the_earlier_text,
            edits::each_edit_that_does_nothing_says_why,
            edits::an_edit_that_took_effect_is_answered_also_to_whoever_may_not_write,
            edits::who_may_not_write_does_not_edit_nor_react,
            edits::the_time_for_edits_is_the_places,
            edits::the_newest_twenty_earlier_texts_are_kept,
            edits::the_first_text_alone_is_known_by_the_key,
            edits::files_are_taken_out_and_their_ids_freed,
            edits::what_wipes_a_message_wipes_its_earlier_texts_and_its_reactions,
            edits::whoever_slept_gets_each_row_in_its_present_form,
            forwards::a_forward_is_a_copy_that_stays,
            forwards::only_what_one_may_read_is_forwarded,
            forwards::a_forward_is_known_by_its_key,
            quotes::a_quote_shows_the_original_as_it_is_now,
            quotes::only_a_message_that_stands_can_be_quoted,
            quotes::a_quote_is_a_part_of_what_a_key_stands_for,
            threads::a_reply_changes_its_root_and_not_the_run,
            threads::whoever_takes_part_follows_and_whoever_chose_not_to_does_not,
            threads::what_begins_no_thread_is_not_answered,
            threads::where_hosts_write_threads_may_be_open_to_all,
            threads::a_thread_shows_who_wrote_last,
            threads::the_list_of_threads_has_unread_ones_first,
            reactions::a_reaction_is_a_change_of_its_message,
            reactions::kinds_stand_in_the_order_in_which_they_came,
            reactions::a_message_has_so_many_kinds_and_no_more,
            reactions::who_reacted_is_told_in_the_order_in_which_they_came,
            reactions::nothing_is_put_to_what_does_not_stand,
            streams::every_change_of_ones_own_takes_the_next_revision,
            streams::people_and_the_directory_share_the_places_stream,
            streams::a_topic_changes_under_the_channels_revision,
            streams::own_messages_and_tombstones_are_never_unread,
            streams::the_later_step_of_a_mark_is_higher_also_downwards,
            streams::unread_is_exact_up_to_999,
            streams::answers_end_at_about_a_megabyte,
            streams::an_instance_stays_the_same,
            lines::joins_and_leaves_go_on_in_the_newest_row,
            lines::what_changes_of_a_channel_stands_in_it,
            lines::lines_make_nothing_unread_and_are_no_messages,
            lines::a_page_counts_messages_and_not_the_lines_between,
            lines::a_line_is_full_at_some_point_and_large_channels_have_none,
            clearing::what_was_cleared_is_gone_at_once_and_its_rows_soon,
            clearing::a_key_of_what_was_cleared_stays_used,
            clearing::clearing_leaves_the_counts_of_unread_messages_right,
            concurrency::numbers_and_revisions_have_no_holes,
            concurrency::every_change_is_heard_once_before_its_answer,
            concurrency::a_caller_who_gives_up_loses_no_event,
            concurrency::a_closed_store_says_so,
            concurrency::a_restart_keeps_everything,
            history::random_histories_follow_the_rules,
        }
    };
}

every_property!(on_sqlite, crate::store_contract::sqlite::Folder::new());
