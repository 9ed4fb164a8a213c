"""Makes lines of text that arrives in pieces."""

LONGEST_LINE = 16_384  # characters; a longer line is cut into pieces


class LineCutter:
    """Gives whole lines, and keeps what has no end yet."""

    def __init__(self) -> None:
        self._rest = ""

    def feed(self, text: str) -> list[str]:
        """Take more text and give the lines it completes, without their ends."""
        *whole, self._rest = (self._rest + text).split("\n")
        lines = [piece for line in whole for piece in _pieces(_last_drawn(line))]
        if "\r" in self._rest:
            self._rest = _last_drawn(self._rest) + ("\r" if self._rest.endswith("\r") else "")
        if len(self._rest) > LONGEST_LINE:
            *more, self._rest = _pieces(self._rest)
            lines += more
        return lines

    def finish(self) -> list[str]:
        """Give what is left of a line that never ended."""
        rest, self._rest = _last_drawn(self._rest), ""
        return _pieces(rest) if rest else []


def _last_drawn(line: str) -> str:
    # A progress bar draws over itself with carriage returns: only its last state is a line.
    return line.rstrip("\r").rpartition("\r")[2]


def _pieces(line: str) -> list[str]:
    if len(line) <= LONGEST_LINE:
        return [line]
    return [line[at : at + LONGEST_LINE] for at in range(0, len(line), LONGEST_LINE)]
