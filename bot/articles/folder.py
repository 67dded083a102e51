"""The folder of articles: `NAME.fr.md` and `NAME.en.md`, or `NAME.md` with its `language`.

It is accepted or refused as a whole, with every mistake and its line.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unicodedata import category

from bot.articles.body_rules import body_problems
from bot.articles.front_matter import FrontMatter, read_front_matter, split
from bot.catalogue.parts import LANGUAGES
from bot.catalogue.words import did_you_mean
from bot.catalogue.yaml_lines import Document, Problem

_NAME = re.compile(r"^(?P<id>[a-z0-9]+(?:-[a-z0-9]+)*)(?:\.(?P<language>[a-z]{2}))?\.md")
ID = 60  # characters
IGNORED = ("readme.md",)


@dataclass(frozen=True)
class ArticleText:
    """One file: an article in one language."""

    path: Path
    id: str
    language: str
    front: FrontMatter
    body: str
    """CommonMark."""
    document: Document
    """The front matter with its lines."""

    def problem(self, key: str, text: str) -> str:
        return line_of(self.path, self.document.problem((key,), text))


@dataclass(frozen=True)
class Folder:
    """The texts of a folder, in the order of their names, and what is wrong with it."""

    texts: Sequence[ArticleText] = ()
    problems: Sequence[str] = ()


def read_folder(folder: Path, services: Collection[str] | None) -> Folder:
    """Read the articles; none when there is no such folder.

    `services`: the ids of the catalogue; `None` when it could not be read.
    """
    try:
        paths = (
            sorted(each for each in folder.iterdir() if not each.name.startswith("."))
            if folder.exists()
            else []
        )
    except OSError as error:
        reason = error.strerror or "no reason is given"
        return Folder(problems=(f"{folder}: cannot be read, {reason} — check the setting ARTICLES",))
    texts, problems = [], list[str]()
    for path in paths:
        if path.is_dir():
            problems += _in_folder(path, folder)
        elif path.suffix.lower() in {".md", ".markdown"} and path.name.lower() not in IGNORED:
            text, found = _read(path, services)
            texts += [text] if text else []
            problems += [line_of(path, problem) for problem in sorted(set(found))]
    return Folder(tuple(texts), (*problems, *_twice(texts), *_different(texts)))


def line_of(path: Path, problem: Problem) -> str:
    """A problem as it is printed."""
    line, where, text = problem
    return f"{path}:{line}: {where}: {text}" if where else f"{path}:{line}: {text}"


def _in_folder(path: Path, folder: Path) -> Iterator[str]:
    if next(path.rglob("*.md"), None):
        yield f"{path}: articles in a folder of their own are not read — move them into {folder}"


def _read(path: Path, services: Collection[str] | None) -> tuple[ArticleText | None, list[Problem]]:
    named = _NAME.fullmatch(path.name)
    if named is None or len(named["id"]) > ID or named["language"] not in (None, *LANGUAGES):
        what = "at most 60 lower-case letters, digits and single hyphens, then .fr.md or .en.md: wifi.fr.md"
        return None, [Problem(1, "", f"the name of the file — expected {what}")]
    if path.exists() and not path.is_file():  # reading a named pipe would wait for its other end
        return None, [Problem(1, "", "this is not a file — remove it, or name it otherwise")]
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        return None, [Problem(1, "", f"cannot be read, {error.strerror or 'no reason is given'}")]
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return None, [Problem(line, "", "this is not UTF-8 — save the file as UTF-8")]
    parts = split(text)
    front, problems = FrontMatter(), list(parts.problems)
    if not problems:
        front, problems = read_front_matter(parts.document)
    problems += _body(parts.body, parts.body_line) if parts.body_line > 1 else []
    problems += [
        parts.document.problem(("services", index), wrong) for index, wrong in _services(front, services)
    ]
    language, wrong = _language(named["language"], front)
    problems += [parts.document.problem(("language",), wrong)] if wrong else []
    return ArticleText(path, named["id"], language, front, parts.body.strip("\n"), parts.document), problems


def _body(body: str, first_line: int) -> Iterator[Problem]:
    for number, line in enumerate(body.split("\n")):
        for character in line:
            if category(character) in {"Cc", "Cs"} and character != "\t":
                what = f"the character U+{ord(character):04X} cannot be kept"
                yield Problem(first_line + number, "", f"{what} — remove it")
    for number, wrong in body_problems(body):
        yield Problem(first_line + number, "", wrong)


def _services(front: FrontMatter, services: Collection[str] | None) -> Iterator[tuple[int, str]]:
    for index, service in enumerate(front.services):
        if services is not None and service not in services:
            yield index, f"there is no service “{service}” in the catalogue{_near(service, services)}"


def _near(service: str, services: Collection[str]) -> str:
    """The id that may be meant; a catalogue has too many to name them all."""
    meant = did_you_mean(service, services)
    return meant if "did you mean" in meant else " — write the id of one that is, or remove it"


def _language(in_name: str | None, front: FrontMatter) -> tuple[str, str]:
    """The language of a file, and what is wrong with it."""
    if in_name is None and front.language is None:
        return "", "missing — name the file NAME.fr.md or NAME.en.md, or add language: fr or en"
    if in_name and front.language not in (None, in_name):
        return in_name, f"“{front.language}”, but the file’s name says {in_name} — correct one of the two"
    return in_name or front.language or "", ""


def _twice(texts: Sequence[ArticleText]) -> Iterator[str]:
    first: dict[tuple[str, str], ArticleText] = {}
    for text in texts:
        other = first.setdefault((text.id, text.language), text)
        if other is not text and text.language:
            yield text.problem("language", f"{other.path} is this article in {text.language} too — keep one")


def _different(texts: Sequence[ArticleText]) -> Iterator[str]:
    """What the languages of an article must have in common."""
    first: dict[str, ArticleText] = {}
    for text in texts:
        other = first.setdefault(text.id, text)
        if set(text.front.services) != set(other.front.services):
            yield text.problem("services", f"not those of {other.path} — write the same ids in both")
        if text.front.owner != other.front.owner:
            yield text.problem("owner", f"not that of {other.path} — write the same in both")
