"""A real PostgreSQL on loopback, made for a test and gone with it; skipped where there is none.

It refuses to run as root, so there it runs as the account `postgres`, which the package makes.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pytest

OWNER, APPLICATION = "overt_owner", "overt"


@dataclass(frozen=True)
class Server:
    port: int

    def url(self, account: str, database: str) -> str:
        return f"postgresql://{account}@127.0.0.1:{self.port}/{database}"

    def run(self, statement: str, *, account: str = "postgres", database: str = "postgres") -> None:
        import psycopg

        with psycopg.connect(self.url(account, database), autocommit=True) as connection:
            connection.execute(statement)

    def database(self, name: str) -> dict[str, str]:
        """Make a database with its two accounts; give what overt's environment says of it."""
        self.run(f"CREATE DATABASE {name} OWNER {OWNER}")
        return {
            "OVERT_DATABASE": self.url(APPLICATION, name),
            "OVERT_DATABASE_OWNER": self.url(OWNER, name),
        }


@contextmanager
def postgres_server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="overt-pg-"))
    try:
        _hand_over(folder)
        _run("initdb", "-D", folder / "db", "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N")
        port = _free_port()
        server = subprocess.Popen(
            [_binary("postgres"), "-D", folder / "db", "-p", str(port), "-h", "127.0.0.1",
             "-k", folder, "-F"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **_account(),
        )  # fmt: skip
        try:
            _run("pg_isready", "-h", "127.0.0.1", "-p", port, "-t", "30", tries=60)
            made = Server(port)
            made.run(f"CREATE ROLE {OWNER} LOGIN")
            made.run(f"CREATE ROLE {APPLICATION} LOGIN")
            yield made
        finally:
            server.terminate()
            server.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _absent(missing: str) -> NoReturn:
    """Skip, or fail where OVERT_REQUIRE_POSTGRES says that it must be there."""
    if os.environ.get("OVERT_REQUIRE_POSTGRES") == "1":
        pytest.fail(missing)
    pytest.skip(missing)


def _binary(name: str) -> str:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which(name, path=os.pathsep.join(map(str, folders))) or shutil.which(name)
    if found is None:
        _absent(f"no PostgreSQL on this machine: {name} is not found")
    return found


def _account() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    try:
        entry = pwd.getpwnam("postgres")
    except KeyError:
        _absent("PostgreSQL does not run as root, and there is no account postgres")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _hand_over(folder: Path) -> None:
    if account := _account():
        os.chown(folder, account["user"], account["group"])


def _run(name: str, *words: object, tries: int = 1) -> None:
    command = [_binary(name), *map(str, words)]
    for attempt in range(tries):
        done = subprocess.run(command, capture_output=True, check=False, cwd="/", **_account())
        if done.returncode == 0:
            return
        if attempt == tries - 1:
            raise AssertionError(done.stderr.decode())
        import time

        time.sleep(0.25)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
