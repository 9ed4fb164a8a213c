"""`python -m tuiflow` is `tuiflow`."""

import sys

from tuiflow.cli import main

sys.exit(main())
