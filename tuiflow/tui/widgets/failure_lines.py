"""Tells a failure in lines: what, where, in which source, and what caused it. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

from textual.content import Content

from tuiflow.model.failure import Failure, Frame
from tuiflow.tui.safe_text import safe_line, safe_text
from tuiflow.tui.theme import FAINT, MUTED
from tuiflow.tui.widgets.paint import Piece

SourceLines = Mapping[tuple[str, int], Sequence[tuple[int, str]]]
"""Lines of source around a frame, by the frame's file and line."""

DEEPEST = 8  # causes of causes that are told
_OURS = re.compile(
    r"(?:^|[/\\])tuiflow[/\\](?:engine|workflow|worker|store|supervisor|service|model)[/\\]"
)


def failure_lines(
    failure: Failure, *, source: SourceLines | None = None, folder: str = ""
) -> list[Content]:
    """Tell a failure, innermost frame first; files under `folder` are named from there on."""
    return [_content(pieces) for pieces in _failure(failure, source or {}, folder, 0)]


def is_ours(frame: Frame) -> bool:
    """Say whether a frame stands in tuiflow itself, where no author's mistake is."""
    return _OURS.search(frame.file) is not None


def _failure(
    failure: Failure, source: SourceLines, folder: str, depth: int
) -> Iterator[list[Piece]]:
    yield from _headline(failure)
    for note in failure.notes:
        yield from ([(line, "$warning")] for line in safe_text(note).split("\n"))
    if failure.frames:
        yield []
        yield from _frames(failure.frames, source, folder)
    if depth >= DEEPEST:
        return
    if failure.cause is not None:
        yield []
        yield [("caused by", MUTED)]
        yield from _failure(failure.cause, source, folder, depth + 1)
    for number, member in enumerate(failure.members, 1):
        yield []
        yield [(f"{number} of {len(failure.members)}", MUTED)]
        yield from _failure(member, source, folder, depth + 1)


def _headline(failure: Failure) -> Iterator[list[Piece]]:
    first, *rest = safe_text(failure.message).split("\n")
    kind = safe_line(failure.type, 200)
    yield [(kind, "bold $error"), (f": {first}" if first else "", "$error")]
    yield from ([(line, "$error")] for line in rest)


def _frames(frames: Sequence[Frame], source: SourceLines, folder: str) -> Iterator[list[Piece]]:
    ours = 0
    for frame in reversed(frames):
        if is_ours(frame):
            ours += 1
            continue
        yield from _folded(ours)
        ours = 0
        yield from _frame(frame, source, folder)
    yield from _folded(ours)


def _folded(count: int) -> Iterator[list[Piece]]:
    if count:
        frames = "1 frame" if count == 1 else f"{count} frames"
        yield [(f"  … {frames} of tuiflow itself", FAINT)]


def _frame(frame: Frame, source: SourceLines, folder: str) -> Iterator[list[Piece]]:
    yield [
        ("  ", ""),
        (safe_line(_short(frame.file, folder), 300), "$accent"),
        (f":{frame.line}", "$accent"),
        ("  in ", MUTED),
        (safe_line(frame.function, 200), ""),
    ]
    around = source.get((frame.file, frame.line))
    if around is None:
        if frame.source:
            yield [("      ", ""), (safe_line(frame.source, 500), MUTED)]
        return
    digits = len(str(max((number for number, _ in around), default=0)))
    for number, text in around:
        is_here = number == frame.line
        line = safe_line(text.rstrip("\n"), 500)
        yield [
            ("    ▸ " if is_here else "      ", "$error"),
            (f"{number:>{digits}}  ", MUTED if is_here else FAINT),
            (line, "bold" if is_here else MUTED),
        ]


def _short(file: str, folder: str) -> str:
    path = PurePath(file)
    if folder and path.is_relative_to(folder):
        return str(path.relative_to(folder))
    parts = path.parts
    return str(PurePath("…", *parts[-3:])) if "site-packages" in parts else file


def _content(pieces: Sequence[Piece]) -> Content:
    return Content.assemble(*[(text, style) for text, style in pieces if text])
