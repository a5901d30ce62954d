"""How values are written in the database, on SQLite and PostgreSQL alike, and what tables hold."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any, ClassVar, Final

from sqlalchemy import JSON, Date, ForeignKey, LargeBinary, MetaData, String, Text
from sqlalchemy import Enum as EnumColumn
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass, mapped_column
from sqlalchemy.types import TypeDecorator

from overt.config.walk_log import Distance, Eyewear, Headgear, Light, Zone
from overt.decisions.states import AlertState, Move
from overt.identifiers import (
    ActorId,
    AlertId,
    CameraId,
    DeploymentId,
    Digest,
    KeyId,
    ModelId,
    PassageId,
    RunId,
    SubjectId,
    WatchlistName,
)
from overt.policy.access import Role
from overt.records.vault import KeyKind
from overt.units import UtcTime, iso, utc


class Moment(TypeDecorator[UtcTime]):
    """A time as it is written everywhere: RFC 3339, UTC, milliseconds; so it sorts as text."""

    impl = String(24)
    cache_ok = True

    def process_bind_param(self, value: UtcTime | None, dialect: Dialect) -> str | None:
        del dialect  # the same on each
        return None if value is None else iso(utc(value))

    def process_result_value(self, value: Any | None, dialect: Dialect) -> UtcTime | None:
        del dialect
        return None if value is None else utc(datetime.fromisoformat(value))


class Holds(Enum):
    """What a table holds; every table says so, and the schema lock reads it."""

    PERSONAL = "people on a list, or whoever resembled them"
    """Refers to the audit line that put the row there, and says when it dies."""
    AUTHORITY = "authorisations, keys of officers and secrets of cameras"
    """Likewise."""
    STAFF = "accounts and their roles"
    """Likewise; an account lives as long as the log that names it."""
    LOG = "the log, its tree, and the keys' own table"


class EntryState(Enum):
    LISTED = "listed"
    STOOD_DOWN = "stood-down"


class EvidenceKind(Enum):
    PROBE = "probe"
    SCENE = "scene"
    REFERENCE = "reference"
    """The list's image of the person."""
    SECOND = "second"
    """The list's image of the second person, where the alert is ambiguous."""
    CARD = "card"
    """JSON: what the list and the authorisation said."""


class DeploymentState(Enum):
    SIGNED = "signed"
    OPEN = "open"
    CLOSED = "closed"
    PURGED = "purged"
    """Closed, and nothing about anybody is left of it."""


class KeyState(Enum):
    TRUSTED = "trusted"
    REVOKED = "revoked"


_IDS: Final = (
    ActorId, AlertId, CameraId, DeploymentId, Digest, KeyId, ModelId, PassageId, RunId, SubjectId,
    WatchlistName,
)  # fmt: skip
_ENUMS: Final = (
    AlertState,
    DeploymentState,
    Distance,
    EntryState,
    EvidenceKind,
    Eyewear,
    Headgear,
    KeyKind,
    KeyState,
    Light,
    Move,
    Role,
    Zone,
)


def _word(kind: type[Enum]) -> EnumColumn:
    """Keep an enum as its value, so that a reader of the database needs no program."""
    return EnumColumn(
        kind, native_enum=False, length=40, values_callable=lambda e: [m.value for m in e]
    )


class Table(MappedAsDataclass, DeclarativeBase, kw_only=True, repr=False):
    """A row is made with keywords, all of them typed; none is ever printed."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[Mapping[Any, Any]] = {
        UtcTime: Moment(),
        str: Text(),
        bytes: LargeBinary(),
        date: Date(),
        dict[str, object]: JSON(none_as_null=True),
        list[str]: JSON(none_as_null=True),
        **{name: String(200) for name in _IDS},
        **{kind: _word(kind) for kind in _ENUMS},
    }


AuditLine = Annotated[int, mapped_column(ForeignKey("audit.seq"), index=True)]
"""The line of the log that tells how the row came to be."""
Dies = Annotated[UtcTime, mapped_column(Moment(), index=True)]
"""When the row is deleted, written when it is made (`policy/retention.py`)."""
GovernedBy = Annotated[str, mapped_column(Text())]
"""The profile's name, version and digest (`Profile.governs`): under which rules this came about."""
