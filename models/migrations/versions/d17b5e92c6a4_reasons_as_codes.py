"""Reasons as codes, with the call and the remote code in columns of their own."""

import re

import sqlalchemy as sa
from alembic import op

revision = "d17b5e92c6a4"
down_revision = "c4d81a06e7f3"
branch_labels = None
depends_on = None

CALL_MAX, CODE_MAX = 64, 255
SENTENCES = {
    "account_deactivated": "the account was deactivated",
    "unfit_channel": "the team's channel is unfit for tickets",
    "no_known_channel": "no channel is known for the team",
    "no_card": "the team has no card to put it under",
    "handover_in_progress": "the ticket is being handed over",
    "comment_not_sent": "the words that it came with were not sent",
    "later_edit_follows": "a later edit follows",
    "handed_over": "another team has the ticket now",
    "no_former_card": "the team had no card",
    "answered_before": "answered before it was sent",
    "no_resolution_request": "there is no approval request to rewrite",
    "home_never_opened": "they never opened it",
    "no_address": "no address is known",
    "ticket_moved_on": "the ticket had moved on before it was sent",
    "comment_withdrawn": "its author took it back before it was sent",
    "file_withdrawn": "its author took it back before it was posted",
    "never_posted": "it had not been sent when the ticket moved on",
    "file_unavailable": "it could not be had",
    "lease_lost": "another attempt has it",
    "address_malformed": "the address is malformed",
    "address_needs_smtputf8": "the address needs SMTPUTF8",
    "no_slack_link": "no link to Slack",
    "no_answer": "no answer",
}
CODES = {sentence: code for code, sentence in SENTENCES.items()} | {
    "a later one follows": "later_edit_follows",
    "its approval request was never posted": "no_resolution_request",
}
FILES = {
    "deleted": "its author deleted it",
    "not_shared": "deleted, or not shared with the help desk",
    "hidden_by_limit": "hidden by the limit of the Slack plan",
    "not_owned": "it belongs to somebody else",
    "external": "kept elsewhere, not in Slack",
    "unreadable": "Slack did not let the help desk read it",
    "too_large": "larger than 10 MB",
    "empty": "it is empty",
}
FILE_CODES = {sentence: code for code, sentence in FILES.items()}
# Slack's codes, as the code of this revision read them.
SLACK = {
    "access_refused": "invalid_auth not_authed not_allowed_token_type token_revoked token_expired account_inactive "
    "org_login_required ekm_access_denied enterprise_is_restricted team_access_not_granted missing_scope "
    "no_permission",
    "message_gone": "message_not_found edit_window_closed cant_update_message",
    "channel_refused": "channel_not_found is_archived is_inactive not_in_channel restricted_action "
    "restricted_action_read_only_channel restricted_action_thread_only_channel "
    "restricted_action_non_threadable_channel posting_to_channel_denied posting_to_general_channel_denied",
    "account_refused": "user_disabled",
}
SLACK_CODES = {code: reason for reason, codes in SLACK.items() for code in codes.split()}
SMTP = {
    "mail_refused": "smtp: {call} refused: {code}",
    "mail_deferred": "smtp: {call} refused: {code}",
    "mail_sender_refused": "smtp: {call} refused: {code}",
    "mail_tls_failed": "smtp: {call} failed: TLS {code}",
    "mail_login_not_ascii": "smtp: {call} failed: the user or password is not ASCII",
    "mail_not_offered": "smtp: {call} is not offered",
    "mail_no_answer": "smtp: {call} failed: {code}",
}
METHOD = re.compile(r"([a-z]+(?:\.[A-Za-z]+)+): (\S+)")
SMTP_REFUSED = re.compile(r"smtp: (?:(.+) refused: )?((?:\d|an answer).*)")
SMTP_TLS = re.compile(r"smtp: (.+) failed: TLS (.+)")
SMTP_FAILED = re.compile(r"smtp: (?:(.+) failed: )?(\w+)")


def upgrade() -> None:
    for table in ("delivery", "pause"):
        op.add_column(table, sa.Column("remote_call", sa.String(length=CALL_MAX)))
        op.add_column(table, sa.Column("remote_code", sa.String(length=CODE_MAX)))
    connection = op.get_bind()
    for state, old in connection.execute(_distinct("delivery", "state")).all():
        _change("delivery", {"state": state, "reason": old}, _parse(old, is_dead=state == "dead"))
    for scope, old in connection.execute(_distinct("pause", "scope")).all():
        _change("pause", {"scope": scope, "reason": old}, _parse(old, is_pause=True))
    for (old,) in connection.execute(_distinct("attachment")).all():
        _change("attachment", {"reason": old}, {"reason": FILE_CODES.get(old, "unreadable")})
    _set_type(sa.String(length=32))


def downgrade() -> None:
    _set_type(sa.Text())
    connection = op.get_bind()
    for table in ("delivery", "pause"):
        for call, remote_code, code in connection.execute(
            _distinct(table, "remote_call", "remote_code")
        ).all():
            where = {"remote_call": call, "remote_code": remote_code, "reason": code}
            _change(table, where, {"reason": _sentence(code, call, remote_code)})
    for (code,) in connection.execute(_distinct("attachment")).all():
        _change("attachment", {"reason": code}, {"reason": FILES.get(code, code)})
    for table in ("delivery", "pause"):
        for column in ("remote_call", "remote_code"):
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")


def _set_type(type_) -> None:
    """Change the type of `reason`. On SQLite the tables that others refer to are not made anew."""
    if op.get_bind().dialect.name == "postgresql":
        for table in ("delivery", "pause", "attachment"):
            op.alter_column(table, "reason", type_=type_)
        return
    with op.batch_alter_table("pause") as batch:
        batch.alter_column("reason", type_=type_, existing_nullable=False)
    for table in ("delivery", "attachment"):
        op.add_column(table, sa.Column("new_reason", type_))
        op.execute(f"UPDATE {table} SET new_reason = reason WHERE reason IS NOT NULL")
        op.execute(f"ALTER TABLE {table} DROP COLUMN reason")
        op.execute(f"ALTER TABLE {table} RENAME COLUMN new_reason TO reason")


def _distinct(table, *columns) -> sa.Select:
    rows = sa.table(table, *(sa.column(name) for name in (*columns, "reason")))
    return sa.select(*rows.c).where(rows.c.reason.is_not(None)).distinct()


def _change(table, where, values) -> None:
    rows = sa.table(table, *(sa.column(name) for name in {*where, *values}))
    conditions = [
        rows.c[name].is_(None) if value is None else rows.c[name] == value for name, value in where.items()
    ]
    op.get_bind().execute(sa.update(rows).where(*conditions).values(values))


def _parse(old, *, is_dead=False, is_pause=False) -> dict[str, str | None]:
    """The code, call and remote code of a sentence."""
    if old in CODES:
        return _values(CODES[old])
    if old in FILE_CODES:
        return _values("file_unavailable", code=FILE_CODES[old])
    for prefix, code in (("ratelimited: ", "rate_limited"), ("no link to Slack: ", "no_slack_link")):
        if old.startswith(prefix):
            rest = old.removeprefix(prefix)
            return _values(code, call=rest) if code == "rate_limited" else _values(code, code=rest)
    if old.endswith("; it is known now"):
        return _values("channel_found")
    if old.startswith("smtp: "):
        return _parse_smtp(old, is_dead=is_dead, is_pause=is_pause)
    if old.startswith("attachments: "):
        return _values("store_unavailable", "attachments", old.removeprefix("attachments: "))
    for call in ("download", "upload"):
        if old.startswith(f"{call}: "):
            return _parse_transfer(call, old.removeprefix(f"{call}: "))
    if old == "files.info: not shared yet":
        return _values("not_shared_yet", "files.info")
    if found := METHOD.fullmatch(old):
        return _parse_method(*found.groups(), is_dead=is_dead)
    if re.fullmatch(r"[A-Z]\w+", old):
        return _values("unexpected_error", code=old)
    return _values("access_refused" if is_pause else "other", code=old)


def _parse_method(call, code, *, is_dead) -> dict[str, str | None]:
    if code in SLACK_CODES:
        return _values(SLACK_CODES[code], call, code)
    if is_dead:
        return _values("refused", call, code)
    return _values("no_answer" if code[0].isupper() else "remote_error", call, code)


def _parse_transfer(call, code) -> dict[str, str | None]:
    if code == "too slow":
        return _values("too_slow", call)
    return _values("remote_error" if code.isdigit() else "no_answer", call, code)


def _parse_smtp(old, *, is_dead, is_pause) -> dict[str, str | None]:
    if old.endswith(" is not offered"):
        return _values("mail_not_offered", old.removeprefix("smtp: ").removesuffix(" is not offered"))
    if old.endswith(" failed: the user or password is not ASCII"):
        return _values("mail_login_not_ascii", "AUTH")
    if found := SMTP_TLS.fullmatch(old):
        return _values("mail_tls_failed", *found.groups())
    if found := SMTP_REFUSED.fullmatch(old):
        refused = "mail_sender_refused" if is_pause else "mail_refused" if is_dead else "mail_deferred"
        return _values(refused, *found.groups())
    if found := SMTP_FAILED.fullmatch(old):
        return _values("mail_no_answer", *found.groups())
    return _values("mail_sender_refused" if is_pause else "other", code=old)


def _values(reason, call=None, code=None) -> dict[str, str | None]:
    call = call[:CALL_MAX] if call else None
    return {"reason": reason, "remote_call": call, "remote_code": code[:CODE_MAX] if code else None}


def _sentence(code, call, remote_code) -> str:
    """What the version before wrote, or as much of it as it reads."""
    if code == "rate_limited":
        return f"ratelimited: {call}"
    if code == "not_shared_yet":
        return f"{call}: not shared yet"
    if code == "too_slow":
        return f"{call}: too slow"
    if code == "file_unavailable" and remote_code:
        return FILES.get(remote_code, remote_code)
    if code == "no_slack_link" and remote_code:
        return f"no link to Slack: {remote_code}"
    if code in SMTP and call:
        return SMTP[code].format(call=call, code=remote_code)
    if code in SMTP:
        return f"smtp: {remote_code}"
    if call:
        return f"{call}: {remote_code or code}"
    return SENTENCES.get(code) or remote_code or code
