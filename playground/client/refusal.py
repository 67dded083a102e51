"""What Slack's own client does not let a person do."""


class Refused(Exception):
    """Refused by the client or by Slack. `code` is one in Slack's style, `detail` a sentence."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
