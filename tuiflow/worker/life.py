"""A worker's life: ready, an import, a claim, a run, the end."""

import faulthandler
import os
import sys
import traceback
from typing import NoReturn, assert_never

import tuiflow
from tuiflow.model.control import (
    OWN_ERROR,
    CheckInput,
    ClaimRun,
    Imported,
    ImportFile,
    Ready,
    Refused,
)
from tuiflow.model.failure import describe_exception
from tuiflow.worker.capture import Capture
from tuiflow.worker.checking import check_input
from tuiflow.worker.control import ControlChannel
from tuiflow.worker.importing import ImportedFile, import_file
from tuiflow.worker.preloading import preload
from tuiflow.worker.running import claim_and_run

EXIT_BROKEN = 70  # EX_SOFTWARE of sysexits.h: a bug of ours, not the run's error


def live(control_fd: int) -> NoReturn:
    """Do what the control channel says, and leave without waiting for anybody's threads."""
    code = EXIT_BROKEN
    try:
        code = _serve(ControlChannel(control_fd))
    except BaseException as error:  # noqa: BLE001 - the spool is the only place left to say it
        traceback.print_exc(file=sys.__stderr__)
        print(OWN_ERROR + describe_exception(error).summary, file=sys.__stderr__, flush=True)
    finally:
        os._exit(code)


def _serve(control: ControlChannel) -> int:
    # Kept by a descriptor of its own, since a step may close or redirect the two.
    spool = os.dup(1)
    faulthandler.enable(file=spool)
    capture = Capture(spool)
    imported: ImportedFile | None = None
    control.send(Ready(pid=os.getpid(), python=sys.executable, tuiflow_version=tuiflow.__version__))
    has_preloaded = False
    while True:
        if not has_preloaded and not control.has_order():
            preload()
            has_preloaded = True
        if (order := control.receive()) is None:
            return 0
        match order:
            case ImportFile():
                imported = import_file(order, spool=spool)
                control.send(Imported(report=imported.report))
            case CheckInput():
                control.send(check_input(order, imported))
            case ClaimRun():
                if imported is None:
                    reason = "no file has been imported"
                    control.send(Refused(run_id=order.run_id, reason=reason))
                    continue
                return claim_and_run(order, imported, control, capture)
            case _:
                assert_never(order)
