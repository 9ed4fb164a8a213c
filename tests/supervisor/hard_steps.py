"""The source of steps that do their best not to be cancelled."""

STEPS = r"""
import asyncio, re, signal, threading
from contextlib import contextmanager
from pathlib import Path

def quick(step_input):
    return "kept"

def ready():
    Path("ready").touch()

def spin(step_input):
    try:
        while True:
            ready()
    finally:
        Path("finally").touch()

@contextmanager
def noted():
    try:
        yield
    finally:
        Path("with").touch()

def inside_with(step_input):
    with noted():
        while True:
            ready()

def naps(step_input):
    try:
        while True:
            ready()
            time.sleep(0.3)
    finally:
        Path("finally").touch()

def sleep(step_input):
    ready()
    time.sleep(3600)

def count(step_input):
    ready()
    sum(range(10**11))

def backtrack(step_input):
    ready()
    re.match("(a+)+$", "a" * 60 + "b")

def swallow(step_input):
    while True:
        try:
            ready()
            time.sleep(0.01)
        except BaseException:
            pass

async def swallow_async(step_input):
    while True:
        try:
            ready()
            await asyncio.sleep(0.01)
        except BaseException:
            pass

async def shielded(step_input):
    async def for_ever():
        while True:
            await asyncio.sleep(0.01)
    ready()
    while True:
        try:
            await asyncio.shield(asyncio.ensure_future(for_ever()))
        except asyncio.CancelledError:
            pass

def clean_a_second(step_input):
    try:
        while True:
            ready()
    finally:
        time.sleep(1)
        Path("finally").touch()

async def clean_a_second_async(step_input):
    try:
        ready()
        await asyncio.sleep(3600)
    finally:
        import anyio
        with anyio.CancelScope(shield=True):
            await asyncio.sleep(1)
        Path("finally").touch()

def clean_for_ever(step_input):
    try:
        while True:
            ready()
    finally:
        while True:
            time.sleep(0.01)

CHILD = [sys.executable, "-c", "import time; open('ready', 'w'); time.sleep(3600)"]
DEAF = CHILD[:2] + [
    "import signal, time; signal.signal(15, signal.SIG_IGN); open('ready', 'w'); time.sleep(3600)"
]

def child(step_input):
    subprocess.run(CHILD)

def child_in_session(step_input):
    subprocess.run(CHILD, start_new_session=True)

def deaf_child(step_input):
    subprocess.Popen(DEAF, start_new_session=True)
    time.sleep(3600)

CLEANING = CHILD[:2] + [
    "import signal, sys, time; signal.signal(15, lambda *_: sys.exit())\n"
    "try:\n    open('ready', 'w'); time.sleep(3600)\n"
    "finally:\n    time.sleep(1); open('finally', 'w')"
]

async def cleaning_child(step_input):
    process = await asyncio.create_subprocess_exec(*CLEANING, start_new_session=True)
    await process.wait()

def forgotten_child(step_input):
    subprocess.run([sys.executable, "-c",
        "import subprocess, sys; subprocess.Popen(sys.argv[1:], start_new_session=True)", *DEAF])
    time.sleep(3600)

def forked_child(step_input):
    if os.fork() == 0:
        os.setsid()
        signal.signal(15, signal.SIG_IGN)
        Path("forked").write_text(str(os.getpid()))
        ready()
        time.sleep(3600)
    time.sleep(3600)

async def child_async(step_input):
    process = await asyncio.create_subprocess_exec(*CHILD, start_new_session=True)
    await process.wait()
"""
