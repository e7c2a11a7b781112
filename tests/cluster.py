"""A throwaway PostgreSQL: its own folder, its own socket, gone afterwards."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

_serial = count(1)


class Cluster:
    """A running server that listens on a socket in its folder only."""

    def __init__(self, folder: Path) -> None:
        """Remember where the server's socket lies."""
        self.folder = folder

    @classmethod
    @contextmanager
    def started(
        cls, host: str = "", port: int = 5432, *, durable: bool = False
    ) -> Iterator["Cluster"]:
        """Make and start a cluster; root lets the user postgres do it, as the server demands.

        With a host it listens there too, to anybody on this machine. A `durable` one keeps what
        it acknowledged, as the usual settings do; others are quicker.
        """
        folder = Path(tempfile.mkdtemp(prefix="pg-"))
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        try:
            _run(
                "initdb",
                "-D",
                str(folder / "data"),
                "-U",
                "postgres",
                "-A",
                "trust",
                "-N",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
            )
            options = f"-k {folder} -c listen_addresses={host} -c port={port}"
            options += " -c max_connections=200"
            if not durable:
                options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
            log = str(folder / "log")
            _run("pg_ctl", "-D", str(folder / "data"), "-o", options, "-l", log, "-w", "start")
            try:
                yield cls(folder)
            finally:
                _run("pg_ctl", "-D", str(folder / "data"), "-m", "immediate", "-w", "stop")
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def followed(self, host: str = "", port: int = 5432) -> Iterator["Cluster"]:
        """Make and start a streaming replica of this cluster, in a folder of its own."""
        folder = Path(tempfile.mkdtemp(prefix="replica-"))
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        data, log = str(folder / "data"), str(folder / "log")
        source = f"--dbname=host={self.folder} user=postgres"
        try:
            _run("pg_basebackup", source, "-D", data, "-R", "--checkpoint=fast", "-X", "stream")
            _run("chmod", "700", data)
            options = f"-k {folder} -c listen_addresses={host} -c port={port} -c fsync=off"
            _run(
                "pg_ctl", "-D", data, "-o", f"{options} -c max_connections=200", "-l", log, "start"
            )
            try:
                yield Cluster(folder)
            finally:
                _run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def pause(self) -> None:
        """Let a replica read no further, for a while."""
        self._execute("SELECT pg_wal_replay_pause()")

    def go_on(self) -> None:
        """Let a replica read on."""
        self._execute("SELECT pg_wal_replay_resume()")

    def restart(self) -> None:
        """Restart at once, as after a crash: no transaction ends, no connection is told why."""
        log = str(self.folder / "log")  # else the server would keep the pipe of this command open
        data = str(self.folder / "data")
        _run("pg_ctl", "-D", data, "-l", log, "-m", "immediate", "-w", "restart")

    def address(self, database: str) -> str:
        """Give the address of a database in the form that settings take."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def new_database(self, name: str) -> str:
        """Make an empty database."""
        self._execute(f'CREATE DATABASE "{name}"')
        return self.address(name)

    def copy_database(self, template: str) -> str:
        """Make a copy of a database that nobody uses just now."""
        name = f"test_{next(_serial)}"
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return self.address(name)

    def replace_database(self, name: str, template: str) -> str:
        """Let a database be a copy of another one, whatever it was and whoever is in it."""
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return self.address(name)

    def _execute(self, statement: str) -> None:
        target = f"host={self.folder} user=postgres dbname=postgres"
        with psycopg.connect(target, autocommit=True) as connection:
            connection.execute(statement.encode())


def _binary(name: str) -> str:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else name


def _run(name: str, *arguments: str) -> None:
    command: Sequence[str] = [_binary(name), *arguments]
    if os.geteuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    if done.returncode:
        message = f"{name}: {done.stdout}{done.stderr}"
        raise RuntimeError(message)
