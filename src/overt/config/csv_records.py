"""A CSV file as text records, or one clear refusal: not text, not UTF-8, not CSV, too large.

What the columns mean is for whoever reads them.
"""

import csv
import io
from typing import Final

from overt.errors import Refused

LARGEST_FILE: Final = 64_000_000


def csv_records(content: bytes, *, file: str) -> list[list[str]]:
    """Every line as its cells, the header included; a byte order mark and CRLF are fine."""
    reader = csv.reader(io.StringIO(_decoded(content, file=file), newline=""), strict=True)
    try:
        return list(reader)
    except csv.Error as error:
        raise Refused(
            f"{file}: line {reader.line_num}: not CSV: {error}; look for a quote left open"
        ) from error


def _decoded(content: bytes, *, file: str) -> str:
    if len(content) > LARGEST_FILE:
        raise Refused(f"{file}: {len(content)} bytes; a list of at most {LARGEST_FILE} is read")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused(f"{file}: UTF-16; save it as CSV UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Refused(
            f"{file}: line {line}: byte 0x{content[error.start]:02x} is not UTF-8; "
            "save it as CSV UTF-8"
        ) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Refused(f"{file}: line {line}: a NUL character; this is no text file")
    return text
