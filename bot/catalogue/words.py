"""The word that somebody may have meant."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` — did you mean “team”?`, or every known word when none is near."""
    known = list(known)
    near = get_close_matches(word, known, n=1)
    return f" — did you mean “{near[0]}”?" if near else f" — expected one of {', '.join(known)}"
