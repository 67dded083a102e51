"""Rules about the options of one menu. Sources: option-object and the pages of the menus (docs.slack.dev)."""

from collections.abc import Iterator

from playground.block_kit import problem
from playground.block_kit.problem import Problem
from playground.block_kit.rules.fields import dicts
from playground.block_kit.spec import Context, Json


def options_of(element: Json) -> list[Json]:
    """All options of a menu, those in groups included."""
    groups = dicts(element.get("option_groups"))
    return dicts(element.get("options")) + [one for group in groups for one in dicts(group.get("options"))]


def initial_option(value: Json, at: str, context: Context) -> Iterator[Problem]:
    """The initial option is one of the options, equal in every key."""
    chosen = value.get("initial_option")
    if isinstance(chosen, dict) and chosen not in options_of(value):
        yield Problem(problem.NOT_AN_OPTION, f"{at}/initial_option")


def initial_options(value: Json, at: str, context: Context) -> Iterator[Problem]:
    """The initial options are among the options; there is at least one."""
    chosen = value.get("initial_options")
    if not isinstance(chosen, list):
        return
    options = options_of(value)
    external = "options" not in value and "option_groups" not in value
    if not chosen or (not external and any(one not in options for one in chosen)):
        yield Problem(problem.NOT_AN_OPTION, f"{at}/initial_options")


def unique_values(value: Json, at: str, context: Context) -> Iterator[Problem]:
    """No two options of a list have the same value (see `assumptions`)."""
    seen: set[str] = set()
    options = value.get("options")
    for index, one in enumerate(options if isinstance(options, list) else []):
        given = one.get("value") if isinstance(one, dict) else None
        if isinstance(given, str):
            if given in seen:
                yield Problem(problem.already_exists("value", given), f"{at}/options/{index}/value")
            seen.add(given)
