"""A list whose rows are found by a text: the hits, how many, and from one to the next."""

from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar

from tuiflow.tui.titles import set_subtitle
from tuiflow.tui.widgets.finding import FindScreen, found_line
from tuiflow.tui.widgets.line_list import LineList
from tuiflow.tui.widgets.pane_key import Told, told_keys

Place = TypeVar("Place", bound=str)


class FindingList(LineList, Generic[Place]):
    """A subclass looks for the text, and says where the cursor stands and how it moves there."""

    TOLD_KEYS: ClassVar[Told] = ()
    _told_keys = ""
    _wanted_text = ""
    _hits: Sequence[Place] = ()
    _last_text = ""

    def find(self, text: str) -> str:
        """Look for a text; gives the count, such as `3/17`."""
        raise NotImplementedError

    def move_to(self, place: Place) -> bool:
        """Put the cursor on a row; say whether it is there."""
        raise NotImplementedError

    @property
    def cursor_place(self) -> Place | None:
        """What `move_to` would take to come here again."""
        raise NotImplementedError

    @property
    def found(self) -> str:
        """Where among the hits the cursor stands: `3/17`."""
        return f"{self._at() + 1}/{len(self._hits)}" if self._hits else "no hit"

    def _at(self) -> int:
        here = self.cursor_place
        return self._hits.index(here) if here is not None and here in self._hits else -1

    def _say_found(self) -> None:
        found = found_line(self._wanted_text, self.found) if self._wanted_text else self._told_keys
        set_subtitle(self, found)

    @property
    def keys_to_tell(self) -> Told:
        """The keys that the border names just now, while the pane has the focus."""
        return self.TOLD_KEYS

    def tell_keys(self, *, has_focus: bool) -> None:
        """Name them, or none without the focus."""
        self._told_keys = told_keys(self, self.keys_to_tell) if has_focus else ""
        self._say_found()

    def on_focus(self) -> None:
        super().on_focus()
        self.tell_keys(has_focus=True)

    def on_blur(self) -> None:
        super().on_blur()
        self.tell_keys(has_focus=False)

    def go_to_hit(self) -> None:
        """Put the cursor on the first hit, unless it stands on one."""
        if self._hits and self._at() < 0:
            self.move_to(self._hits[0])

    def action_find(self) -> None:
        wanted, last = self._wanted_text, self._last_text
        tip = "!text finds the others"
        screen = FindScreen(self.find, lambda: self.found, wanted, last=last, tip=tip)
        self.app.push_screen(screen)

    def action_find_next(self, step: int) -> None:
        if self._hits:
            at = self._at()
            self._moved = True
            self.move_to(self._hits[(at + step) % len(self._hits) if at >= 0 else 0])

    def action_find_end(self) -> None:
        self._last_text = self._wanted_text
        self.find("")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # Else the keys mean what they mean on the page.
        if action in {"find_next", "find_end"}:
            return bool(self._wanted_text)
        return super().check_action(action, parameters)
