"""References between angle brackets in mrkdwn: people, channels, dates, links."""

from markupsafe import Markup

from playground.page.text.reader import Reader

_SAFE = ("http://", "https://", "mailto:", "tel:")


def reference(inside: str, reader: Reader) -> Markup:
    """The HTML of `<inside>`, already unescaped."""
    target, _, label = inside.partition("|")
    if target.startswith("@"):
        return mention(target[1:], reader)
    if target.startswith("#"):
        return channel(target[1:], reader)
    if target.startswith("!date^"):
        return date(target, label, reader)
    if target.startswith("!subteam^"):
        group = reader.workspace.usergroup(target.removeprefix("!subteam^"))
        return _mention_tag(label or "@" + (group.handle if group else target.removeprefix("!subteam^")))
    if target.startswith("!"):
        return _mention_tag("@" + target[1:].partition("^")[0])
    return link(target, label)


def mention(user_id: str, reader: Reader) -> Markup:
    """A person's name; the reader's own is highlighted."""
    mine = user_id == reader.person.id
    return _mention_tag("@" + reader.name(user_id), "mention mine" if mine else "mention")


def channel(channel_id: str, reader: Reader) -> Markup:
    """A channel's name as a link, or "a private channel" for non-members."""
    found = reader.workspace.channels.get(channel_id)
    if found is None or (found.kind != "public" and not reader.is_in(found)):
        return _mention_tag("🔒 " + reader.words("a_private_channel"))
    if not reader.is_in(found):
        return _mention_tag(reader.channel_name(found))
    return Markup('<a class="mention" href="{}">{}</a>').format(
        reader.link(channel=found.id), reader.channel_name(found)
    )


def date(target: str, fallback: str, reader: Reader) -> Markup:
    """`!date^1392734382^{date_short} {time}^https://link`: the formatted time, or the fallback."""
    _, _, rest = target.partition("^")
    seconds, _, pattern = rest.partition("^")
    pattern, _, url = pattern.partition("^")
    if not seconds.isdecimal() or not pattern:
        return Markup("{}").format(fallback)
    stamp = reader.calendar.local(int(seconds)).isoformat()
    written = reader.calendar.fill(int(seconds), pattern)
    html = Markup('<time datetime="{}" title="{}">{}</time>').format(stamp, fallback, written)
    return link(url, html) if url else html


def link(target: str, label: str | Markup = "") -> Markup:
    """A link that opens in a new tab; text unless its target is a web address."""
    shown = label or target.removeprefix("mailto:")
    if not target.lower().startswith(_SAFE):
        return Markup("{}").format(shown)
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(target, shown)


def _mention_tag(text: str, css: str = "mention") -> Markup:
    return Markup('<span class="{}">{}</span>').format(css, text)
