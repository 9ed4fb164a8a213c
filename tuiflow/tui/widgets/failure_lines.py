"""Tells a failure in lines: what, where, in which source, and what caused it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import PurePath

from textual.content import Content

from tuiflow.model.failure import Failure, Frame
from tuiflow.tui.safe_text import safe_line, safe_text
from tuiflow.tui.theme import FAINT, MUTED
from tuiflow.tui.widgets.opening import Opening
from tuiflow.tui.widgets.paint import Piece

SourceLines = Mapping[tuple[str, int], Sequence[tuple[int, str]]]
"""Lines of source around a frame, by the frame's file and line."""

DEEPEST = 8  # causes of causes that are told


def failure_lines(
    failure: Failure, *, source: SourceLines | None = None, folder: str = ""
) -> list[Content]:
    """Tell a failure, innermost frame first; files under `folder` are named from there on.

    What it went through in code of others is folded.
    """
    return list(_failure(failure, source or {}, folder, (0,)))


def _failure(
    failure: Failure, source: SourceLines, folder: str, place: tuple[int, ...]
) -> Iterator[Content]:
    yield from _headline(failure)
    for note in failure.notes:
        yield from (_line((line, "$warning")) for line in safe_text(note).split("\n"))
    if failure.frames:
        yield _line()
        yield from _frames(failure.frames, source, folder, place)
    if len(place) > DEEPEST:
        return
    if failure.cause is not None:
        yield _line()
        yield _line(("caused by", MUTED))
        yield from _failure(failure.cause, source, folder, (*place, 0))
    for number, member in enumerate(failure.members, 1):
        yield _line()
        yield _line((f"{number} of {len(failure.members)}", MUTED))
        yield from _failure(member, source, folder, (*place, number))


def _headline(failure: Failure) -> Iterator[Content]:
    first, *rest = safe_text(failure.message).split("\n")
    kind = safe_line(failure.type, 200)
    yield _line((kind, "bold $error"), (f": {first}" if first else "", "$error"))
    yield from (_line((line, "$error")) for line in rest)


def _frames(
    frames: Sequence[Frame], source: SourceLines, folder: str, place: tuple[int, ...]
) -> Iterator[Content]:
    innermost, *others = reversed(frames)
    if innermost.library in {"", "tuiflow"}:
        others = [innermost, *others]
    else:
        yield from _frame(innermost, source, folder)
    at = len(others)
    for is_library, group in groupby(others, lambda frame: bool(frame.library)):
        part = list(group)
        if is_library:
            lines = [line for frame in part for line in _frame(frame, source, folder)]
            yield _folded(part, len(lines), (*place, at))
            yield from lines
        else:
            yield from _authors(part, source, folder)
        at -= len(part)


def _authors(frames: Sequence[Frame], source: SourceLines, folder: str) -> Iterator[Content]:
    for frame, same in groupby(frames):
        yield from _frame(frame, source, folder)
        if count := len(list(same)) - 1:
            yield _line((f"  … {count} more of the same", FAINT))


def _folded(frames: Sequence[Frame], inside: int, place: tuple[int, ...]) -> Content:
    names = ", ".join(dict.fromkeys(safe_line(frame.library, 40) for frame in frames))
    count = "1 frame" if len(frames) == 1 else f"{len(frames)} frames"
    told = _line((f"  … {count} of {names}", FAINT))
    return Opening(told, inside=inside, folded=told, key=f"\n{place}", is_aside=True)


def _frame(frame: Frame, source: SourceLines, folder: str) -> Iterator[Content]:
    yield _line(
        ("  ", ""),
        (safe_line(_short(frame, folder), 300), "$accent"),
        (f":{frame.line}", "$accent"),
        ("  in ", MUTED),
        (safe_line(frame.function, 200), ""),
    )
    around = source.get((frame.file, frame.line))
    if around is None:
        if frame.source:
            yield _line(("      ", ""), (safe_line(frame.source, 500), MUTED))
        return
    digits = len(str(max((number for number, _ in around), default=0)))
    for number, text in around:
        is_here = number == frame.line
        line = safe_line(text.rstrip("\n"), 500)
        yield _line(
            ("    ▸ " if is_here else "      ", "$error"),
            (f"{number:>{digits}}  ", MUTED if is_here else FAINT),
            (line, "bold" if is_here else MUTED),
        )


def _short(frame: Frame, folder: str) -> str:
    if path := frame.library_path:
        return f"…/{path}"
    file = PurePath(frame.file)
    is_inside = folder and file.is_relative_to(folder)
    return str(file.relative_to(folder)) if is_inside else frame.file


def _line(*pieces: Piece) -> Content:
    return Content.assemble(*[(text, style) for text, style in pieces if text])
