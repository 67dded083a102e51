"""Finds elements by their visible text."""

from collections.abc import Callable, Iterable

from playground.client import Element, Refused, elements_of, options_of
from playground.screen.text import normalise
from playground.state.workspace import Json

_MOST_LISTED = 30  # elements in an error's detail


def names(element: Element) -> list[str]:
    """The visible texts that identify this element, the best first."""
    block, json = element.block, element.json
    texts = [json.get("text"), json.get("accessibility_label")]
    if element.is_input:
        texts.append(block["label"])
    texts += [json.get("placeholder"), block.get("text") if json.get("type") != "button" else None]
    words = [text["text"] if isinstance(text, dict) else text for text in texts]
    return [word for word in words if word]


def called(text: str) -> Callable[[Element], bool]:
    """A predicate: the element has this visible text."""
    wanted = normalise(text)
    return lambda element: any(normalise(name) == wanted for name in names(element))


def offers(text: str) -> Callable[[Element], bool]:
    """A predicate: the menu has an option with this text."""
    return lambda element: any(True for _ in _options_called(options_of(element.json), text))


def pick_one(found: list[Element], all_of_them: Iterable[Element], wanted: str, nth: int | None) -> Element:
    """The only element found, or the `nth` one (from 1); Refused `not_found` or `ambiguous` otherwise."""
    if not found:
        raise Refused("not_found", f"nothing here is called {wanted}; there is: {_listing(all_of_them)}")
    if nth is not None:
        if not 1 <= nth <= len(found):
            raise Refused("not_found", f"{wanted} is here {len(found)} times, there is no number {nth}")
        return found[nth - 1]
    if len(found) > 1:
        raise Refused(
            "ambiguous", f"{len(found)} elements are called {wanted}, say which with nth: {_listing(found)}"
        )
    return found[0]


def labelled(blocks: list[Json], label: str, nth: int | None = None) -> Element:
    """The input with this label, or another element with a value and this text."""
    here = [element for element in elements_of(blocks) if element.keeps_value]
    found = [e for e in here if e.is_input and called(label)(e)] or [e for e in here if called(label)(e)]
    return pick_one(found, here, repr(label), nth)


def option_called(options: list[Json], text: str) -> Json:
    """The option with this text; Refused `no_such_option` lists the options."""
    found = list(_options_called(options, text))
    if not found:
        there = "; ".join(option["text"]["text"] for option in options) or "none"
        raise Refused("no_such_option", f"no option is called {text!r}; there is: {there}")
    if len(found) > 1:
        raise Refused("ambiguous", f"{len(found)} options are called {text!r}")
    return found[0]


def _options_called(options: list[Json], text: str) -> Iterable[Json]:
    wanted = normalise(text)
    return (option for option in options if normalise(option["text"]["text"]) == wanted)


def _listing(elements: Iterable[Element]) -> str:
    lines = [f"{(names(e) or ['(no text)'])[0]!r} ({e.type}, action_id {e.action_id!r})" for e in elements]
    rest = [f"and {len(lines) - _MOST_LISTED} more"] if len(lines) > _MOST_LISTED else []
    return "; ".join(lines[:_MOST_LISTED] + rest) or "nothing"
