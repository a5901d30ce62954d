"""Whose move is it? `Refused` is the person's, `Fault` is the operator's or the engineer's.

A Refused message names what was refused, where, and how to mend it; the command line shows it
as it is and ends with status 1. A Fault ends with status 2. Subclass only where a caller acts
differently, and carry fields.
"""


class Refused(Exception):  # noqa: N818  a refusal is an answer, not an error of the program
    """The rules or the input do not allow it; the message tells the person how to mend it."""

    @property
    def for_the_log(self) -> str:
        """What the audit log learns; less, where the message quotes what a person wrote."""
        return str(self)


class NotPermitted(Refused):
    """The actor lacks the permission."""


class Fault(Exception):  # noqa: N818  the name is the contrast to Refused
    """The program or its machine cannot do what the rules allow."""


class ModelMismatch(Fault):
    """Two templates of different packs or precisions were about to be compared."""

    def __init__(self, *, probe: str, reference: str) -> None:
        self.probe = probe
        self.reference = reference
        super().__init__(f"a template of {probe} cannot be compared with one of {reference}")
