from textwrap import dedent

from tests.supervisor.project import Project, Runs, runs_of
from tuiflow.model.ids import RunId
from tuiflow.model.status import Status


async def logs_of(project: Project, text: str) -> list[tuple[str, str, str, str]]:
    async with runs_of(project) as runs:
        run_id = await run(runs, project, text)
        return await runs.logs(run_id)


async def run(runs: Runs, project: Project, text: str) -> RunId:
    report = await runs.workers.probe(project.write("flow.py", text))
    assert report.failure is None
    run_id = await runs.start(report, "w")
    await runs.ended(run_id)
    return run_id


async def test_print_belongs_to_the_step_that_said_it_also_from_parallel_branches(
    project: Project,
):
    logs = await logs_of(
        project,
        """
        def speak(name):
            def step(step_input):
                for n in range(3):
                    print(name, n)
                    time.sleep(0.01)
                print(name, "to stderr", file=sys.stderr)
            return Step(name=name, executor=step)

        sys.stdout.reconfigure(encoding="utf-8", line_buffering=True)  # as many scripts do
        print("at import")
        workflow = Workflow(name="w", steps=[Parallel(speak("a"), speak("b"))])
        """,
    )

    for name in ("a", "b"):
        path = f"w/parallel_1/{name}"
        assert [log[1:] for log in logs if log[0] == path] == [
            *(("stdout", "info", f"{name} {n}") for n in range(3)),
            ("stderr", "info", f"{name} to stderr"),
        ]
    assert len(logs) == 8


async def test_logging_keeps_its_level_and_format_and_a_warning_is_said_too(project: Project):
    step = dedent(
        """
        import warnings

        def step(step_input):
            logging.getLogger("db").debug("slow")
            logging.getLogger("db").info("%s rows", 3)
            logging.error("no")
            warnings.warn("careful")

        workflow = Workflow(name="w", steps=[Step(name="s", executor=step)])
        """
    )

    plain = await logs_of(project, step)
    own = await logs_of(
        project, f'logging.basicConfig(format="<%(message)s>", level=logging.DEBUG)\n{step}'
    )

    assert plain[:2] == [
        ("w/s", "logging", "info", "db: 3 rows"),
        ("w/s", "logging", "error", "no"),
    ]
    assert plain[2][:2] == ("w/s", "stderr")
    assert plain[2][3].endswith("UserWarning: careful")
    assert [log[2:] for log in own if log[1] == "logging"] == [
        ("debug", "<slow>"),
        ("info", "<3 rows>"),
        ("error", "<no>"),
    ]


async def test_all_that_is_written_stands_in_order_at_the_step_that_wrote_it(project: Project):
    logs = await logs_of(
        project,
        r"""
        import ctypes

        libc = ctypes.CDLL(None)

        def step(step_input):
            print("before")
            subprocess.run(["sh", "-c", "echo out; echo err >&2"])
            print("between")
            os.write(2, b"raw \xff\n")
            logging.warning("said")
            libc.puts(b"from C")
            libc.fflush(None)
            subprocess.run(["printf", "no end"])

        def other(step_input):
            subprocess.run(["echo", "another"])

        workflow = Workflow(name="w", steps=[
            Step(name="s", executor=step), Step(name="t", executor=other),
        ])
        """,
    )

    texts = ["before", "out", "err", "between", "raw \ufffd", "said", "from C", "no end"]
    assert [(log[0], log[3]) for log in logs] == [
        *(("w/s", text) for text in texts),
        ("w/t", "another"),
    ]


async def test_everything_a_child_wrote_stands_before_the_end_of_the_run(project: Project):
    async with runs_of(project) as runs:
        run_id = await run(
            runs,
            project,
            """
            def step(step_input):
                subprocess.run(["seq", "20000"])

            workflow = Workflow(name="w", steps=[Step(name="s", executor=step)])
            """,
        )

        events = await runs.store.events_after(run_id, 0, limit=50_000)

        assert [event.text for event in events if event.kind == "StepLog"] == [
            str(n) for n in range(1, 20_001)
        ]
        assert events[-1].event == "WorkflowCompleted"


async def test_what_a_forked_child_prints_and_logs_is_said_by_its_step(project: Project):
    logs = await logs_of(
        project,
        """
        import multiprocessing

        def double(number):
            print("doubling", number)
            logging.warning("halving %s", number)
            return 2 * number

        def step(step_input):
            for _ in range(6):
                # Leaving it ends its processes by a signal, which is none to the worker.
                with multiprocessing.get_context("fork").Pool(2) as pool:
                    pool.map(double, range(3))

        workflow = Workflow(name="w", steps=[step])
        """,
    )

    said = sorted((path, text) for path, *_, text in logs)
    words = [f"{verb} {number}" for verb in ("doubling", "halving") for number in range(3)]
    assert said == [("w/step", word) for word in words for _ in range(6)]


async def test_a_line_without_an_end_is_said_before_its_step_ends(project: Project):
    async with runs_of(project) as runs:
        run_id = await run(
            runs,
            project,
            """
            def step(step_input):
                print("dots ...", end="", flush=True)

            workflow = Workflow(name="w", steps=[Step(name="s", executor=step)])
            """,
        )

        kinds = [event.event for event in await runs.events(run_id)]

        assert kinds.index("StepLog") < kinds.index("StepCompleted")
        assert await runs.logs(run_id) == [("w/s", "stdout", "info", "dots ...")]


async def test_asking_the_terminal_fails_the_step_with_what_to_do(project: Project):
    for call in ("input('name? ')", "breakpoint()"):
        async with runs_of(project) as runs:
            run_id = await run(
                runs,
                project,
                f"""
                def step(step_input):
                    return {call}

                workflow = Workflow(name="w", steps=[Step(name="s", executor=step)])
                """,
            )

            ended = await runs.ended(run_id)

            assert ended.status is Status.ERROR
            assert ended.failure is not None
            assert "run the script in the foreground" in ended.failure.message


async def test_what_a_step_starts_knows_its_run_and_not_the_control_channel(project: Project):
    async with runs_of(project) as runs:
        run_id = await run(
            runs,
            project,
            """
            def step(step_input):
                script = "import os; print(os.environ['TUIFLOW_RUN_ID'], *os.listdir('/dev/fd'))"
                child = [sys.executable, "-c", script]
                said = subprocess.run(child, close_fds=False, capture_output=True, text=True)
                return said.stdout.split()

            workflow = Workflow(name="w", steps=[Step(name="s", executor=step)])
            """,
        )

        ended = await runs.ended(run_id)

        assert ended.content is not None
        assert ended.content.value[0] == run_id
        assert set(ended.content.value[1:]) <= {"0", "1", "2", "3"}
