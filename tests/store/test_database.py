import logging
import stat
from pathlib import Path

import pytest

from tuiflow.errors import DatabaseUnusableError, NotSupportedError, StoreError
from tuiflow.store import PostgresDb, SqliteDb, database, open_store, resolve_db
from tuiflow.store.database import is_shared_mount


def settings_say(project: Path, db: str) -> None:
    (project / "pyproject.toml").write_text(f'[tool.tuiflow]\ndb = "{db}"\n')


def test_an_argument_goes_before_the_environment_and_that_before_the_settings(tmp_path: Path):
    settings_say(tmp_path, "from_settings.db")
    environ = {"TUIFLOW_DB": "/somewhere/from_environment.db"}

    asked = SqliteDb("/a/asked.db")
    assert resolve_db(asked, project=tmp_path, environ=environ) == SqliteDb(Path("/a/asked.db"))
    assert resolve_db("/b.db", project=tmp_path, environ=environ) == SqliteDb(Path("/b.db"))
    assert resolve_db(None, project=tmp_path, environ=environ) == SqliteDb(
        Path("/somewhere/from_environment.db")
    )
    assert resolve_db(None, project=tmp_path, environ={}) == SqliteDb(tmp_path / "from_settings.db")
    assert [entry.name for entry in tmp_path.iterdir()] == ["pyproject.toml"]


def test_a_typed_relative_path_means_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)

    found = resolve_db("runs.db", project=tmp_path / "project", environ={})

    assert found == SqliteDb(tmp_path / "runs.db")


@pytest.mark.parametrize("url", ["sqlite:///tmp/runs.db", "sqlite:////srv/runs.db"])
def test_a_sqlite_url_is_the_path_it_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
):
    monkeypatch.chdir(tmp_path)
    path = Path(url.removeprefix("sqlite:///"))

    assert resolve_db(url, project=tmp_path / "project", environ={}) == SqliteDb(tmp_path / path)


def test_the_name_of_a_table_is_accepted_and_named_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.INFO, "tuiflow"):
        db = SqliteDb(session_table="workflow_session", db_file=tmp_path / "x.db")
        found = resolve_db(db, project=tmp_path, environ={})

    assert found == SqliteDb(tmp_path / "x.db")
    assert [r.getMessage() for r in caplog.records] == ["SqliteDb: session_table does nothing here"]


async def test_the_projects_own_database_is_hidden_from_others_and_from_git(tmp_path: Path):
    db = resolve_db(None, project=tmp_path, environ={})

    assert db == SqliteDb(tmp_path / ".tuiflow" / "tuiflow.db")
    folder = tmp_path / ".tuiflow"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert (folder / ".gitignore").read_text() == "*\n"
    async with open_store(db):
        assert stat.S_IMODE((folder / "tuiflow.db").stat().st_mode) == 0o600


def test_postgres_is_refused_as_not_built_yet_and_other_urls_as_unknown(tmp_path: Path):
    for url in ("postgres://host/runs", "postgresql://host/runs"):
        with pytest.raises(NotSupportedError, match="not supported yet"):
            resolve_db(url, project=tmp_path, environ={})
    with pytest.raises(NotSupportedError, match="PostgresDb: a PostgreSQL database is not"):
        PostgresDb(db_url="postgresql://host/runs")
    with pytest.raises(StoreError, match="mysql://host"):
        resolve_db(None, project=tmp_path, environ={"TUIFLOW_DB": "mysql://host"})


def test_a_project_that_takes_no_folder_says_so(tmp_path: Path):
    (tmp_path / ".tuiflow").touch()

    with pytest.raises(DatabaseUnusableError, match="choose another with --db"):
        resolve_db(None, project=tmp_path, environ={})


MOUNTS = r"""/dev/vda / ext4 rw 0 0
server:/home {home} {kind} rw 0 0
/dev/vdb {home}/local\040disk ext4 rw 0 0
"""


@pytest.mark.parametrize(
    ("kind", "is_shared"),
    [
        ("nfs4", True),
        ("cifs", True),
        ("9p", True),
        ("virtiofs", True),
        ("fuse.sshfs", True),
        ("xfs", False),
    ],
)
def test_network_and_shared_mounts_are_told_from_disks(tmp_path: Path, kind: str, is_shared: bool):
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS.format(home=tmp_path / "home", kind=kind))

    assert is_shared_mount(tmp_path / "home" / "project", mounts=mounts) is is_shared
    assert not is_shared_mount(tmp_path / "home" / "local disk" / "project", mounts=mounts)
    assert not is_shared_mount(tmp_path, mounts=mounts)
    assert not is_shared_mount(tmp_path, mounts=tmp_path / "none")


def test_a_project_on_a_shared_mount_keeps_its_runs_on_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    projects = [tmp_path / name / "etl" for name in ("one", "two")]
    monkeypatch.setattr(database, "is_shared_mount", projects.__contains__)

    found = [Path(resolve_db(None, project=project, environ={}).db_file) for project in projects]

    assert len(set(found)) == 2
    assert all(path.is_relative_to(tmp_path / "state") for path in found)
    assert all(path.parent.name.startswith("etl-") for path in found)


@pytest.mark.parametrize("asked", ["home/project/runs.db", None])
def test_a_database_on_a_network_mount_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str | None
):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"server:/home {tmp_path}/home nfs4 rw 0 0\n")
    monkeypatch.setattr("tuiflow.store.database._MOUNTS", mounts)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home" / "state"))
    project = tmp_path / "home" / "project"
    project.mkdir(parents=True)

    with pytest.raises(DatabaseUnusableError, match=r"network or shared mount.*--db"):
        resolve_db(str(tmp_path / asked) if asked else None, project=project, environ={})

    on_disk = resolve_db(str(tmp_path / "runs.db"), project=project, environ={})
    assert on_disk.db_file == tmp_path / "runs.db"
