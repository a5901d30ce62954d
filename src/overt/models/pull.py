"""Fetch a pack's files from their publishers: resumed, measured, and kept only if the digest fits.

A file grows beside its place under a name that nothing reads (`.part`), and takes its place in
one step once its digest is right. An interrupted download goes on where it stopped.
"""

import fcntl
import hashlib
import http.client
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from time import sleep
from typing import IO, Final
from urllib.parse import urlsplit

from overt.errors import Fault, Refused
from overt.models.manifest import PackFile, PackManifest
from overt.units import Seconds

CHUNK: Final = 1 << 16
ATTEMPTS: Final = 5
"""In a row without a single new byte; a download that moves goes on."""
SILENCE: Final = Seconds(20.0)
"""A server that says nothing for so long is gone."""
PAUSE: Final = Seconds(1.0)
"""Before the second attempt without a new byte, growing with each."""

Progress = Callable[[str, int, int], None]
"""Told the file's name, how many bytes are there and how many there will be."""


class Fetched(Enum):
    ALREADY_THERE = "already there"
    DOWNLOADED = "downloaded"


@dataclass(frozen=True, slots=True)
class PulledFile:
    name: str
    path: Path
    fetched: Fetched


class _Interrupted(Exception):  # noqa: N818  caught below; it never leaves this module
    """The connection broke; what came is kept."""


def pull_pack(
    manifest: PackManifest,
    into: Path,
    *,
    progress: Progress,
    pause: Seconds = PAUSE,
) -> tuple[PulledFile, ...]:
    """Fetch every file of the pack into `into`/NAME; Refused says what went wrong and where."""
    without = [file.name for file in manifest.files if not file.urls]
    if without:
        how = manifest.package_hint or "put it beside its pack.toml"
        raise Refused(f"no address is known for {', '.join(without)} of {manifest.name}: {how}")
    folder = into / manifest.name
    try:
        into.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(_pull_file(file, folder, progress, pause) for file in manifest.files)
    except PermissionError as error:
        raise Refused(f"{folder} cannot be written: {error.strerror}") from None
    except OSError as error:
        raise Fault(f"the pack {manifest.name} cannot be stored in {folder}: {error}") from None


def _pull_file(file: PackFile, folder: Path, progress: Progress, pause: Seconds) -> PulledFile:
    path = folder / file.name
    if path.is_file() and _digest(path, file) == file.digest:
        return PulledFile(file.name, path, Fetched.ALREADY_THERE)
    with _part_of(path) as part:
        problems: list[str] = []
        for url in file.urls:
            problem = _from_one(url, file, part, progress=progress, pause=pause)
            if problem is None:
                break
            problems.append(problem)
        else:
            raise Refused("; ".join(problems))
        part.flush()
        os.fsync(part.fileno())
        Path(part.name).replace(path)
    return PulledFile(file.name, path, Fetched.DOWNLOADED)


@contextmanager
def _part_of(path: Path) -> Iterator[IO[bytes]]:
    """The growing file, which one process at a time may write."""
    with path.with_name(path.name + ".part").open("a+b") as part:
        try:
            fcntl.flock(part, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(f"another process is downloading {path.name}: wait for it") from None
        yield part


def _from_one(
    url: str, file: PackFile, part: IO[bytes], *, progress: Progress, pause: Seconds
) -> str | None:
    """Fetch from one address; None if the file is there and right, else what went wrong."""
    resumed = _size(part) > 0
    problem = _complete(url, file, part, progress=progress, pause=pause)
    if problem is not None:
        return problem
    found = _digest(Path(part.name), file)
    if found == file.digest:
        return None
    part.truncate(0)
    if resumed:  # what was kept may have been of another version: once more from the start
        return _from_one(url, file, part, progress=progress, pause=pause)
    return (
        f"{file.name} from {urlsplit(url).netloc} is not its publisher's file: it has {found}, "
        f"the manifest says {file.digest}; it was thrown away"
    )


def _complete(
    url: str, file: PackFile, part: IO[bytes], *, progress: Progress, pause: Seconds
) -> str | None:
    """Ask again, after a pause, for as long as bytes come now and then."""
    idle = 0
    while (have := _size(part)) < file.size:
        try:
            _go_on(url, file, part, progress)
        except _Interrupted as stop:
            idle = 0 if _size(part) > have else idle + 1
            if idle >= ATTEMPTS:
                return (
                    f"{file.name} could not be fetched from {urlsplit(url).netloc}: {stop}; "
                    f"{_size(part)} of {file.size} bytes are kept: run it again to go on"
                )
            sleep(pause * idle)
        except urllib.error.HTTPError as answer:
            return f"{urlsplit(url).netloc} answered {answer.code} {answer.reason} for {file.name}"
    return None


def _go_on(url: str, file: PackFile, part: IO[bytes], progress: Progress) -> None:
    """Ask for what is missing and append it; start over with a server that cannot resume."""
    have = _size(part)
    headers = {"User-Agent": "overt", "Accept-Encoding": "identity"}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310  the manifest allows http and https only
    if have:
        request.add_header("Range", f"bytes={have}-")
    try:
        with urllib.request.urlopen(request, timeout=SILENCE) as answer:  # noqa: S310  likewise
            if have and not _resumes_at(answer, have):
                part.truncate(0)
            _append(answer, file, part, progress)
    except urllib.error.HTTPError as answer:
        if answer.code == http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
            part.truncate(0)
            raise _Interrupted("the server has no such range") from None
        if answer.code >= http.client.INTERNAL_SERVER_ERROR:
            raise _Interrupted(f"it answered {answer.code} {answer.reason}") from None
        raise
    except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
        raise _Interrupted(_reason(error)) from None


def _resumes_at(answer: http.client.HTTPResponse, have: int) -> bool:
    told = answer.headers.get("Content-Range", "")
    return answer.status == http.client.PARTIAL_CONTENT and told.startswith(f"bytes {have}-")


def _append(
    answer: http.client.HTTPResponse, file: PackFile, part: IO[bytes], progress: Progress
) -> None:
    have = _size(part)
    progress(file.name, have, file.size)
    # One byte more than there should be is enough to see that it is another file.
    while have <= file.size and (piece := answer.read(min(CHUNK, file.size + 1 - have))):
        try:
            part.write(piece)
            part.flush()
        except OSError as error:
            raise Fault(f"{part.name} cannot be written: {error.strerror}") from None
        have += len(piece)
        progress(file.name, have, file.size)
    if have < file.size:
        raise _Interrupted("the connection ended early")


def _size(part: IO[bytes]) -> int:
    return os.fstat(part.fileno()).st_size


def _digest(path: Path, file: PackFile) -> str:
    algorithm = file.digest.partition(":")[0]
    with path.open("rb") as content:
        return f"{algorithm}:{hashlib.file_digest(content, algorithm).hexdigest()}"


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.URLError):
        return str(getattr(error.reason, "strerror", None) or error.reason)
    return str(getattr(error, "strerror", None) or error) or type(error).__name__
