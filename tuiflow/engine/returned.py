"""Takes what an author's function returned."""

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from tuiflow.engine.step_io import StepOutput


def as_output(value: object) -> StepOutput:
    """Take what an executor returned as it is, or wrap it with its type kept.

    Raises TypeError for a StepOutput that has something else where a word or number belongs.
    """
    if not isinstance(value, StepOutput):
        return StepOutput(content=value)
    if (wrong := next(_misfits(value), None)) is not None:
        raise TypeError(f"StepOutput: {wrong}")
    # A copy: the author may return the same object from every call.
    return replace(value)


def _misfits(output: StepOutput) -> Iterator[str]:
    for name in ("success", "stop"):
        given: object = getattr(output, name)
        if not isinstance(given, bool):
            yield f"{name}= takes True or False, not {type(given).__name__}"
    error = cast("object", output.error)
    if not isinstance(error, str | None):
        yield f"error= takes text, not {type(error).__name__}"
    if output.metrics and (odd := _odd_in(output.metrics)) is not None:
        yield f"metrics= takes a dict of numbers, texts and the like, not {odd}"


def _odd_in(value: object) -> str | None:
    match value:
        case None | bool() | int() | float() | str():
            return None
        case list():
            return next(filter(None, map(_odd_in, cast("list[object]", value))), None)
        case dict():
            by_name = cast("dict[object, object]", value)
            odd = next((key for key in by_name if not isinstance(key, str)), None)
            if odd is not None:
                return f"the key {odd!r}"
            return next(filter(None, map(_odd_in, by_name.values())), None)
        case _:
            return type(value).__name__
