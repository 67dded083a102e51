"""What Slack's own client will not do for a person."""


class Refused(Exception):
    """The client stops before, or Slack after, the gesture; `code` in Slack's manner, `detail` a sentence."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
