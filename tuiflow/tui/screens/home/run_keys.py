"""The keys of the home page."""

from textual.binding import Binding

from tuiflow.tui.screens.panes.tabs import TAB_KEYS, Tab

_TOOLTIPS = {
    Tab.ERROR: "Why the step failed, with its source.",
    Tab.INPUT: "What the step was given.",
    Tab.PREVIOUS: "What the step before it gave.",
    Tab.OUTPUT: "What the step gave.",
    Tab.LOGS: "What the step logged and printed.",
    Tab.EVENTS: "What was recorded of the step.",
}
_PANES = ("Runs", "Steps", "Input", "Previous", "Output")


def _key(
    name: str, key: str, action: str, words: tuple[str, str], *, show: bool = False
) -> Binding:
    description, tooltip = words
    # Before the next key is looked at, which may be meant for what this one opens. Nothing on
    # this page takes text.
    # `n` opens nothing: in a pane that finds text it goes to the next hit.
    is_first = name.startswith("runs.") and key != "n"
    return Binding(key, action, description, id=name, tooltip=tooltip, show=show, priority=is_first)


RUN_KEYS = [
    _key("runs.start", "s", "start", ("Start", "Open the form that starts a run."), show=True),
    _key(
        "runs.cancel",
        "x",
        "cancel",
        ("Cancel", "Ask whether to cancel this run; y answers."),
        show=True,
    ),
    _key("runs.kill", "X", "kill", ("Kill", "Ask whether to kill this run at once.")),
    _key(
        "runs.again",
        "r",
        "again",
        ("Again", "Start once more with the same input; asks while the run goes on."),
        show=True,
    ),
    _key(
        "runs.go_on",
        "R",
        "go_on",
        ("From here", "Resume a run that ended badly, or run it again from this step; asks."),
    ),
    _key(
        "runs.next_failure",
        "exclamation_mark",
        "next_failure",
        ("Next failure", "Go to the next step that failed, then to the slowest of many."),
        show=True,
    ),
    _key(
        "runs.all_events",
        "E",
        "all_events",
        ("Events", "Browse the events of this run, or of all."),
        show=True,
    ),
    _key("runs.new", "n", "new", ("New", "In an empty folder: write workflows/hello.py.")),
    _key("runs.zoom", "z", "zoom", ("Zoom", "Let this pane fill the screen, and back."), show=True),
    _key("panes.copy", "y", "copy", ("Copy", "Copy the text of this pane.")),
    _key("panes.copy_as", "Y", "copy_as", ("Copy as", "Copy all as text, JSON or command line.")),
    _key(
        "panes.view",
        "v",
        "view",
        ("View", "Open all of it in $PAGER, or the failing line in $EDITOR."),
    ),
    _key("panes.save", "S", "save", ("Save", "Write the media shown here to a folder.")),
    _key("panes.next_tab", "right_square_bracket", "turn(1)", ("Next tab", "The next tab.")),
    _key("panes.last_tab", "left_square_bracket", "turn(-1)", ("Last tab", "The tab before.")),
    *(
        _key(f"panes.{tab.value.lower()}", key, f"tab({tab.value!r})", (tab.value, _TOOLTIPS[tab]))
        for tab, key in TAB_KEYS.items()
    ),
    *(
        _key(f"panes.go_{number}", str(number), f"pane({number})", (name, f"Go to pane {number}."))
        for number, name in enumerate(_PANES, start=1)
    ),
]
