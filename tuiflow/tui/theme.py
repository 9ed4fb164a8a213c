"""The colours: two themes of our own, and the style of each status by names any theme has."""

from dataclasses import replace

from textual.theme import Theme

from tuiflow.model.status import Status

TUIFLOW_DARK = Theme(
    name="tuiflow-dark",
    dark=True,
    primary="#5cc8d7",
    secondary="#c792d8",
    accent="#7aa2f7",
    success="#8fc17b",
    warning="#e0b45c",
    error="#ef6b73",
    foreground="#d3d7de",
    background="#14171c",
    surface="#1a1e24",
    panel="#20252d",
    variables={
        "scrollbar": "#343b46",
        "scrollbar-hover": "#4a5463",
        "scrollbar-active": "#5cc8d7",
        "scrollbar-background": "#14171c",
        "scrollbar-background-hover": "#14171c",
        "scrollbar-background-active": "#14171c",
        "scrollbar-corner-color": "#14171c",
        "border": "#7aa2f7",
        "border-blurred": "#353b45",
        "block-cursor-background": "#24404a",
        "block-cursor-foreground": "#e8ebf0",
        "block-cursor-text-style": "none",
        "footer-key-foreground": "#7aa2f7",
        "footer-background": "#14171c",
        "input-selection-background": "#7aa2f7 30%",
        "screen-selection-background": "#7aa2f7 35%",
        "screen-selection-foreground": "#f2f4f8",
    },
)
TUIFLOW_LIGHT = Theme(
    name="tuiflow-light",
    dark=False,
    primary="#0e7c8b",
    secondary="#8a3d9e",
    accent="#2f5fd0",
    success="#3d7a2e",
    warning="#93640a",
    error="#c02f3a",
    foreground="#2b2f36",
    background="#f7f6f3",
    surface="#efeeea",
    panel="#e5e3dd",
    variables={
        "scrollbar": "#cbc8bf",
        "scrollbar-hover": "#b3afa4",
        "scrollbar-active": "#0e7c8b",
        "scrollbar-background": "#f7f6f3",
        "scrollbar-background-hover": "#f7f6f3",
        "scrollbar-background-active": "#f7f6f3",
        "scrollbar-corner-color": "#f7f6f3",
        "border": "#2f5fd0",
        "border-blurred": "#cfccc4",
        "block-cursor-background": "#cfe3e4",
        "block-cursor-foreground": "#1d2025",
        "block-cursor-text-style": "none",
        "footer-key-foreground": "#2f5fd0",
        "footer-background": "#f7f6f3",
        "input-selection-background": "#2f5fd0 25%",
        "screen-selection-background": "#2f5fd0 25%",
        "screen-selection-foreground": "#101216",
    },
)

# Where colours are not wanted they are drawn as greys, and red as the darkest of them.
TUIFLOW_GREY = replace(TUIFLOW_DARK, name="tuiflow-grey", error="#ffffff")

OUR_THEMES = (TUIFLOW_DARK.name, TUIFLOW_LIGHT.name, "ansi-dark", "ansi-light")
"""Those that are made for these screens."""
MUTED = "$foreground 58%"
FAINT = "$foreground 32%"
RETRY = "$warning"
_STATUS_STYLES: dict[Status, str] = {
    Status.PENDING: MUTED,
    Status.RUNNING: "$primary",
    Status.PAUSED: "$warning",
    Status.COMPLETED: "$success",
    Status.ERROR: "bold $error",
    Status.CANCELLED: "$secondary",
    Status.CRASHED: "bold $error",
    Status.SKIPPED: MUTED,
    Status.REUSED: "$success",
}


def status_style(status: Status) -> str:
    """Give a status its style, in words `Content.styled` and `Style.parse` both read."""
    return _STATUS_STYLES[status]
