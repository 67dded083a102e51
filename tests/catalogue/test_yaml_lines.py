"""Both parsers of YAML read the same, libyaml's and PyYAML's own."""

import pytest

from bot.catalogue import yaml_lines
from bot.catalogue.yaml_lines import YamlSyntaxError, parse
from tests.conftest import CATALOGUE

TEXTS = [
    CATALOGUE.read_text("utf-8"),
    "a: &x [1, yes, 2026-11-28, 010, 1.5, ~, off]\nb: *x\n'c': \"é\\u00e9\"\n",
    "d: |\n  e\n  f\ng: >\n  h\n  i\n",
    "- a\n-\n  - {b: c, d: [e]}\n",
    "",
]


@pytest.fixture
def without_libyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_lines, "LibyamlLoader", None)


@pytest.mark.parametrize("text", TEXTS)
def test_both_parsers_find_the_same_on_the_same_lines(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert yaml_lines.LibyamlLoader is not None
    fast = parse(text)
    monkeypatch.setattr(yaml_lines, "LibyamlLoader", None)
    assert parse(text) == fast


@pytest.mark.parametrize(
    "text", ["a: [", "a: b: c", "\t- a", "a: *b", "[" * 5000, 'a: "\\U00110000"', "a: \ud800"]
)
@pytest.mark.usefixtures("without_libyaml")
def test_what_is_no_yaml_is_refused_without_libyaml_too(text: str) -> None:
    with pytest.raises(YamlSyntaxError):
        parse(text)
