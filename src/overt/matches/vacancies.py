"""Which rows of a list's memory are vacant, in runs that are as long as they can be.

Neighbouring runs are joined as soon as they meet, so that the room which several people leave
takes one person with as many images. Rows are never moved.
"""

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Vacancies:
    room: int
    filled: int = 0
    """All rows from here on are vacant; the row before is not."""
    _lengths: dict[int, int] = field(default_factory=dict)
    """Of the vacant runs before `filled`, by where they begin."""
    _begins: dict[int, int] = field(default_factory=dict)
    """Where they begin, by where they end."""
    _by_length: dict[int, set[int]] = field(default_factory=dict)

    def runs(self) -> list[tuple[int, int]]:
        """(first, count) of the vacant runs before `filled`, in order."""
        return sorted(self._lengths.items())

    def take(self, count: int) -> int | None:
        """Where so many vacant rows lie together: a run that fits, the end, or the next longer."""
        if count in self._by_length:
            first = next(iter(self._by_length[count]))
            self._forget(first)
            return first
        if self.filled + count <= self.room:
            self.filled += count
            return self.filled - count
        longer = min((length for length in self._by_length if length > count), default=None)
        if longer is None:
            return None
        first = next(iter(self._by_length[longer]))
        self._forget(first)
        self._note(first + count, longer - count)
        return first

    def give_back(self, first: int, count: int) -> None:
        """Rows that were taken are vacant again, together with the vacant rows beside them."""
        before = self._begins.get(first)
        if before is not None:
            count += self._forget(before)
            first = before
        if first + count in self._lengths:
            count += self._forget(first + count)
        if first + count == self.filled:
            self.filled = first
        else:
            self._note(first, count)

    def _note(self, first: int, count: int) -> None:
        self._lengths[first], self._begins[first + count] = count, first
        self._by_length.setdefault(count, set()).add(first)

    def _forget(self, first: int) -> int:
        count = self._lengths.pop(first)
        del self._begins[first + count]
        self._by_length[count].discard(first)
        if not self._by_length[count]:
            del self._by_length[count]
        return count
