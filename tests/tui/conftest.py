"""Every screen and widget is waited for in the same way, and its styles are read once."""

from tests.quick_textual import install

install()
