"""Where no source says what Slack does: what the playground does instead.

Each line is a guess; nothing else in the package is.

- Length is counted in Unicode characters of the string as sent, before `&amp;` and the like are read.
- A pointer always begins with a slash (one recording of `initial_options` has none).
- Every problem is listed, in the order of the payload, then those between blocks. The line about a whole
  object ("failed to match all allowed schemas") comes before its details, for a view and for a text object
  that may be plain_text or mrkdwn. Recordings have it there, elsewhere, or not at all.
- Where sources disagree about a surface the block is refused: `card` in modals; `container`, `table` and
  `data_table` on the Home.
- `block_id` must be unique over a whole payload, blocks inside a container or a carousel included, and is
  refused with the sentence known for `action_id`; so are the names of series and the values of options.
- Values of one list of options must be unique (documented with "should").
- `kB` is 1,000 bytes, of the view written as compact JSON in UTF-8.
- Text counted for `msg_blocks_too_long` is every string under a key `text`, at any depth.
- Empty strings are refused, except where a field may be used to clear something (`private_metadata`,
  `initial_value`, `value` of a button).
- The initial value of a text input has at most 3,000 characters, the limit for what a person types.
- A URL is a scheme and some text, with http or https for pictures. It is never fetched: Slack also downloads
  pictures and refuses those it cannot read, and files that it does not have.
- Every leaf of a rich text takes every style: the pages differ leaf by leaf.
- An alert has at most 200 characters (the source is one SDK of Slack's only).
- Parts of a manifest for workflow apps are accepted unread; `agent_view` and `assistant_view` are refused,
  for they change the Messages tab.
- Of two fields that exclude each other: when neither is there the first is reported as missing, when both are
  there the second is reported as additional.
"""

# Texts modelled on the known ones (see `problem`), for rules whose sentence no source shows.
AN_ARRAY = "must provide an array"
AN_INTEGER = "must provide an integer"
A_NUMBER = "must provide a number"
A_BOOLEAN = "must provide a boolean"
FORM = "must match the expected format"
NOT_UNIQUE = "must not contain duplicate items"
ONE_FOCUS = "only one element may set `focus_on_load`"
NO_DISPATCH = "must not define `dispatch_action` with a `file_input` element"
NEEDS_FILES_READ = "must have the `files:read` scope to use a `file_input` element"
NEEDS_EMBED = "must have the `links.embed:write` scope to use a `video` block"
NOT_UNFURLED = "must match one of the unfurl domains of the app"
RESPONSE_URL = "`response_url_enabled` works in `input` blocks in modals only"
EMPTY_OBJECT = "must define at least one property"
NUMERIC = "must be a numeric string"
TIMEZONE = "must be a valid time zone"
SAME_LENGTH = "must have as many cells as the first row"
CATEGORIES = "must have the labels of `axis_config/categories`"
ONE_PLAN = "only one `plan` block allowed"
NOT_COLLAPSIBLE = "must define `is_collapsible` to use `default_collapsed`"
COLLAPSIBLE = "must not define `has_header_divider` with `is_collapsible`"


def too_small(least: int) -> str:
    """Below the smallest number."""
    return f"must be greater than or equal to {least}"


def too_large(most: int) -> str:
    """Above the largest number."""
    return f"must be less than or equal to {most}"


def not_above(bound: int) -> str:
    """At or below a bound that is not included."""
    return f"must be greater than {bound}"


def not_ordered(low: str, high: str) -> str:
    """A minimum above its maximum."""
    return f"`{low}` must not be greater than `{high}`"


def too_many_blocks(most: int, kind: str) -> str:
    """More blocks of one kind than a message may have."""
    return f"no more than {most} `{kind}` blocks allowed"
