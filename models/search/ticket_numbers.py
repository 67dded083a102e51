"""Numbers of tickets, as Guichet prints them and as people write them: "n° 1042", "[No. 1042]"."""

import re

from models.words.plain_letters import visible

NUMBERS_MAX = 5  # of one text: its message names two
_DIGITS = re.compile(r"(?<!\w)(?:[0-9]{1,3}(?:[ .,'’][0-9]{3})+|[0-9]{1,9})(?!\w)")
_LETTERS = re.compile(r"[^\W\d_]+")
_FIRST = re.compile("[0-9]+")
_SIGNS = ("n°", "n °", "no.", "n.", "#", "numéro", "numero", "number")
_SIGN_MAX = 40  # characters before a number that are looked at
_REPLIES = frozenset(["re", "rép", "rep", "réf", "ref", "tr", "fw", "fwd", "aw", "wg", "rv", "sv"])
_REPLIES_MAX = 20  # “Re: Fwd: Re: …”
_THINGS = frozenset(["ticket", "tickets", "demande", "incident", "request", "panne", "outage"])
_BESIDE_ALONE = _THINGS | frozenset(["n", "no", "numéro", "numero", "number", "le", "la", "the"])
# Words that stand before a ticket's number in what Guichet says; after another, as in "salle n° 12", it is
# that thing's.
_BEFORE_NUMBERS = """
le la les au du de des un votre vos mon ma mes et dont
the to of is in about open your my our and for with re see voir
"""
_BEFORE = _THINGS | frozenset(_BEFORE_NUMBERS.split())


def ticket_numbers(text: str) -> tuple[list[int], str]:
    """The numbers of the tickets that `text` names, in their order, and the words beside them.

    A number alone is one, and remains as the words. That of something else ("salle n° 12") is none.
    """
    shown = _without_replies(" ".join(visible(text).split()))
    numbers = list(_DIGITS.finditer(shown))
    if len(numbers) == 1 and _is_alone(shown, numbers[0]):
        return _readings(numbers[0][0])[:1], numbers[0][0]
    found = [each for each in numbers if _is_of_a_ticket(shown, each)][:NUMBERS_MAX]
    beside = _without(shown, found)
    if not any(each.isalnum() for each in beside):
        beside = " ".join(each[0] for each in found)
    named = [number for each in found for number in _readings(each[0])]
    return list(dict.fromkeys(named)), beside if found else text


def _without_replies(text: str) -> str:
    """`text` without what mail programs put before a subject."""
    for _ in range(_REPLIES_MAX):
        head, colon, rest = text[:_SIGN_MAX].partition(":")
        if not colon or head.strip().rstrip("[]0123456789") not in _REPLIES:
            break
        text = rest + text[_SIGN_MAX:]
    return text


def _is_alone(text: str, number: re.Match[str]) -> bool:
    """Whether `text` says nothing but that it is a number."""
    before, after = text[: number.start()], text[number.end() :]
    is_last = not any(each.isalnum() for each in after)
    return is_last and set(_LETTERS.findall(before)) <= _BESIDE_ALONE and not any(map(str.isdigit, before))


def _readings(digits: str) -> list[int]:
    """ "1 042" is 1042; or it is 1, and 042 belongs to what follows."""
    together = "".join(each for each in digits if each.isdigit())
    first = _FIRST.match(digits)
    assert first is not None
    readings = [together] if len(together) <= 9 else []
    return list(dict.fromkeys(map(int, [*readings, first[0]])))


def _is_of_a_ticket(text: str, number: re.Match[str]) -> bool:
    before = text[max(number.start() - _SIGN_MAX, 0) : number.start()].rstrip()
    sign = _sign_of(before)
    last = _last_word(before.removesuffix(sign).rstrip())
    return last in {"ticket", "tickets"} or (sign != "" and (not last or last in _BEFORE))


def _sign_of(before: str) -> str:
    for sign in _SIGNS:
        if before.endswith(sign) and not before.removesuffix(sign)[-1:].isalnum():
            return sign
    return ""


def _last_word(text: str) -> str:
    """The word that `text` ends with; "" when it ends with a mark."""
    words = _LETTERS.findall(text) if text[-1:].isalnum() else []
    return words[-1] if words and text.endswith(words[-1]) else text[-1:] if text[-1:].isalnum() else ""


def _without(text: str, found: list[re.Match[str]]) -> str:
    """`text` without the numbers and their signs."""
    parts, end = [], 0
    for number in found:
        before = text[end : number.start()].rstrip()
        parts.append(before.removesuffix(_sign_of(before)).rstrip().removesuffix("ticket"))
        end = number.end()
    return " ".join([*parts, text[end:]])
