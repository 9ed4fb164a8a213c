"""The keys of a pane of lines."""

from tuiflow.tui.widgets.finding import find_bindings
from tuiflow.tui.widgets.pane_key import pane_key

LINE_KEYS = [
    *find_bindings("lines"),
    pane_key(
        "lines.choose",
        "V",
        "choose_lines",
        "choose lines",
        "Choose whole lines with j and k; y copies them",
    ),
    pane_key("lines.down", "j,down", "rows(1)", "down", "One line down"),
    pane_key("lines.up", "k,up", "rows(-1)", "up", "One line up"),
    pane_key("lines.top", "g,home", "top", "top", "To the beginning"),
    pane_key("lines.end", "G,end", "end", "end", "To the end, and follow"),
    pane_key("lines.half_down", "ctrl+d", "pages(0.5)", "½ down", "Half a page down"),
    pane_key("lines.half_up", "ctrl+u", "pages(-0.5)", "½ up", "Half a page up"),
    pane_key("lines.page_down", "pagedown,ctrl+f", "pages(1)", "page", "A page down"),
    pane_key("lines.page_up", "pageup,ctrl+b", "pages(-1)", "page", "A page up"),
    pane_key("lines.right", "l,right", "sideways(1)", "right", "Right"),
    pane_key("lines.left", "h,left", "sideways(-1)", "left", "Left"),
    pane_key("lines.follow", "f", "toggle_follow", "follow", "Follow new lines"),
    pane_key("lines.wrap", "w", "toggle_wrap", "wrap", "Wrap long lines"),
]
