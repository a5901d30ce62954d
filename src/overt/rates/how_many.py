"""A count as people say it: 1 person, 2,500 people."""


def how_many(count: int, one: str, several: str = "") -> str:
    return f"{count:,} {one if count == 1 else several or f'{one}s'}"


def people(count: int) -> str:
    return how_many(count, "person", "people")
