"""Has pictures decoded while the screen goes on, and keeps the last few at hand."""

from collections import OrderedDict
from collections.abc import Callable, Coroutine, Sequence
from typing import Protocol

from textual.content import Content
from textual.geometry import Size

from tuiflow.errors import TuiflowError
from tuiflow.model.stored_medium import StoredMedium
from tuiflow.model.words import medium_words
from tuiflow.service import Picture, Service
from tuiflow.tui.safe_text import safe_line
from tuiflow.tui.theme import FAINT, MUTED
from tuiflow.tui.widgets.picture_lines import picture_lines

LONGEST_MEDIUM = 300  # cells
MOST_SHOWN = 12  # pictures of one step; of more only the first are drawn
_KEPT = 48
_TALLEST, _WIDEST = 24, 100  # cells of a picture
_Key = tuple[str, int, int]


class Work(Protocol):
    """Whatever does something in the background."""

    def __call__(self, doing: Coroutine[object, object, None]) -> object:
        """Do it."""
        ...


class Pictures:
    """Gives what is known of media, and their pictures once there are some."""

    def __init__(self, service: Service, work: Work, told: Callable[[], object]) -> None:
        self._service = service
        self._work = work
        self._told = told
        self._kept: OrderedDict[_Key, Picture | None] = OrderedDict()
        self._waiting: list[tuple[StoredMedium, _Key]] = []
        self.version = 0
        """Grows with every picture that has come."""

    def lines(self, media: Sequence[StoredMedium], room: Size) -> list[Content]:
        """Show a line for each medium, its picture below it, and a blank line behind them."""
        lines: list[Content] = []
        drawn = 0
        for medium in media:
            words = safe_line(medium_words(medium), LONGEST_MEDIUM)
            lines.append(Content.assemble(words, ("   S saves", FAINT)))
            if medium.kind == "image" and medium.digest and drawn < MOST_SHOWN:
                drawn += 1
                lines += self._drawn(medium, room)
        return [*lines, Content()] if lines else []

    def _drawn(self, medium: StoredMedium, room: Size) -> list[Content]:
        if self._service.settings.ascii or room.width < 1:
            return []
        columns = min(room.width, _WIDEST)
        rows = min(max(room.height - 2, 4), _TALLEST)
        key = (medium.digest or "", columns, rows * 2)
        if key not in self._kept:
            self._ask(medium, key)
        self._kept.move_to_end(key)
        picture = self._kept[key]
        if picture is None:
            return [Content.styled("…", FAINT)]
        if picture.problem:
            return [Content.styled(safe_line(picture.problem, LONGEST_MEDIUM), MUTED)]
        return picture_lines(picture)

    def _ask(self, medium: StoredMedium, key: _Key) -> None:
        self._kept[key] = None
        is_idle = not self._waiting
        self._waiting.append((medium, key))
        if is_idle:
            self._work(self._decode())

    async def _read(self, medium: StoredMedium, key: _Key) -> Picture:
        try:
            return await self._service.read_picture(medium, *key[1:])
        except (TuiflowError, OSError) as error:
            return Picture(problem=str(error))

    async def _decode(self) -> None:
        """Decode what is waited for, one after the other: a picture may take all the memory."""
        while self._waiting:
            medium, key = self._waiting[0]
            if key in self._kept:
                self._kept[key] = await self._read(medium, key)
                self.version += 1
                self._told()
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            self._waiting.pop(0)
