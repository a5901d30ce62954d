"""Reads what a measurement wrote: JSON of one format with fields of known kinds, or a refusal."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from overt.errors import Refused


@dataclass(frozen=True, slots=True)
class FileFormat:
    what: str
    """What refusals call such a file: `a calibration`."""
    name: str
    """The value of its field `format`."""
    fields: Mapping[str, tuple[type, ...]]
    """Every other field, all of them there, with the kinds that its value may be of."""
    optional: Mapping[str, tuple[type, ...]] = field(default_factory=dict)
    """Fields that older files do not have."""

    def read(self, content: bytes, file: str) -> dict[str, Any]:
        """Read a file of this format; `file` is what refusals call it."""
        try:
            told = json.loads(content, parse_constant=_no_constant)
        except ValueError as problem:
            raise Refused(f"{file}: not {self.what} ({problem})") from problem
        if not isinstance(told, dict) or told.pop("format", None) != self.name:
            raise Refused(f"{file}: not {self.what}: its format is not {self.name!r}")
        if wrong := set(told) - set(self.optional) ^ set(self.fields):
            raise Refused(f"{file}: fields missing or unknown: {', '.join(sorted(wrong))}")
        for name, kinds in {**self.optional, **self.fields}.items():
            if name in told and not _is_a(told[name], kinds):
                wanted = " or ".join(kind.__name__ for kind in kinds)
                raise Refused(f"{file}: {name} is {told[name]!r:.40}; it must be {wanted}")
        return told


def _is_a(value: object, kinds: tuple[type, ...]) -> bool:
    """A truth value is no number, and a whole number is a float as JSON writes it."""
    if isinstance(value, bool):
        return bool in kinds
    return isinstance(value, kinds) or (float in kinds and isinstance(value, int))


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number")
