"""The page's own texts, in French and English. The app's texts are not translated."""

from markupsafe import Markup

from playground.page.text.translations import TABLE


class LocalizedText:
    """The texts for one reader: `words("send")`, `words("mails", n=2)`, `words("remove", name="a.txt")`."""

    def __init__(self, locale: str) -> None:
        self.language = "fr" if locale.lower().startswith("fr") else "en"
        self.locale = locale
        self._column = 0 if self.language == "fr" else 1

    def __call__(self, key: str, *, n: int | None = None, **values: object) -> str:
        """The text of `key`. With `n`, a text "one|many" gives the form for that number."""
        text = TABLE[key][self._column]
        if n is not None:
            one, _, many = text.partition("|")
            text = one if self._is_one(n) else many or one
        return text.format(n=n, **values) if n is not None or values else text

    def rich(self, key: str, **values: object) -> Markup:
        """The text of `key` with HTML values: those that are not Markup are escaped."""
        return Markup(TABLE[key][self._column]).format(**values)

    def _is_one(self, n: int) -> bool:
        return n in (0, 1) if self.language == "fr" else n == 1
