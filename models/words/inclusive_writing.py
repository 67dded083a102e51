"""Inclusive writing in French: the words that "étudiant·e·s" or "directeur/trice" stands for."""

from collections.abc import Sequence

# By the feminine ending that is written: which ending of the masculine becomes which; without accents.
_REPLACED = {
    "trice": ("teur", "trice"),
    "rice": ("eur", "rice"),
    "ice": ("eur", "rice"),
    "euse": ("eur", "euse"),
    "eresse": ("eur", "eresse"),
    "ive": ("if", "ive"),
    "ere": ("er", "ere"),
    "elle": ("el", "elle"),
    "se": ("x", "se"),
    "ve": ("f", "ve"),
}
_ADDED = frozenset({"e", "ne", "te", "le", "fe", "sse", "esse"})
MARKS = frozenset("·•‧∙⋅.-‐‑–()[]/_")  # between the parts


def inclusive_forms(parts: Sequence[str]) -> list[str]:
    """Feminine, and both plurals, of the word that is written in these parts, without accents or case:
    "etudiante", "etudiantes" and "etudiants" of "etudiant", "e", "s"; [] when it is no inclusive writing."""
    if not 2 <= len(parts) <= 3 or any(each != "s" for each in parts[2:]):
        return []
    masculine, ending = parts[0], parts[1]
    is_plural = len(parts) == 3
    if not is_plural and ending.endswith("s") and len(ending) > 1:
        ending, is_plural = ending.removesuffix("s"), True
    if len(masculine) < 2 or not masculine.isalpha():
        return []
    feminine = _feminine(masculine.removesuffix("s") if is_plural else masculine, ending)
    if feminine is None:
        return []
    plural = masculine if masculine[-1] in "sx" else f"{masculine}s"
    return [feminine, f"{feminine}s", plural] if is_plural else [feminine]


def _feminine(masculine: str, ending: str) -> str | None:
    replaced, feminine = _REPLACED.get(ending, ("", ""))
    if feminine and masculine.endswith(replaced):
        return masculine.removesuffix(replaced) + feminine
    return masculine + ending if ending in _ADDED else None
