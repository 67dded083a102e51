"""Numbers of tickets, as Guichet prints them and as people write them: "n° 1042", "[No. 1042]"."""

import re

from models.words.plain_letters import visible

NUMBERS_MAX = 5  # of one text: its message names two
_SIGN = r"(?:n ?[°.]|n[o0]\.|numéros?|numbers?|#)"
_DIGITS = r"(?P<number>[0-9]{1,3}(?:[ .,'’][0-9]{3})+(?![0-9])|[0-9]{1,9}(?![0-9]))"
_THING = r"(?:tickets?|demande|incident|request|panne|outage)"
_REPLIES = re.compile(r"\s*(?:(?:re|rép|rep|réf|ref|tr|fw|fwd|aw|wg|rv|sv)(?: ?\[[0-9]+\])? ?: ?)+")
_REFERENCE = re.compile(rf"(?<![\w#])(?:tickets? ?:? ?{_SIGN}?|{_SIGN}) ?{_DIGITS}(?!\w)")
_ALONE = re.compile(rf"\W*(?:(?:le |la |the )?{_THING} ?:? ?)?(?:{_SIGN}|no)? ?{_DIGITS}\W*")
# Words that stand before a ticket's number in what Guichet says; after another, as in "salle n° 12", it is
# that thing's.
_BEFORE_NUMBERS = """
le la les au du de des un votre vos mon ma mes ticket tickets demande incident panne et dont
the to of is in about open your my our and for with re see voir request outage
"""
_BEFORE = frozenset(_BEFORE_NUMBERS.split())


def ticket_numbers(text: str) -> tuple[list[int], str]:
    """The numbers of the tickets that `text` names, in their order, and the words beside them.

    A number alone is one, and remains as the words. That of something else ("salle n° 12") is none.
    """
    shown = " ".join(visible(text).split())
    shown = _REPLIES.sub("", shown, count=1) if _REPLIES.match(shown) else shown
    if alone := _ALONE.fullmatch(shown):
        return _readings(alone["number"])[:1], alone["number"]
    found = [each for each in _REFERENCE.finditer(shown) if _is_of_a_ticket(shown, each)]
    numbers = [number for each in found for number in _readings(each["number"])]
    beside = _without(shown, found)
    has_words = any(each.isalnum() for each in beside)
    words = beside if has_words else " ".join(each["number"] for each in found)
    return list(dict.fromkeys(numbers))[:NUMBERS_MAX], words if found else text


def _readings(digits: str) -> list[int]:
    """ "1 042" is 1042; or it is 1, and 042 belongs to what follows."""
    together = "".join(each for each in digits if each.isdigit())
    first = re.match("[0-9]+", digits)
    assert first is not None
    readings = [together] if len(together) <= 9 else []
    return list(dict.fromkeys(map(int, [*readings, first[0]])))


def _is_of_a_ticket(text: str, found: re.Match[str]) -> bool:
    before = text[: found.start()].rstrip()
    if found[0].startswith("ticket") or not before or not before[-1].isalnum():
        return True
    return re.split(r"\W", before)[-1] in _BEFORE


def _without(text: str, found: list[re.Match[str]]) -> str:
    """`text` without what was found in it."""
    ends = [0, *(each.end() for each in found)]
    starts = [*(each.start() for each in found), len(text)]
    return " ".join(text[end:start].strip() for end, start in zip(ends, starts, strict=True))
