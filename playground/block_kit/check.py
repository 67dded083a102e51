"""The two questions asked of this package: would Slack take these blocks, would it take this view?"""

from collections.abc import Collection

from playground.block_kit.payload_rules import WHOLE_RULES, submit_for_inputs
from playground.block_kit.problem import Problem
from playground.block_kit.spec import Surface, Where
from playground.block_kit.views import MESSAGE_BLOCKS, VIEWS


def check_blocks(
    blocks: object,
    *,
    root: str = "/blocks",
    scopes: Collection[str] = (),
    unfurl_domains: Collection[str] = (),
) -> list[Problem]:
    """Everything for which Slack would refuse these blocks in a message (`invalid_blocks`)."""
    where = Where("message", scopes, unfurl_domains)
    found = list(MESSAGE_BLOCKS.check(blocks, root, where))
    for rule in WHOLE_RULES:
        found += rule(blocks, root, where)
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
    where = Where(surface, scopes, unfurl_domains)
    found = list(VIEWS.check(view, root, where))
    for rule in WHOLE_RULES:
        found += rule(given.get("blocks"), f"{root}/blocks", where)
    return [*found, *submit_for_inputs(given, root)]
