"""The columns without personal data, by table: ids, states, times, the catalogue, the work of the machine."""

from collections.abc import Mapping

OTHERS: Mapping[str, str] = {
    "announcement": "id outage_id channel_name channel ts",
    "announcement_channel": "name channel_id title problem read_at",
    "approval": (
        "id ticket_id position state asked_at remind_at reminded counted_from paused_at has_fallback "
        "decided_at event_number messages version"
    ),
    "approver": "id approval_id is_fallback is_open decided_at messages dropped_at",
    "article": "id title body keywords services owner review_on position archived",
    "article_answer": "id article_id at",
    "attachment": "id ticket_id comment_id is_internal media_type size state reason",
    "audit_entry": "id at hour deed ticket_id count",
    "catalogue_state": "id fingerprint out_of_scope out_of_hours calendar targets",
    "channel_member": "channel",
    "channel_reading": "channel read_at",
    "clock_refresh": "id below",
    "comment": "id ticket_id event_id is_internal submission edited_at edited_ts deleted_at revision parts",
    "delivery": (
        "id kind method team_id ticket_id outage_id event_id event_number key state attempt "
        "created_at due_at awaited_since started_at uncertain lease_until defects defect_at "
        "completed_at reason remote_call remote_code"
    ),
    "departure": "id team_id channel left_at is_deactivated state released_at returned_at",
    "event": "id ticket_id number at action from_status to_status surface",
    "erasure_replay": "id fingerprint",
    "file_copy": "attachment_id delivery_key",
    "form_draft": "submission message_draft_id created_at",
    "former_message_reference": "ticket_id kind",
    "handled_event": "at",
    "heard_message": "at is_deleted edited_ts",
    "last_heard": "kind at",
    "mail_count": "ticket_id sent reminded_at",
    "message_draft": "id revision written_at expires_at ticket_id is_new_ticket",
    "message_reference": "id ticket_id kind event_number part",
    "outage": (
        "id site_ids service_ids team_id declared_at expected_end resolved_at updated_at "
        "next_update_at remind_update_at submission channel ts version"
    ),
    "outage_event": "id outage_id at action details deleted_at",
    "pause": "scope until reason remote_call remote_code",
    "periodic": "name due_at",
    "person": (
        "id is_guest is_bot is_stranger is_deactivated is_workflow profile_read_at channels_read_at "
        "manager_read_at erased_at"
    ),
    "released_ticket": "departure_id ticket_id is_returned",
    "reminder": "sent_at",
    "removal": "id kind state ticket_id key created_at due_at attempt lease_until code",
    "removal_count": "hour began_at done",
    "retention_list": (
        "id tickets_before files_before lines made_at approved_at visa tickets_done files_done done_at"
    ),
    "search_gap": "at",
    "search_refresh": "id subject subject_id below",
    "service": (
        "id group_id team_id name description have_ready url offers_request offers_incident questions "
        "keywords is_always_open targets approval approval_before_team is_confidential position "
        "archived search_text"
    ),
    "service_group": "id parent_id name description position archived search_text",
    "site": "id name announce position archived",
    "team": (
        "id name channel channel_id channel_problem channel_read_at is_default phrases calendar "
        "is_confidential position archived"
    ),
    "ticket": (
        "id kind status ending team_id site_id service_id follows_id duplicate_of_id outage_id "
        "is_outage_child parent_id agreement is_kept_from_team agreed_at declared_impact "
        "declared_urgency impact urgency priority resolution hold_reason hold_until hold_day wakes_at "
        "wait_event waits_since reminded warned warned_at postponed remind_requester_at close_at "
        "is_kept_open chased_at rating due_at own_due_at children_due_at clock_since time_used "
        "time_granted taken_due_at responded_at time_to_respond taken_reminded due_reminded remind_at "
        "late_at requester_wrote_at opened_at changed_at taken_at resolved_at closed_at shortens_at "
        "submission mail_root event_count state_event files_forgotten_at forgotten_at version"
    ),
    "ticket_message": "ticket_id",
    "wait_dates": "id fingerprint above",
    "write_trial": "id filler",
}
"""The names of the columns, separated by spaces."""
