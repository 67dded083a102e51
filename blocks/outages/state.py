"""What a form about an outage keeps."""

from dataclasses import dataclass
from typing import Self

from blocks.kit.values import read_number
from blocks.kit.view_state import Fields, read_submission


@dataclass(frozen=True)
class OutageState:
    """The uuid of a form that declares an outage; the number of the outage that a form amends or resolves."""

    submission: str = ""
    outage_id: int | None = None

    @classmethod
    def load(cls, fields: Fields) -> Self:
        """Raises `StalePayload`."""
        number = fields.get("outage")
        return cls(read_submission(fields), read_number(number) if number else None)

    def dump(self) -> Fields:
        return {"submission": self.submission or None, "outage": self.outage_id}
