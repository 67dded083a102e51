"""The entry points of this package: check the blocks of a message, check a view."""

from collections.abc import Collection

from playground.block_kit.payload_rules import WHOLE_RULES, submit_for_inputs
from playground.block_kit.problem import Problem
from playground.block_kit.spec import Context, Surface
from playground.block_kit.views import MESSAGE_BLOCKS, VIEWS


def check_blocks(
    blocks: object,
    *,
    root: str = "/blocks",
    scopes: Collection[str] = (),
    unfurl_domains: Collection[str] = (),
) -> list[Problem]:
    """Everything for which Slack would refuse these blocks in a message (`invalid_blocks`)."""
    context = Context("message", scopes, unfurl_domains)
    found = list(MESSAGE_BLOCKS.check(blocks, root, context))
    for rule in WHOLE_RULES:
        found += rule(blocks, root, context)
    return found


def check_view(
    view: object,
    *,
    scopes: Collection[str],
    unfurl_domains: Collection[str] = (),
    root: str = "/view",
) -> list[Problem]:
    """Everything for which Slack would refuse this modal or App Home (`invalid_arguments`)."""
    given = view if isinstance(view, dict) else {}
    surface: Surface = "home" if given.get("type") == "home" else "modal"
    context = Context(surface, scopes, unfurl_domains)
    found = list(VIEWS.check(view, root, context))
    for rule in WHOLE_RULES:
        found += rule(given.get("blocks"), f"{root}/blocks", context)
    return [*found, *submit_for_inputs(given, root)]
