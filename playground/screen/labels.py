"""Finding the elements of a screen by the words a person reads."""

from collections.abc import Callable, Iterable

from playground.client import Element, Refused, elements_of, options_of
from playground.screen.words import normalise
from playground.state.workspace import Json

_MOST_LISTED = 30  # elements in an error's detail


def names(element: Element) -> list[str]:
    """The words by which a person may call this element, the best first."""
    block, json = element.block, element.json
    texts = [json.get("text"), json.get("accessibility_label")]
    if element.is_input:
        texts.append(block["label"])
    texts += [json.get("placeholder"), block.get("text") if json.get("type") != "button" else None]
    words = [text["text"] if isinstance(text, dict) else text for text in texts]
    return [word for word in words if word]


def called(words: str) -> Callable[[Element], bool]:
    """A test for elements that a person would call by these words."""
    wanted = normalise(words)
    return lambda element: any(normalise(name) == wanted for name in names(element))


def offers(words: str) -> Callable[[Element], bool]:
    """A test for menus that have an option with these words."""
    return lambda element: any(True for _ in _options_called(options_of(element.json), words))


def pick_one(found: list[Element], all_of_them: Iterable[Element], wanted: str, nth: int | None) -> Element:
    """The only element found, or the `nth` one (from 1); Refused `not_found` or `ambiguous` otherwise."""
    if not found:
        raise Refused("not_found", f"nothing here is called {wanted}; there is: {_listing(all_of_them)}")
    if nth is not None:
        if not 1 <= nth <= len(found):
            raise Refused("not_found", f"{wanted} stands here {len(found)} times, there is no number {nth}")
        return found[nth - 1]
    if len(found) > 1:
        raise Refused(
            "ambiguous", f"{len(found)} elements are called {wanted}, say which with nth: {_listing(found)}"
        )
    return found[0]


def labelled(blocks: list[Json], label: str, nth: int | None = None) -> Element:
    """The input with this label, or another element that keeps a value and is called so."""
    here = [element for element in elements_of(blocks) if element.keeps_value]
    found = [e for e in here if e.is_input and called(label)(e)] or [e for e in here if called(label)(e)]
    return pick_one(found, here, repr(label), nth)


def option_called(options: list[Json], words: str) -> Json:
    """The option with these words; Refused `no_such_option` lists those there are."""
    found = list(_options_called(options, words))
    if not found:
        there = "; ".join(option["text"]["text"] for option in options) or "none"
        raise Refused("no_such_option", f"no option is called {words!r}; there is: {there}")
    if len(found) > 1:
        raise Refused("ambiguous", f"{len(found)} options are called {words!r}")
    return found[0]


def _options_called(options: list[Json], words: str) -> Iterable[Json]:
    wanted = normalise(words)
    return (option for option in options if normalise(option["text"]["text"]) == wanted)


def _listing(elements: Iterable[Element]) -> str:
    lines = [f"{(names(e) or ['(no words)'])[0]!r} ({e.type}, action_id {e.action_id!r})" for e in elements]
    rest = [f"and {len(lines) - _MOST_LISTED} more"] if len(lines) > _MOST_LISTED else []
    return "; ".join(lines[:_MOST_LISTED] + rest) or "nothing"
