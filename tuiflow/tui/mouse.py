"""Leaves the mouse to the terminal, which then selects text by itself, and takes it back."""

from textual.driver import Driver

# The ways of reporting that Textual asks a terminal for: clicks, moves, and two ways of writing.
_MODES = (1000, 1003, 1015, 1006)


def report_mouse(driver: Driver, *, is_wanted: bool) -> None:
    """Ask the terminal to report the mouse, or to keep it for itself."""
    for mode in _MODES:
        driver.write(f"\x1b[?{mode}{'h' if is_wanted else 'l'}")
    driver.flush()
