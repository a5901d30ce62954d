"""Where the traceback of an unexpected failure goes: to a file for an engineer, not to the person.

A traceback holds lines of code and a message, no values of variables: no image and no template.
"""

import os
import tempfile
import traceback


def note_of(unexpected: Exception) -> str:
    """Write it down and say where, in words for a person."""
    descriptor, path = tempfile.mkstemp(prefix="overt-fault-", suffix=".txt")
    with os.fdopen(descriptor, "w", encoding="utf-8") as note:
        note.write("".join(traceback.format_exception(unexpected)))
    return f"the program failed ({type(unexpected).__name__}); please report it with {path}"
