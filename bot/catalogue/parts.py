"""What every part of `catalogue.yaml` is made of: strict parts, texts in two languages, and refusals."""

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

LANGUAGES = ("fr", "en")


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, str_strip_whitespace=True)


class Text(Part):
    """A text in French and in English; French stands for both where English is not written."""

    fr: str = Field(min_length=1)
    en: str = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _french_for_both(cls, value: object) -> object:
        if isinstance(value, str):
            return {"fr": value, "en": value}
        if isinstance(value, dict) and "fr" in value:
            return {"en": value["fr"], **value}
        return value


def at_most(limit: int) -> AfterValidator:
    """Texts of at most so many characters in each language."""

    def check(text: Text) -> Text:
        lengths = {language: len(words) for language, words in text if len(words) > limit}
        if lengths:
            raise PydanticCustomError("text_too_long", "too long", {"lengths": lengths, "limit": limit})
        return text

    return AfterValidator(check)


def refused(sentence: str) -> PydanticCustomError:
    """An error whose problem is this sentence: what is wrong, and what to write."""
    return PydanticCustomError("refused", "{sentence}", {"sentence": sentence})
