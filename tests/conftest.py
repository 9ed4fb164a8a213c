"""The environment every test starts from, whoever starts it: UTC, colours, no settings."""

import gc
import os
import signal
import time

from hypothesis import settings

for _name in list(os.environ):
    if _name.startswith(("TUIFLOW_", "TEXTUAL")) and _name != "TEXTUAL_SNAPSHOT_TEMPDIR":
        del os.environ[_name]
os.environ.pop("NO_COLOR", None)
os.environ["TZ"] = "UTC"
time.tzset()
# A shell starts what it runs in the background deaf to Ctrl+C, and `nohup` deaf to a lost terminal;
# their children inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
# The same examples each time, so that a change is not blamed for what chance has found; `make
# torture` looks for others.
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
# Each app that a test opens leaves many objects behind; looking through all of them as often as
# Python does by itself took a fifth of the tests' time.
gc.set_threshold(10_000, 20, 20)
