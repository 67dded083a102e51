"""Emoji in the page."""

from markupsafe import Markup

from playground.state.conversation.emoji import SHORTCODES


def emoji(name: str) -> Markup:
    """The emoji with this shortcode (skin tones are left out), or `:name:` for an unknown one."""
    base = name.split("::")[0]
    character = SHORTCODES.get(base)
    if character is None:
        return Markup(":{}:").format(name)
    return Markup('<span class="emoji" role="img" aria-label="{}">{}</span>').format(
        base.replace("_", " "), character
    )
