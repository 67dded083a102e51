"""What `guichet catalogue check` says of the articles: file, line, and what to do."""

import os
from datetime import date
from pathlib import Path

import pytest

from bot.articles.contents import read_contents
from bot.articles.folder import Folder, read_folder
from bot.catalogue.file import CatalogueError
from tests.conftest import CATALOGUE, ROOT

FRONT = "---\ntitle: Wi-Fi\nowner: Réseau\nreview: 2027-06-01\nservices: [vpn]\n---\n"
SERVICES = {"vpn", "wifi-eduroam"}


def write(folder: Path, name: str, text: str | bytes) -> None:
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())


def check(folder: Path) -> list[str]:
    """The problems, without the folder's name."""
    return [problem.replace(f"{folder}/", "") for problem in read_folder(folder, SERVICES).problems]


def check_one(folder: Path, text: str | bytes) -> list[str]:
    write(folder, "wifi.fr.md", text)
    return check(folder)


def test_the_shipped_articles_are_written_in_both_languages() -> None:
    contents = read_contents(CATALOGUE, ROOT / "articles")
    names = [article.id for article in contents.articles]
    assert names == [
        "dossier-partage",
        "hameconnage",
        "imprimer",
        "messagerie-mobile",
        "mot-de-passe",
        "videoprojecteur",
        "vpn",
        "wifi",
    ]
    for article in contents.articles:
        assert article.title.fr != article.title.en
        assert article.body.fr != article.body.en
        assert article.keywords.fr
        assert article.keywords.en


def test_an_absent_and_an_empty_folder_have_no_articles(tmp_path: Path) -> None:
    assert read_folder(tmp_path / "none", SERVICES) == Folder()
    assert read_folder(tmp_path, SERVICES) == Folder()


def test_a_language_that_is_not_written_has_the_text_of_the_other(tmp_path: Path) -> None:
    write(tmp_path, "wifi.en.md", FRONT + "Restart.")
    (article,) = read_contents(CATALOGUE, tmp_path).articles
    assert (article.body.fr, article.body.en, article.review_on) == ("Restart.", "Restart.", date(2027, 6, 1))


def test_the_earlier_review_counts(tmp_path: Path) -> None:
    write(tmp_path, "wifi.fr.md", FRONT + "a")
    write(tmp_path, "wifi.en.md", FRONT.replace("2027", "2026") + "a")
    (article,) = read_contents(CATALOGUE, tmp_path).articles
    assert article.review_on == date(2026, 6, 1)


def test_a_name_without_language_takes_it_from_the_front_matter(tmp_path: Path) -> None:
    write(tmp_path, "wifi.md", FRONT.replace("title", "language: en\ntitle") + "Restart.")
    (text,) = read_folder(tmp_path, SERVICES).texts
    assert (text.id, text.language) == ("wifi", "en")


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    write(tmp_path, "wifi.fr.md", b"\xef\xbb\xbf" + (FRONT + "a\n\nb").replace("\n", "\r\n").encode())
    folder = read_folder(tmp_path, SERVICES)
    assert folder.problems == ()
    assert folder.texts[0].body == "a\n\nb"


def test_files_that_are_no_articles_are_left_alone(tmp_path: Path) -> None:
    for name in ("README.md", ".wifi.fr.md.swp", "menu.png"):
        write(tmp_path, name, "x")
    assert check(tmp_path) == []


BODY_LINE = FRONT.count("\n") + 1


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Restart.", "wifi.fr.md:1: the file does not begin with a line “---” — write the title, the owner"),
        ("---\ntitle: Wi-Fi\n", "wifi.fr.md:1: the line “---” that ends the first part is missing — add it"),
        ("---\ntitle: [\n---\na", "wifi.fr.md:2: not valid YAML"),
        ("---\n\n---\na", "wifi.fr.md:1: expected the keys title, language"),
        (FRONT.replace("title:", "titel:") + "a", "wifi.fr.md:2: titel: unknown key — did you mean “title”?"),
        (FRONT.replace("owner: Réseau\n", "") + "a", "owner: missing — expected a text: who answers"),
        (FRONT.replace("Wi-Fi", "W" * 76) + "a", "wifi.fr.md:2: title: 76 characters — expected at most 75"),
        (FRONT.replace("Wi-Fi", "''") + "a", "wifi.fr.md:2: title: empty — expected a text"),
        (
            FRONT.replace("Wi-Fi", "2027") + "a",
            "title: found the number 2027 — expected a text; put it between",
        ),
        (
            FRONT.replace("2027-06-01", "soon") + "a",
            "wifi.fr.md:4: review: found “soon” — expected a date such as",
        ),
        (FRONT.replace("2027-06-01", "2027-13-01") + "a", "wifi.fr.md:4: “2027-13-01” looks like a date"),
        (
            FRONT.replace("vpn", "vpm") + "a",
            "services[0]: there is no service “vpm” in the catalogue — did you mean “vpn”?",
        ),
        (
            FRONT.replace("vpn", "zzzz") + "a",
            "there is no service “zzzz” in the catalogue — write the id of one",
        ),
        (FRONT.replace("[vpn]", "vpn") + "a", "services: found “vpn” — expected a list of ids of services"),
        (
            FRONT.replace("[vpn]", "[vpn, vpn]") + "a",
            "services[1]: “vpn” is written twice — keep one of the two",
        ),
        (
            FRONT.replace("title", "keywords: [1]\ntitle") + "a",
            "keywords[0]: found the number 1 — expected a text",
        ),
        (
            FRONT.replace("title", "keywords: wifi\ntitle") + "a",
            "keywords: found “wifi” — expected a list of words",
        ),
        (FRONT.replace("title", "language: de\ntitle") + "a", "language: found “de” — expected fr or en"),
        (
            FRONT.replace("title", "language: en\ntitle") + "a",
            "“en”, but the file’s name says fr — correct one",
        ),
        (FRONT + " \n", f"wifi.fr.md:{BODY_LINE}: there is no text below the front matter — write the steps"),
        (FRONT.encode("latin-1") + b"a", "wifi.fr.md:3: this is not UTF-8 — save the file as UTF-8"),
        (
            FRONT + "a\n\nb\x07c",
            f"wifi.fr.md:{BODY_LINE + 2}: the character U+0007 cannot be kept — remove it",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line_and_its_remedy(
    tmp_path: Path, text: str | bytes, problem: str
) -> None:
    found = check_one(tmp_path, text)
    assert any(problem in each for each in found), found


@pytest.mark.parametrize(
    ("body", "line", "problem"),
    [
        (
            "ok\n\n[x](http://a.univ.example)",
            2,
            "the link “http://a.univ.example” — expected an address that",
        ),
        ("[x](javascript:alert)", 0, "the link “javascript:alert” — expected"),
        ("[x](page.md)", 0, "the link “page.md” — expected"),
        ("[x](mailto:)", 0, "the link “mailto:” — expected"),
        ("[x](https://)", 0, "the link “https://” — expected"),
        (
            "a\nsee https://a.univ.example now",
            1,
            "“https://a.univ.example” is not a link — put it between “<” and “>”",
        ),
        ("a <b>c</b>", 0, "HTML is not shown — write it in Markdown"),
        ("ok\n\n<div>\nx\n</div>", 2, "HTML is not shown"),
        ("<!-- later -->\n\nok", 0, "HTML is not shown"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", 0, "Slack shows no table there — write a list"),
        ("![](https://a.univ.example/x.png)", 0, "the picture has no description — say between"),
        ("![menu](menu.png)", 0, "the picture “menu.png” — expected an address that begins with https://"),
        (
            "- a\n" * 2 + "".join(" " * 2 * n + "- b\n" for n in range(1, 7)),
            6,
            "inside each other, 6 deep — expected at most 5",
        ),
        ("word " * 2100, 0, "10500 characters — expected at most 10000: make two articles of it"),
        ("a\n\n" + "b" * 3001, 2, "a paragraph of 3001 characters — expected at most 3000"),
        ("```\n" + "b" * 3001 + "\n```", 0, "a code block of 3002 characters — expected at most 3000"),
        ("a\n\n" * 61, 0, "61 paragraphs, lists and headings, more than Slack shows in a window — expected"),
    ],
)
def test_what_slack_cannot_show_is_named_with_what_to_write_instead(
    tmp_path: Path, body: str, line: int, problem: str
) -> None:
    found = check_one(tmp_path, FRONT + body)
    assert any(each.startswith(f"wifi.fr.md:{BODY_LINE + line}: ") and problem in each for each in found), (
        found
    )


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    write(tmp_path, "wifi.fr.md", FRONT.replace("vpn", "fax").replace("2027-06-01", "soon") + "a <b>")
    write(tmp_path, "Wifi 2.fr.md", FRONT + "a")
    assert [problem.split(" — ")[0] for problem in check(tmp_path)] == [
        "Wifi 2.fr.md:1: the name of the file",
        "wifi.fr.md:4: review: found “soon”",
        "wifi.fr.md:5: services[0]: there is no service “fax” in the catalogue",
        f"wifi.fr.md:{BODY_LINE}: HTML is not shown",
    ]


def test_the_mistakes_of_the_catalogue_are_named_with_those_of_the_articles(tmp_path: Path) -> None:
    write(tmp_path, "catalogue.yaml", "sites: []")
    write(tmp_path, "wifi.fr.md", FRONT)
    with pytest.raises(CatalogueError) as refused:
        read_contents(tmp_path / "catalogue.yaml", tmp_path)
    files = {problem.split(":")[0].rpartition("/")[2] for problem in refused.value.problems}
    assert files == {"catalogue.yaml", "wifi.fr.md"}


def test_an_article_twice_in_one_language_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "wifi.fr.md", FRONT + "a")
    write(tmp_path, "wifi.md", FRONT.replace("title", "language: fr\ntitle") + "a")
    assert check(tmp_path) == ["wifi.md:2: language: wifi.fr.md is this article in fr too — keep one"]


def test_the_languages_of_an_article_share_services_and_owner(tmp_path: Path) -> None:
    write(tmp_path, "wifi.en.md", FRONT + "a")
    write(tmp_path, "wifi.fr.md", FRONT.replace("Réseau", "Postes").replace("[vpn]", "[]") + "a")
    assert check(tmp_path) == [
        "wifi.fr.md:5: services: not those of wifi.en.md — write the same ids in both",
        "wifi.fr.md:3: owner: not that of wifi.en.md — write the same in both",
    ]


def test_a_name_that_no_id_can_have_is_refused(tmp_path: Path) -> None:
    for name in ("wifi.de.md", "wifi_2.fr.md", "wifi.fr.markdown"):
        write(tmp_path, name, FRONT + "a")
    assert all("the name of the file — expected at most 60" in problem for problem in check(tmp_path))
    assert len(check(tmp_path)) == 3


def test_articles_in_a_folder_of_their_own_are_not_overlooked(tmp_path: Path) -> None:
    (tmp_path / "reseau").mkdir()
    write(tmp_path, "reseau/wifi.fr.md", FRONT + "a")
    assert check(tmp_path) == [
        f"reseau: articles in a folder of their own are not read — move them into {tmp_path}"
    ]


def test_a_folder_that_is_a_file_is_named_with_its_setting(tmp_path: Path) -> None:
    write(tmp_path, "articles", "x")
    (problem,) = read_folder(tmp_path / "articles", SERVICES).problems
    assert problem.endswith("cannot be read, Not a directory — check the setting ARTICLES")


def test_a_named_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "wifi.fr.md")
    assert check(tmp_path) == ["wifi.fr.md:1: this is not a file — remove it, or name it otherwise"]
