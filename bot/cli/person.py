"""`guichet person`: what is known of one person."""

from typing import Annotated

import typer

PersonId = Annotated[str, typer.Argument(metavar="ID", help="Their Slack member ID, such as U012AB3CD.")]
