"""What reads people's text takes a time that grows with its length and no faster, whatever stands in it."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import product
from time import thread_time  # CPU time of this thread only
from typing import Any
from unicodedata import normalize

import pytest

from blocks.kit.message_text import mentioned_by, message_text
from blocks.kit.mrkdwn import Names, mentioned_in, plain_text
from bot.delivery.senders.files import safe_name
from bot.services.message_drafts.small_talk import small_talk, title_line
from models.characters import is_blank, split_words, storable
from models.search.query import query_of
from models.search.ticket_numbers import ticket_numbers
from models.tickets.comment import added
from models.tickets.file_name import cut_name, visible
from models.words.preformatted import pieces
from models.words.search_words import normalise, normalise_spelling, search_terms, search_words
from tests.architecture.expressions import expressions, strangers

Read = Callable[[str], object]

LENGTH, TIMES = 1500, 4
RATIO_MAX = 6  # 4 is linear, 16 is quadratic
LEAST = 0.002  # seconds that are measured at once
TRIALS = 3

EXPRESSIONS = expressions()
ANY = ("a", "A", "0", " ", "\n", "-", "é", "\u0315\u0300", "㌖")
MARKS = (
    *("a", " ", "\u0315\u0300", "㌖", "-", ":", "<", ">", "|", "@", "!", "&#"),
    *("<@", "<!subteam^", "::skin-tone-2:", ":a0:"),
)


def _emoji(text: str) -> dict[str, Any]:
    """A message with the maximum number of emoji."""
    named = [{"type": "emoji", "name": f"a{each}", "unicode": "1f44b"} for each in range(len(text) // 10)]
    return {"text": text, "blocks": [{"type": "rich_text", "elements": [{"elements": named}]}]}


READERS: dict[str, Read] = {
    **{
        each.__name__: each
        for each in (search_words, search_terms, query_of, ticket_numbers, normalise, normalise_spelling)
    },
    **{each.__name__: each for each in (mentioned_in, is_blank, storable, visible, safe_name)},
    **{each.__name__: each for each in (small_talk, title_line, pieces)},
    "split_words": lambda text: split_words(text, len(text) - 1),
    "cut_name": lambda text: cut_name(text, 100),
    "added": lambda text: added(text[:-9], text),
    "plain_text": lambda text: plain_text(_emoji(text), Names()),
    "message_text": lambda text: message_text(_emoji(text), Names()),
    "mentioned_by": lambda text: mentioned_by(_emoji(text)),
}


def test_every_regular_expression_is_seen() -> None:
    assert strangers() == []
    assert len(EXPRESSIONS) > 20


@pytest.mark.parametrize("where", EXPRESSIONS)
def test_a_regular_expression_reads_each_character_a_few_times_at_most(where: str) -> None:
    pattern = EXPRESSIONS[where]

    def read(text: str) -> None:
        pattern.match(text)
        pattern.fullmatch(text)
        for _found in pattern.finditer(text):
            pass

    signs = {*pattern.pattern, *re.findall(r"[a-z]{2,}|<\W", pattern.pattern)} - {"\\"}
    assert_linear(read, [*sorted(signs), *ANY])


@pytest.mark.parametrize("reader", READERS)
def test_what_reads_text_reads_each_character_a_few_times_at_most(reader: str) -> None:
    assert_linear(READERS[reader], MARKS)


def test_what_is_quadratic_is_noticed() -> None:
    with pytest.raises(AssertionError, match="times as long"):
        assert_linear(re.compile("a+-").findall, ["a", " "])


def assert_linear(read: Read, signs: Sequence[str]) -> None:
    """Of all texts that these signs make, the one that takes longest takes four times as long when it is four
    times as long."""
    slowest = max(texts(signs), key=lambda text: seconds(partial(read, text(LENGTH)), 0))
    ratio = 0.0
    for _trial in range(TRIALS):
        short, long = (partial(read, slowest(length)) for length in (LENGTH, LENGTH * TIMES))
        ratio = best(long) / best(short)
        if ratio < RATIO_MAX:
            return
    raise AssertionError(f"{TIMES} times {slowest(12)!r}… takes {ratio:.1f} times as long")


def texts(signs: Sequence[str]) -> Iterator[Callable[[int], str]]:
    """Each sign again and again, each two of them by turns, and each after another that begins something; as
    they are once they are normalised."""
    for first, second in product(signs, repeat=2):
        yield partial(_filled, "", first + second)
        yield partial(_filled, first, second)


def _filled(beginning: str, sign: str, length: int) -> str:
    again = normalize("NFKD", sign)
    return (beginning + again * (length // len(again) + 1))[:length]


def best(read: Callable[[], object]) -> float:
    return min(seconds(read, LEAST) for _ in range(3))


def seconds(read: Callable[[], object], least: float) -> float:
    """Of the processor, for one time; as often as it takes to be above noise."""
    times, start = 0, thread_time()
    while True:
        read()
        times += 1
        taken = thread_time() - start
        if taken >= least:
            return taken / times
