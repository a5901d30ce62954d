"""The triggers that note which rows an act has changed (`guarded.changed_rows`).

On SQLite they are made anew in each connection that may write, in its own memory: nobody else sees
them, stops them or fills what they fill.
"""

from collections.abc import Iterator
from typing import Final

from overt.records.guarded import GUARDED, Shape

_VERSIONS: Final = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
"""Which versions of a row an act has to do with."""


def _sqlite() -> Iterator[str]:
    yield "CREATE TEMP TABLE changed_rows (name TEXT, key TEXT, PRIMARY KEY (name, key))"
    for shape in GUARDED.values():
        for act, versions in _VERSIONS.items():
            noted = "".join(_note(shape, version) for version in versions)
            yield (
                f"CREATE TEMP TRIGGER {shape.name}_{act.lower()} "
                f"AFTER {act} ON main.{shape.name} BEGIN {noted}END"
            )


def _note(shape: Shape, version: str) -> str:
    key = ", ".join(f'{version}."{column}"' for column in shape.key)
    # Names of our own tables and columns, nothing that anybody wrote.
    return f"INSERT OR IGNORE INTO changed_rows VALUES ('{shape.name}', json_array({key})); "  # noqa: S608


SQLITE_TRIGGERS: Final = tuple(_sqlite())
