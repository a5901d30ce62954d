"""A publisher on loopback whose connections can break, and that may not resume."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(slots=True)
class PackServer:
    """Serves `files` by path; `asked` remembers the Range header of each request."""

    files: dict[str, bytes] = field(default_factory=dict)
    resumes: bool = True
    break_after: list[int] = field(default_factory=list)
    """For each coming answer, after how many bytes to hang up; when empty, none does."""
    failures: list[int] = field(default_factory=list)
    """Status codes to answer first."""
    asked: list[str | None] = field(default_factory=list)
    address: str = ""


@contextmanager
def pack_server(**files: bytes) -> Iterator[PackServer]:
    server = PackServer({f"/{name}": content for name, content in files.items()})

    class Publisher(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            server.asked.append(wanted)
            if server.failures:
                self.send_error(server.failures.pop(0))
                return
            if self.path not in server.files:
                self.send_error(404)
                return
            content = server.files[self.path]
            start = 0
            if wanted and server.resumes:
                start = int(wanted.removeprefix("bytes=").rstrip("-"))
                if start >= len(content):
                    self.send_error(416)
                    return
                self.send_response(206)
                self.send_header(
                    "Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}"
                )
            else:
                self.send_response(200)
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            end = len(content)
            if server.break_after:
                end = min(end, start + server.break_after.pop(0))
            self.wfile.write(content[start:end])

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is http.server's
            """Keep the test's output clean."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Publisher)
    server.address = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        thread.join()
        http.server_close()
