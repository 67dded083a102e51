"""Reads YAML with the line of each part, for error messages.

Lists become tuples, keys are always texts, and a duplicate key is a problem.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from unicodedata import category

import yaml
from yaml.composer import Composer
from yaml.constructor import SafeConstructor
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.resolver import Resolver
from yaml.scanner import Scanner

Path = tuple[str | int, ...]
REPEATED_MAX = 100_000  # parts that aliases stand for; a large catalogue has some 10,000 in all
LONG = 100  # characters of a text that count as one more part


class Problem(NamedTuple):
    """One thing to correct; problems sort in the order of the file."""

    line: int
    path: str
    text: str


class YamlSyntaxError(ValueError):
    """The text is not YAML."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.problem = Problem(line, "", text)


@dataclass
class Document:
    data: object = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def known(self, path: Path) -> Path:
        """The longest prefix of the path that is in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return path

    def line(self, path: Path) -> int:
        return self.lines.get(self.known(path), 1)

    def problem(self, path: Path, text: str) -> Problem:
        return Problem(self.line(path), show(path), text)


def show(path: Path) -> str:
    """`("catalogue", 0, "name")` as a person reads it: `catalogue[0].name`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


class _Loader(Composer, SafeConstructor, Resolver):
    """Refuses aliases of aliases of aliases ("billion laughs"), of which a few lines fill the memory."""

    check_event: Any  # of the parser, as the next one
    peek_event: Any

    def __init__(self) -> None:
        Composer.__init__(self)
        SafeConstructor.__init__(self)
        Resolver.__init__(self)
        self._sizes: dict[yaml.Node, int] = {}
        self._repeated = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        is_alias = self.check_event(yaml.AliasEvent)
        mark = self.peek_event().start_mark
        node = super().compose_node(parent, index)
        if node is not None and not is_alias:
            self._sizes[node] = 1 + sum(map(self._size, _inside(node))) + len(node.value) // LONG
        elif node is not None:
            self._repeated += self._size(node)
            if self._repeated > REPEATED_MAX:
                raise YamlSyntaxError(_line(mark), "the aliases (“*”) repeat too much — write it out")
        return node

    def _size(self, node: yaml.Node) -> int:
        return self._sizes.get(node, 1)  # one that contains itself has none yet


LibyamlLoader: Callable[[str], _Loader] | None = None
with suppress(ImportError):  # PyYAML may have been built without libyaml
    from yaml._yaml import CParser

    class _LibyamlLoader(_Loader, CParser):
        """Finds the same nodes on the same lines; its errors are not used."""

        def __init__(self, text: str) -> None:
            CParser.__init__(self, text)
            super().__init__()

    LibyamlLoader = _LibyamlLoader


class _PythonLoader(_Loader, Reader, Scanner, Parser):
    """Its errors say what is wrong."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)
        super().__init__()


def _inside(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [each for pair in node.value for each in pair]
    return node.value if isinstance(node, yaml.SequenceNode) else []


def parse(text: str) -> Document:
    """The text as data with its lines, or `YamlSyntaxError`."""
    if LibyamlLoader is not None:  # ten times faster
        with suppress(yaml.YAMLError, ValueError, OverflowError, RecursionError):
            return _document(LibyamlLoader(text))
    try:
        loader = _PythonLoader(text)
        return _document(loader)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        what = f"the character U+{int(error.character):04X} is not allowed in YAML"
        raise YamlSyntaxError(line, f"{what} — remove it") from error
    except YamlSyntaxError:
        raise
    except (OverflowError, ValueError) as error:  # of PyYAML's scanner, at “\UFFFFFFFF”
        what = "the escape “\\U” names no character"
        raise YamlSyntaxError(loader.line + 1, f"{what} — write the character itself") from error
    except yaml.MarkedYAMLError as error:
        raise YamlSyntaxError(_line(error.problem_mark or error.context_mark), _sentence(error)) from error
    except RecursionError as error:
        raise YamlSyntaxError(1, "the lists and mappings are nested too deeply — flatten them") from error


def _document(loader: _Loader) -> Document:
    document = Document()
    node = loader.get_single_node()
    if node is not None:
        document.data = _build(loader, node, (), document, ())
    return document


def _build(
    loader: _Loader, node: yaml.Node, path: Path, document: Document, inside: tuple[yaml.Node, ...]
) -> object:
    if node in inside:
        raise YamlSyntaxError(_line(node.start_mark), "an alias contains itself — write its contents out")
    document.lines.setdefault(path, _line(node.start_mark))
    inside = (*inside, node)
    if isinstance(node, yaml.SequenceNode):
        return tuple(
            _build(loader, item, (*path, index), document, inside) for index, item in enumerate(node.value)
        )
    if isinstance(node, yaml.MappingNode):
        return _mapping(loader, node, path, document, inside)
    line = _line(node.start_mark)
    _check_characters(str(node.value), line)
    try:
        return loader.construct_object(node)
    except (AttributeError, LookupError, ValueError) as error:  # PyYAML's, at “!!timestamp x”, “!!bool x”
        what = f"“{node.value}” looks like a date or a number and is none"
        raise YamlSyntaxError(line, f"{what} — put it between quotes") from error


def _check_characters(text: str, line: int) -> None:
    """Refuse characters that are written as escapes, such as “\\0”, and that no database stores."""
    if found := next(
        (each for each in text if each not in "\t\n\r" and category(each) in {"Cc", "Cs"}), None
    ):
        what = f"the character U+{ord(found):04X} is written as an escape and cannot be kept"
        raise YamlSyntaxError(line, f"{what} — remove it")


def _mapping(
    loader: _Loader,
    node: yaml.MappingNode,
    path: Path,
    document: Document,
    inside: tuple[yaml.Node, ...],
) -> dict[str, object]:
    built: dict[str, object] = {}
    for key_node, value_node in node.value:
        line = _line(key_node.start_mark)
        if not isinstance(key_node, yaml.ScalarNode):
            raise YamlSyntaxError(line, "a key is a list or a mapping — expected a word before the colon")
        key = str(key_node.value)
        _check_characters(key, line)
        here = (*path, key)
        if key in built:
            text = f"this key is already on line {document.line(here)} — keep one of the two"
            document.problems.append(Problem(line, show(here), text))
            continue
        document.lines[here] = line
        built[key] = _build(loader, value_node, here, document, inside)
    return built


def _line(mark: yaml.Mark | None) -> int:
    return mark.line + 1 if mark else 1


ADVICE = {
    "mapping values are not allowed here": "put a text that contains a colon between double quotes",
    "found character '\\t' that cannot start any token": "indent with spaces, not with tabs",
    "could not determine a constructor for the tag": "remove the word that begins with “!”",
    "but found another document": "keep one document and remove the line “---”",
    "found undefined alias": "put a text that begins with “*” between double quotes",
}


def _sentence(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or error.context or "unreadable"
    otherwise = "check the indentation, the quotes and the brackets on this line and the one above"
    advice = next((advice for begin, advice in ADVICE.items() if problem.startswith(begin)), otherwise)
    return f"not valid YAML, {problem} — {advice}"
