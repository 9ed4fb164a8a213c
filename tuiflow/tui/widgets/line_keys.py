"""The keys of a pane of lines."""

from textual.binding import Binding

from tuiflow.tui.widgets.finding import find_bindings

LINE_KEYS = [
    *find_bindings("lines"),
    Binding(
        "V",
        "choose_lines",
        "choose lines",
        show=False,
        id="lines.choose",
        tooltip="Choose whole lines with j and k; y copies them",
    ),
    Binding("j,down", "rows(1)", "down", show=False, id="lines.down", tooltip="One line down"),
    Binding("k,up", "rows(-1)", "up", show=False, id="lines.up", tooltip="One line up"),
    Binding("g,home", "top", "top", show=False, id="lines.top", tooltip="To the beginning"),
    Binding("G,end", "end", "end", show=False, id="lines.end", tooltip="To the end, and follow"),
    Binding(
        "ctrl+d",
        "pages(0.5)",
        "½ down",
        show=False,
        id="lines.half_down",
        tooltip="Half a page down",
    ),
    Binding(
        "ctrl+u",
        "pages(-0.5)",
        "½ up",
        show=False,
        id="lines.half_up",
        tooltip="Half a page up",
    ),
    Binding(
        "pagedown,ctrl+f",
        "pages(1)",
        "page",
        show=False,
        id="lines.page_down",
        tooltip="A page down",
    ),
    Binding(
        "pageup,ctrl+b",
        "pages(-1)",
        "page",
        show=False,
        id="lines.page_up",
        tooltip="A page up",
    ),
    Binding("l,right", "sideways(1)", "right", show=False, id="lines.right", tooltip="Right"),
    Binding("h,left", "sideways(-1)", "left", show=False, id="lines.left", tooltip="Left"),
    Binding(
        "f",
        "toggle_follow",
        "follow",
        show=False,
        id="lines.follow",
        tooltip="Follow new lines",
    ),
    Binding("w", "toggle_wrap", "wrap", show=False, id="lines.wrap", tooltip="Wrap long lines"),
]
