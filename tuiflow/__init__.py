"""A full-screen terminal monitor for Python workflows, with the engine under it."""

__version__ = "0.1.0"
