"""blocks.*"""

from collections.abc import Sequence

from playground.block_kit import Problem
from playground.errors import ApiError
from playground.state.workspace import Json
from playground.web_api.call import ApiCall
from playground.web_api.registry import method

_SUBJECTS = ("blocks", "view", "message")


@method("blocks.validate")
def blocks_validate(call: ApiCall) -> Json:
    """Validate blocks, a view or a message."""
    given = [name for name in _SUBJECTS if call.arguments.get(name)]
    if len(given) != 1:
        words = "must provide exactly one of `blocks`, `view`, or `message`"
        raise ApiError("invalid_arguments", messages=[f"[ERROR] {words}"])
    subject = call.arguments[given[0]]
    problems = _problems(call, given[0], subject)
    if problems:
        raise ApiError(f"invalid_{given[0]}", errors=[_error(problem) for problem in problems])
    return {}


def _problems(call: ApiCall, kind: str, subject: object) -> Sequence[Problem]:
    manifest = call.slack.manifest
    if kind == "view":
        return manifest.check_view(subject)
    if kind == "message":
        blocks = subject.get("blocks", []) if isinstance(subject, dict) else None
        return manifest.check_blocks(blocks)
    return manifest.check_blocks(subject, root="")


def _error(problem: Problem) -> Json:
    """Pointers are relative to the given subject. Only the `constraint` of an enumeration is documented."""
    pointer = problem.pointer.removeprefix("/view")
    error: Json = {"code": "failed_constraint", "message": problem.message, "pointer": pointer}
    if problem.expected:
        error["constraint"] = {"type": "enum", "expected": list(problem.expected)}
    return error
