"""Takes what is pasted as the text it is: nothing that stands in it is a key."""

from collections.abc import Generator, Iterable

from textual import _xterm_parser as xterm  # pyright: ignore[reportPrivateUsage]
from textual.drivers import linux_driver
from textual.events import Paste
from textual.message import Message

_START, _END = "\x1b[200~", "\x1b[201~"


class PastingParser(xterm.XTermParser):
    """Reads a terminal; Textual's own takes an escape sequence in a paste for keys."""

    _before = ""
    """The last that came: the signs around a paste may come in two parts."""
    _pasted: list[str] | None = None

    def feed(self, data: str) -> Iterable[Message]:
        """Give what was typed and pasted; no data is the end."""
        if not data:
            yield from super().feed(data)
        while data:
            data = yield from self._type(data) if self._pasted is None else self._paste(data)

    def _type(self, data: str) -> Generator[Message, None, str]:
        seen = self._before + data
        begun, sign, rest = seen.partition(_START)
        if not sign:
            self._before = seen[1 - len(_START) :]
            yield from super().feed(data)
            return ""
        typed = (begun + sign)[len(self._before) :]
        self._before, self._pasted = "", []
        yield from super().feed(typed)
        return rest

    def _paste(self, data: str) -> Generator[Message, None, str]:
        seen = self._before + data
        pasted = [*(self._pasted or ()), data]
        if _END not in seen:
            self._before, self._pasted = seen[1 - len(_END) :], pasted
            return ""
        text, _, rest = "".join(pasted).partition(_END)
        self._before, self._pasted = "", None
        # For Textual's own, an empty paste ends here.
        tuple(super().feed(_END))
        yield Paste(text.replace("\x00", ""))
        return rest


def take_pastes_whole() -> None:
    """Have Textual read the terminal so, from now on."""
    # Its driver makes one by this name, and can be given no other.
    linux_driver.XTermParser = PastingParser  # pyright: ignore[reportPrivateImportUsage]
