"""Every column of the database: those with personal data, and the others.

A test compares both with the tables, so that no new column is forgotten.
"""

from collections.abc import Mapping

from models.personal_data.rules import Column, Data, Fate

_WHO_ASKS = "to answer who asks for help"
_WHO_WORKS = "to know who works on a ticket"
_HISTORY = "to show what happened to a ticket or an outage"
_SEND = "to send messages"
_FIND = "to find tickets"
_ACCOUNT = "to find out who read or used personal data without need"
_AGREE = "to ask those who have to agree"


def _link(why: str) -> Column:
    return Column(Data.IDENTITY, Fate.KEEP, why)


def _words(why: str, fate: Fate = Fate.EMPTY) -> Column:
    return Column(Data.WORDS, fate, why)


def _place(why: str = _SEND, fate: Fate = Fate.DELETE) -> Column:
    return Column(Data.PLACE, fate, why)


_TICKET: Mapping[str, Column] = {
    "title": _words(_WHO_ASKS, Fate.REPLACE),
    "description": _words(_WHO_ASKS, Fate.REPLACE),
    "answers": _words("to provide the service that was requested"),
    "solution": _words(_WHO_ASKS),
    "rating_comment": _words("to know whether requesters are satisfied"),
    "search_text": _words(_FIND),
    "internal_search_text": _words(_FIND),
    "source": _place("to lead to the message that a ticket was made from", Fate.EMPTY),
    "requester_id": _link(_WHO_ASKS),
    "filed_by_id": _link("to know who filed a ticket for somebody"),
    "assignee_id": _link(_WHO_WORKS),
}
_PERSON: Mapping[str, Column] = {
    "slack_id": Column(Data.IDENTITY, Fate.REPLACE, "to recognise who acts in Slack"),
    "team_id": Column(Data.IDENTITY, Fate.EMPTY, "to recognise who acts in Slack"),
    "name": Column(Data.IDENTITY, Fate.EMPTY, "to show who asks and who answers"),
    "email": Column(Data.ADDRESS, Fate.EMPTY, "to send the few emails of a ticket"),
    "locale": Column(Data.PREFERENCE, Fate.EMPTY, "to write in their language"),
    "time_zone": Column(Data.PREFERENCE, Fate.EMPTY, "to write times as they read them"),
    "manager_id": Column(Data.IDENTITY, Fate.EMPTY, _AGREE),
    "dm_channel": _place(fate=Fate.EMPTY),
    "home_state": Column(Data.PREFERENCE, Fate.EMPTY, "to draw their Home as they left it"),
    "home_opened_at": Column(Data.PREFERENCE, Fate.EMPTY, "to draw the Homes that are used"),
    "declined_reply_hint": Column(Data.PREFERENCE, Fate.EMPTY, "not to repeat a hint"),
    "met_at": Column(Data.IDENTITY, Fate.EMPTY, "to tell who came back from who was restored"),
    "last_site_id": Column(Data.PREFERENCE, Fate.EMPTY, "to fill in their usual site"),
}
_OUTAGES: Mapping[str, Mapping[str, Column]] = {
    "outage": {
        "title": _words("to tell what is known of an outage", Fate.KEEP),
        "solution": _words("to tell what is known of an outage", Fate.KEEP),
        "update_text": _words("to tell what is known of an outage", Fate.KEEP),
        "review": _words("to tell what is known of an outage", Fate.KEEP),
        "declared_by_id": _link(_WHO_WORKS),
        "resolved_by_id": _link(_WHO_WORKS),
        "updated_by_id": _link(_WHO_WORKS),
    },
    "outage_event": {
        "actor_id": _link(_HISTORY),
        "text": _words(_HISTORY, Fate.KEEP),
        "channel": _place("to follow what its author edits or deletes", Fate.KEEP),
        "ts": _place("to follow what its author edits or deletes", Fate.KEEP),
    },
}
_CONVERSATION: Mapping[str, Mapping[str, Column]] = {
    "comment": {
        "author_id": _link(_WHO_ASKS),
        "text": _words(_WHO_ASKS, Fate.DELETE),
        "channel": _place(),
        "ts": _place(),
        "thread_ts": _place(),
    },
    "attachment": {
        "name": Column(Data.FILE, Fate.DELETE, _WHO_ASKS),
        "slack_file_id": Column(Data.FILE, Fate.DELETE, _WHO_ASKS),
        "key": Column(Data.FILE, Fate.DELETE, _WHO_ASKS),
        "digest": Column(Data.FILE, Fate.DELETE, _WHO_ASKS),
        "permalink": _place(),
        "owner_slack_id": Column(Data.IDENTITY, Fate.DELETE, "to take files from their owner only"),
    },
    "file_copy": {
        "slack_file_id": Column(Data.FILE, Fate.DELETE, _SEND),
        "recipient": Column(Data.IDENTITY, Fate.DELETE, _SEND),
        "permalink": _place(),
    },
    "event": {
        "actor_id": _link(_HISTORY),
        "text": _words(_HISTORY),
        "details": Column(Data.IDENTITY, Fate.REPLACE, _HISTORY),
    },
    "message_draft": {
        "person_id": Column(Data.IDENTITY, Fate.EXPIRE, "to keep what was written until it is used"),
        "messages": _words("to keep what was written until it is used", Fate.EXPIRE),
        "source": _place(fate=Fate.EXPIRE),
        "channel": _place(fate=Fate.EXPIRE),
        "answer_channel": _place(fate=Fate.EXPIRE),
        "answer_ts": _place(fate=Fate.EXPIRE),
    },
    "form_draft": {
        "person_id": Column(Data.IDENTITY, Fate.EXPIRE, "to keep what an open form cannot hold"),
        "files": Column(Data.FILE, Fate.EXPIRE, "to keep what an open form cannot hold"),
        "rest": _words("to keep what an open form cannot hold", Fate.EXPIRE),
        "messages": _words("to keep what an open form cannot hold", Fate.EXPIRE),
    },
    "handled_event": {"event_id": _place("to handle an event once", Fate.EXPIRE)},
    "heard_message": {
        "channel": _place(fate=Fate.EXPIRE),
        "ts": _place(fate=Fate.EXPIRE),
        "text": _words("to apply edits that arrive before their message", Fate.EXPIRE),
        "removed": Column(Data.FILE, Fate.EXPIRE, "to apply edits that arrive before their message"),
    },
    "search_gap": {
        "words": _words("to find what the catalogue lacks", Fate.EXPIRE),
        "person_id": Column(Data.IDENTITY, Fate.EXPIRE, "to find what the catalogue lacks"),
    },
}
_AUDIT: Mapping[str, Mapping[str, Column]] = {
    # Not changed when a person is erased: it leads to their row. Deleted after AUDIT_MONTHS.
    "audit_entry": {
        "actor_id": _link(_ACCOUNT),
        "operator": Column(Data.IDENTITY, Fate.EXPIRE, _ACCOUNT),
        "person_id": _link(_ACCOUNT),
    },
}
_AGREEMENTS: Mapping[str, Mapping[str, Column]] = {
    "approval": {
        "rule": Column(Data.IDENTITY, Fate.REPLACE, _AGREE),
        "subject": _words(_AGREE),
        "subject_before": _words(_AGREE),
        "words": _words(_AGREE),
        "requested_by_id": _link(_AGREE),
    },
    "approver": {
        "person_id": _link(_AGREE),
        "for_id": _link(_AGREE),
        "recorded_by_id": _link(_AGREE),
        "decision": Column(Data.ANSWER, Fate.KEEP, _AGREE),
        "text": _words(_AGREE),
    },
    "absence": {
        "person_id": Column(Data.IDENTITY, Fate.DELETE, "to ask who stands in for them"),
        "first_day": Column(Data.ANSWER, Fate.DELETE, "to ask who stands in for them"),
        "last_day": Column(Data.ANSWER, Fate.DELETE, "to ask who stands in for them"),
        "substitute_id": Column(Data.IDENTITY, Fate.EMPTY, "to ask who stands in for them"),
    },
}
_SENDING: Mapping[str, Mapping[str, Column]] = {
    "channel_member": {
        "slack_id": Column(Data.IDENTITY, Fate.DELETE, "to know who may act on a team's tickets"),
    },
    "delivery": {
        "person_id": _link(_SEND),
        "recipient": _link(_SEND),
        "details": Column(Data.WORDS, Fate.DELETE, _SEND),
        "remote_id": _place(),
    },
    "departure": {
        "person_id": Column(
            Data.IDENTITY, Fate.DELETE, "to return the tickets of who has left a team to its queue"
        ),
        "returned_by_id": _link("to return the tickets of who has left a team to its queue"),
        "message_channel": _place(fate=Fate.EMPTY),
        "message_ts": _place(fate=Fate.EMPTY),
    },
    "former_message_reference": {"channel": _place(), "ts": _place()},
    "mail_count": {"person_id": Column(Data.IDENTITY, Fate.DELETE, "to limit how many emails are sent")},
    "message_reference": {
        "recipient": _link("to edit messages"),
        "channel": _place("to edit messages"),
        "ts": _place("to edit messages"),
    },
    "removal": {
        "channel": _place("to delete messages in Slack", Fate.EXPIRE),
        "ts": _place("to delete messages in Slack", Fate.EXPIRE),
        "thread_ts": _place("to delete messages in Slack", Fate.EXPIRE),
        "slack_file_id": Column(Data.FILE, Fate.EXPIRE, "to delete files in Slack"),
        "permalink": _place("to lead to what its author has to delete", Fate.EXPIRE),
        "owner": Column(Data.IDENTITY, Fate.EXPIRE, "to know who has to delete it"),
    },
    "ticket_message": {
        "channel": _place("to delete messages in Slack"),
        "ts": _place("to delete messages in Slack"),
        "thread_ts": _place("to delete messages in Slack"),
        "owner": Column(Data.IDENTITY, Fate.DELETE, "to know who has to delete it"),
    },
    "reminder": {"person_id": Column(Data.IDENTITY, Fate.DELETE, _SEND), "channel": _place(), "ts": _place()},
}
PERSONAL: Mapping[str, Mapping[str, Column]] = {
    "ticket": _TICKET,
    "person": _PERSON,
    **_CONVERSATION,
    **_AGREEMENTS,
    **_AUDIT,
    **_SENDING,
    **_OUTAGES,
}
"""By table and column."""
