"""The forms of the backstage page, by section."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One field. `label` is a key of the translations; so are the options, unless the kind is `plain`."""

    name: str
    label: str
    kind: str = "text"  # or "number", "check", "choice", "plain", "person", "channel", "file", "method"
    options: tuple[str, ...] = ()
    value: str = ""


@dataclass(frozen=True)
class Form:
    """One form; `key` is its name in URLs and, after "bs_", in the translations."""

    key: str
    fields: tuple[Field, ...]


CHANNEL = Field("channel", "bs_which_channel", "channel")
PERSON = Field("user", "bs_who", "person")
TEXT = Field("text", "bs_text")
TIMES = Field("times", "bs_times", "number", value="1")

MESSAGES = (
    Form(
        "app_message",
        (
            Field("app", "bs_app", value="supervision"),
            CHANNEL,
            Field("says", "bs_says", "choice", ("bs_attachments", "bs_blocks", "bs_words")),
            Field("text", "bs_text", value="srv-moodle-2 : disque plein à 98 %"),
            Field("webhook", "bs_webhook", "check"),
        ),
    ),
    Form("slackbot", (CHANNEL, TEXT)),
)
FILES = (
    Form(
        "odd_file",
        (
            CHANNEL,
            Field(
                "kind",
                "bs_kind",
                "choice",
                ("bs_external", "bs_empty", "bs_no_size", "bs_right_to_left", "bs_slash", "bs_no_extension"),
            ),
        ),
    ),
    Form(
        "file",
        (
            Field("file", "bs_which_file", "file"),
            Field(
                "access",
                "bs_access",
                "plain",
                ("hidden_by_limit", "access_denied", "check_file_info", "visible"),
            ),
        ),
    ),
)
ORDER = (
    Form(
        "hold",
        (
            Field(
                "type",
                "bs_event",
                "plain",
                ("", "message", "message_changed", "message_deleted", "file_shared"),
            ),
            Field("until", "bs_until", "choice", ("bs_next", "bs_release_later")),
            TIMES,
        ),
    ),
    Form("release", (Field("backwards", "bs_backwards", "check"),)),
    Form(
        "repeat", (Field("times", "bs_times", "number", value="10"), Field("same_id", "bs_same_id", "check"))
    ),
    Form("lose", (TIMES,)),
)
REFUSALS = (
    Form(
        "faults",
        (
            Field("method", "bs_method", "method"),
            Field("error", "bs_error"),
            Field(
                "status",
                "bs_status",
                "plain",
                ("", "429", "500", "503", "timeout", "reset", "truncated", "empty", "html"),
            ),
            Field("latency", "bs_latency", "number"),
            TIMES,
        ),
    ),
    Form(
        "mail_fault",
        (
            Field("stage", "bs_stage", "plain", ("greeting", "ehlo", "mail", "rcpt", "data")),
            Field(
                "smtp", "bs_reply", value="550 5.7.60 Client does not have permissions to send as this sender"
            ),
        ),
    ),
)
PEOPLE = (
    Form(
        "person",
        (
            PERSON,
            Field(
                "change",
                "bs_change",
                "choice",
                ("bs_deactivate", "bs_reactivate", "bs_rename", "bs_address", "bs_zone", "bs_language"),
            ),
            Field("value", "bs_value"),
        ),
    ),
    Form(
        "new_person", (Field("name", "bs_handle"), Field("real_name", "bs_name"), Field("email", "bs_email"))
    ),
    Form("stale_dm", (PERSON,)),
)
CHANNELS = (
    Form(
        "channel",
        (
            CHANNEL,
            Field(
                "change",
                "bs_change",
                "choice",
                (
                    "bs_public",
                    "bs_private",
                    "bs_archive",
                    "bs_unarchive",
                    "bs_share",
                    "bs_nobody",
                    "bs_threads_only",
                    "bs_everybody",
                    "bs_new_id",
                ),
            ),
        ),
    ),
    Form("new_channel", (Field("name", "bs_name", value="projet"), Field("count", "bs_count", "number"))),
    Form("grid", (Field("enterprise_id", "bs_enterprise"), Field("org_install", "bs_org_install", "check"))),
)
SECTIONS = {
    "bs_messages": MESSAGES,
    "bs_files": FILES,
    "bs_order": ORDER,
    "bs_refusals": REFUSALS,
    "bs_people": PEOPLE,
    "bs_channels": CHANNELS,
}
