"""The tabs of the detail pane, and the letters that choose them."""

from enum import StrEnum


class Tab(StrEnum):
    """What the pane can show; the value is the word on its label."""

    ABOUT = "About"
    ERROR = "Error"
    INPUT = "Input"
    PREVIOUS = "Previous"
    OUTPUT = "Output"
    LOGS = "Logs"
    EVENTS = "Events"


TAB_KEYS = {
    Tab.ERROR: "a",
    Tab.INPUT: "i",
    Tab.PREVIOUS: "p",
    Tab.OUTPUT: "o",
    Tab.LOGS: "L",
    Tab.EVENTS: "e",
}
ALL_TABS = tuple(TAB_KEYS)
BESIDE_TABS = (Tab.ERROR, Tab.OUTPUT, Tab.LOGS, Tab.EVENTS)
"""Where input and previous have panes of their own."""
