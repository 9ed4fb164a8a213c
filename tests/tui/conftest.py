"""Every screen and widget is waited for in the same way."""

from tests.rest import install

install()
