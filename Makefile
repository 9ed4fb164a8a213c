PYTHON ?= python3
BIN := .venv/bin
# Tests, bench and screen start hundreds of processes: without bytecode each compiles all modules.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test slow torture coverage check style types bench screenshots recording format

run: .venv/installed
	$(BIN)/tuiflow workflows

test: check
	$(BIN)/pytest -n 3 --dist worksteal

# The same tests where threads, the database and timers answer late: what is flaky fails here.
slow: .venv/ready
	$(BIN)/pytest -p tests.slow_machine -n 3 --dist worksteal

torture: .venv/ready
	$(BIN)/python -m tests.torture --kills 1000
	STOPPED_SECONDS=30 $(BIN)/pytest -q tests/end_to_end/test_screen.py -k stopped
	FLOOD_LINES=1000000 $(BIN)/pytest -q --timeout 600 tests/worker/test_floods.py -k very_many
	HYPOTHESIS_PROFILE=default $(BIN)/pytest -q $$(grep -rl "from hypothesis" tests --include="test_*.py")

# Apart from `test`: counting lines in the screens and in every worker process takes twice the CPU
# (22 s instead of 11 for the tests of screens and probing).
coverage: .venv/ready
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 2
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

check: .venv/ready
	$(MAKE) --no-print-directory --jobs=2 style types

style:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types:
	$(BIN)/pyright

bench: .venv/ready
	$(BIN)/python -m tests.benchmarks

screenshots: .venv/ready
	$(BIN)/python -m tests.screenshots

recording: .venv/ready
	$(BIN)/python -m tests.recording

format: .venv/ready
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# What the screen and the samples need; then what working on tuiflow needs as well.
.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[agents,images]'
	@touch $@

.venv/ready: .venv/installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev
	@touch $@
