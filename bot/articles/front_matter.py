"""The lines between `---` at the beginning of an article: what it is about, and who answers for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.catalogue import yaml_lines
from bot.catalogue.mistakes import shown
from bot.catalogue.parts import LANGUAGES
from bot.catalogue.schema import KEYWORD, KEYWORDS, NAME
from bot.catalogue.words import did_you_mean
from bot.catalogue.yaml_lines import Document, Path, Problem
from models.characters import is_blank

FENCE = "---"
OWNER = 80  # characters, as in the column

EXPECTED = {
    "title": "a text",
    "language": "fr or en",
    "keywords": "a list of words or short phrases",
    "services": "a list of ids of services",
    "owner": "a text: who answers for the article",
    "review": "a date such as 2027-06-01",
}
REQUIRED = ("title", "owner", "review")

Broken = Iterator[tuple[Path, str]]


@dataclass(frozen=True)
class FrontMatter:
    """The values of the keys; those that are missing or wrong have empty ones."""

    title: str = ""
    language: str | None = None
    keywords: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    owner: str = ""
    review: date | None = None


@dataclass(frozen=True)
class Split:
    """A file cut into its front matter and its body; the front matter begins on line 2."""

    document: Document
    body: str
    body_line: int
    problems: tuple[Problem, ...] = ()


def split(text: str) -> Split:
    """Cut a file at the lines `---`. What is missing or no YAML is one of the problems."""
    first, *lines = text.split("\n")
    if first.rstrip() != FENCE:
        what = f"the file does not begin with a line “{FENCE}”"
        advice = (
            f"write the title, the owner and the review date between two lines “{FENCE}” at its beginning"
        )
        return Split(Document(), text, 1, (Problem(1, "", f"{what} — {advice}"),))
    end = next((index for index, line in enumerate(lines) if line.rstrip() == FENCE), None)
    if end is None:
        what = f"the line “{FENCE}” that ends the first part is missing"
        return Split(Document(), "", 1, (Problem(1, "", f"{what} — add it above the text"),))
    body = "\n".join(lines[end + 1 :])
    try:
        # The empty line makes the lines of the YAML those of the file.
        document = yaml_lines.parse("\n" + "\n".join(lines[:end]))
    except yaml_lines.YamlSyntaxError as error:
        return Split(Document(), body, end + 3, (error.problem,))
    return Split(document, body, end + 3, tuple(document.problems))


def read_front_matter(document: Document) -> tuple[FrontMatter, list[Problem]]:
    """The front matter, and what is wrong with it."""
    data = document.data
    if not isinstance(data, dict):
        return FrontMatter(), [Problem(1, "", f"expected the keys {', '.join(EXPECTED)}")]
    broken = [*_keys(data), *_title(data), *_language(data), *_owner(data), *_review(data)]
    broken += [*_list(data, "keywords"), *_list(data, "services"), *_keywords(data)]
    wrong = {path[0] for path, _text in broken if path}
    good: dict[str, Any] = {key: data[key] for key in EXPECTED if key in data and key not in wrong}
    stripped: dict[str, Any] = {
        key: value.strip() if isinstance(value, str) else value for key, value in good.items()
    }
    return FrontMatter(**stripped), [document.problem(path, text) for path, text in broken]


def _keys(data: dict[str, object]) -> Broken:
    for key in REQUIRED:
        if key not in data:
            yield (), f"{key}: missing — expected {EXPECTED[key]}"
    for key in data:
        if key not in EXPECTED:
            yield (key,), "unknown key" + did_you_mean(key, EXPECTED)


def _title(data: dict[str, object]) -> Broken:
    yield from _text(data, "title", NAME)


def _owner(data: dict[str, object]) -> Broken:
    yield from _text(data, "owner", OWNER)


def _text(data: dict[str, object], key: str, limit: int) -> Broken:
    value = data.get(key, "-")
    if not isinstance(value, str):
        quotes = "; put it between quotes" if isinstance(value, bool | int | float | date) else ""
        yield (key,), f"found {shown(value)} — expected {EXPECTED[key]}{quotes}"
    elif is_blank(value):
        yield (key,), f"empty — expected {EXPECTED[key]}"
    elif len(value.strip()) > limit:
        yield (key,), f"{len(value.strip())} characters — expected at most {limit}"
    elif "\n" in value.strip():
        yield (key,), "has several lines — write it on one"


def _language(data: dict[str, object]) -> Broken:
    if "language" in data and data["language"] not in LANGUAGES:
        yield ("language",), f"found {shown(data['language'])} — expected {EXPECTED['language']}"


def _review(data: dict[str, object]) -> Broken:
    if "review" in data and type(data["review"]) is not date:
        yield ("review",), f"found {shown(data['review'])} — expected {EXPECTED['review']}"


def _list(data: dict[str, object], key: str) -> Broken:
    value = data.get(key, ())
    if not isinstance(value, tuple):
        yield (key,), f"found {shown(value)} — expected {EXPECTED[key]}"
        return
    for index, each in enumerate(value):
        here: Path = (key, index)
        if not isinstance(each, str):
            quotes = "; put it between quotes" if isinstance(each, bool | int | float | date) else ""
            yield here, f"found {shown(each)} — expected a text{quotes}"
        elif is_blank(each):
            yield here, "empty — write a text, or remove it"
        elif each in value[:index]:
            yield here, f"“{each}” is written twice — keep one of the two"


def _keywords(data: dict[str, object]) -> Broken:
    value = data.get("keywords", ())
    for index, each in enumerate(value if isinstance(value, tuple) else ()):
        if isinstance(each, str) and len(each) > KEYWORD:
            yield ("keywords", index), f"{len(each)} characters — expected at most {KEYWORD}"
    if isinstance(value, tuple) and len(value) > KEYWORDS:
        yield ("keywords",), f"{len(value)} entries — expected at most {KEYWORDS}"
