"""The page's own words, in French and in English. What the app says is the app's own."""

from markupsafe import Markup

from playground.page.text.words_table import TABLE


class LocalizedText:
    """The words for one reader: `words("send")`, `words("mails", n=2)`, `words("remove", name="a.txt")`."""

    def __init__(self, locale: str) -> None:
        self.language = "fr" if locale.lower().startswith("fr") else "en"
        self.locale = locale
        self._column = 0 if self.language == "fr" else 1

    def __call__(self, key: str, *, n: int | None = None, **values: object) -> str:
        """The words of `key`. With `n`, a text "one|many" gives the form that goes with that number."""
        text = TABLE[key][self._column]
        if n is not None:
            one, _, many = text.partition("|")
            text = one if self._is_one(n) else many or one
        return text.format(n=n, **values) if n is not None or values else text

    def rich(self, key: str, **values: object) -> Markup:
        """The words of `key` around pieces of HTML: what is not Markup is escaped."""
        return Markup(TABLE[key][self._column]).format(**values)

    def _is_one(self, n: int) -> bool:
        return n in (0, 1) if self.language == "fr" else n == 1
