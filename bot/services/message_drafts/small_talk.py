"""Messages that say nothing about a ticket: greetings, thanks, agreement."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from models.characters import is_blank
from models.words.search_words import normalise

LENGTH_MAX = 200  # characters; longer texts say something


class SmallTalk(StrEnum):
    """What a message consists of, and nothing else."""

    GREETING = "greeting"
    THANKS = "thanks"
    AGREEMENT = "agreement"  # also the answer to a question


_PHRASES: Mapping[SmallTalk, Collection[str]] = {
    SmallTalk.GREETING: (
        *("bonjour", "bjr", "bonsoir", "salut", "slt", "coucou", "hello", "hi", "hey", "hi there"),
        *("good morning", "good afternoon", "good evening", "rebonjour"),
    ),
    SmallTalk.THANKS: (
        *("merci", "merci beaucoup", "mille mercis", "grand merci", "merci bien", "merci d avance"),
        *("je vous remercie", "je te remercie", "thanks", "thank you", "thx", "many thanks", "thanks a lot"),
        *("thank you very much", "thank you so much", "merci a vous", "merci a toi", "cheers"),
    ),
    SmallTalk.AGREEMENT: (
        *("ok", "okay", "d accord", "dac", "parfait", "super", "genial", "nickel", "top", "tres bien"),
        *("ca marche", "great", "perfect", "cool", "all right", "alright", "entendu", "bien recu"),
    ),
}
# What may stand beside them.
_BESIDE = frozenset(
    {
        *("a tous", "a toutes", "a tous et a toutes", "a vous", "a toi", "tout le monde", "l equipe"),
        *("madame", "monsieur", "madame monsieur", "all", "everyone", "everybody", "team", "there"),
        *("guichet", "et", "and", "infiniment", "bonne journee", "bonne soiree", "bonne fin de journee"),
        *("bon week end", "bon weekend", "have a nice day", "cordialement", "bien cordialement"),
        *("pour tout", "encore", "pour votre aide", "pour ton aide", "for your help", "c est", "c est bon"),
        "beaucoup",
    }
)
_EMOJI = {
    **dict.fromkeys(("👍", ":+1:", ":thumbsup:", "👌", ":ok_hand:"), " ok "),
    **dict.fromkeys(("🙏", ":pray:", ":bow:"), " merci "),
    **dict.fromkeys(("👋", ":wave:"), " bonjour "),
}
_MEANINGS = {phrase: talk for talk, phrases in _PHRASES.items() for phrase in phrases}
_WORDS_MAX = max(len(phrase.split()) for phrase in (*_MEANINGS, *_BESIDE))


def small_talk(text: str) -> SmallTalk | None:
    """What a text consists of; `None` when it says something else, too. Thanks come before agreement, and
    that before a greeting."""
    if len(text) > LENGTH_MAX:
        return None
    found, words = set[SmallTalk](), _words(text)
    while words:
        phrase = next((each for each in _beginnings(words) if each in _MEANINGS or each in _BESIDE), None)
        if phrase is None:
            return None
        if phrase in _MEANINGS:
            found.add(_MEANINGS[phrase])
        words = words[len(phrase.split()) :]
    order = (SmallTalk.THANKS, SmallTalk.AGREEMENT, SmallTalk.GREETING)
    return next((talk for talk in order if talk in found), None)


def title_line(text: str) -> str:
    """The first line that is neither blank nor small talk, else the first that is not blank; without the
    marks of a forwarded message."""
    lines = [line.lstrip("> ").strip() for line in text.splitlines()]
    lines = [line for line in lines if not is_blank(line)]
    return next((line for line in lines if small_talk(line) is None), lines[0] if lines else "")


def _beginnings(words: list[str]) -> list[str]:
    """The phrases that the words may begin with, the longest first."""
    return [" ".join(words[:count]) for count in range(min(_WORDS_MAX, len(words)), 0, -1)]


def _words(text: str) -> list[str]:
    for emoji, word in _EMOJI.items():
        text = text.replace(emoji, word)
    return "".join(each if each.isalnum() else " " for each in normalise(text)).split()
