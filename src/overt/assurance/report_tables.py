"""The parts of a report as titled tables with sentences: one source for the page and the PDF."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from overt.assurance.report import percent
from overt.rates.how_many import how_many, people

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    paragraphs: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    texts: frozenset[int] = frozenset()
    """Columns that hold words, not figures."""


def tables_of(report: Json) -> list[Table]:
    """Every section that the report has, beside the rates by list size."""
    return [
        table
        for name, make in SECTIONS
        if report.get(name) is not None and (table := make(report[name])) is not None
    ]


def operating_rates(report: Json) -> list[tuple[str, Json]]:
    told, lost = report["operating"], report["failures"]
    return [
        ("False positive identification rate (FPIR)", told["fpir"]),
        ("False negative identification rate (FNIR)", told["fnir"]),
        ("True positive identification rate (TPIR)", told["tpir"]),
        ("Right person ranked first", told["rank1"]),
        ("Failure to detect", lost["to_detect"]),
        ("Failure to acquire", lost["to_acquire"]),
        ("Failure to enrol", lost["to_enrol"]),
    ]


def lacking(report: Json) -> list[str]:
    """What the data cannot carry, each once."""
    return list(dict.fromkeys(line for entry in report["rates"] for line in entry["lacks"]))


def counts(rate: Json) -> str:
    return f"{rate['errors']:,} of {rate['trials']:,}"


def counted(rate: Json) -> str:
    if not rate["trials"]:
        return "no trials"
    return f"{percent(rate['rate'])} ({counts(rate)})"


def interval(rate: Json) -> str:
    if not rate["trials"]:
        return "none"
    return f"{percent(rate['low'])} to {percent(rate['high'])}"


def flat(value: Json, before: str = "") -> Iterator[tuple[str, str]]:
    for key, each in value.items():
        name = f"{before}{key.replace('_', ' ')}"
        if isinstance(each, Mapping):
            yield from flat(each, f"{name}: ")
        elif isinstance(each, Sequence) and not isinstance(each, str):
            yield name, ", ".join(str(part) for part in each) or "none"
        else:
            yield name, "none" if each is None else str(each)


def _quality(section: Json) -> Table:
    if not section.get("curves"):
        return Table("Image quality", (section["why_not"],))
    shares = section["shares"]
    return Table(
        title="Does image quality predict misses?",
        paragraphs=(
            (
                f"Of {section['comparisons']:,} mated comparisons {_starting(section)}. Discarding the poorest pictures by each measure leaves "
                "the rates below. Gain is the share of misses that goes, on average over the curve; a "
                "measure whose interval holds 0 is not shown to predict anything."
            ),
        ),
        columns=("Measure", "Gain", "95 % interval", *(f"{100 * s:g} % discarded" for s in shares)),
        rows=tuple(
            (
                f"{curve['measure'].replace('_', ' ')}",
                f"{curve['gain']:+.2f}",
                f"{curve['low']:+.2f} to {curve['high']:+.2f}",
                *(percent(point["fnir"]["rate"]) for point in curve["curve"]),
            )
            for curve in section["curves"]
        ),
    )


def _starting(section: Json) -> str:
    if section["threshold"] is not None:
        return f"a tenth is missed at threshold {section['threshold']:.4f}"
    return (
        f"{counted(section['starting_fnir'])} are missed at any threshold, because they resemble "
        "somebody else more"
    )


def _equality(section: Json) -> Table:
    left = section["columns_left_out"]
    return Table(
        title="Equality: errors by self-declared group",
        paragraphs=(
            section["sentence"],
            section["multiplicity"][:1].upper() + section["multiplicity"][1:] + ".",
            *((f"Columns left out, with one value or too many: {', '.join(left)}.",) if left else ()),
        ),
        columns=(
            "Groups", "Group", "Measure", "People", "Measured", "Interval", "Would be seen from",
            "Chance of so large a gap", "Finding",
        ),
        rows=tuple(
            (
                each["column"],
                f"{group['value']}{' (worst)' if group['value'] == each['worst_group'] else ''}",
                each["measure"].upper(),
                f"{group['people']:,}",
                counted(group),
                f"{percent(group['low'])} to {percent(group['high'])}",
                percent(group["would_see_rate"]) if group["would_see_rate"] else "never",
                f"{group['chance']:.3f}" if group["chance"] is not None else "not known",
                each["finding"],
            )
            for each in section["disparities"]
            if not each["crossed"] or each["finding"] == "gap shown"
            for group in each["groups"]
        ),
        texts=frozenset({1}),
    )  # fmt: skip


def _sweep(section: Json) -> Table | None:
    rows = [
        (
            f"{at['threshold']:g}",
            each["column"],
            each["measure"].upper(),
            percent(each["overall"]),
            each["worst_group"],
            percent(each["worst"]),
            "not known"
            if each["max_over_geometric_mean"] is None
            else f"{each['max_over_geometric_mean']:.2f}",
        )
        for at in section["sweep"]
        for each in at["disparities"]
    ]
    if not rows:
        return None
    return Table(
        title="Groups as the threshold moves",
        paragraphs=(
            (
                "Gaps grow as the threshold falls. The ratio is that of the largest to the geometric "
                "mean of the groups' rates (NIST IR 8429); with a group without errors there is none."
            ),
        ),
        columns=("Threshold", "Groups", "Measure", "All", "Worst group", "Its rate", "Ratio"),
        rows=tuple(rows),
        texts=frozenset({4}),
    )


def _suspects(section: Sequence[Json]) -> Table | None:
    if not section:
        return None
    return Table(
        title="Labels that may be wrong",
        paragraphs=(
            (
                f"{len(section):,} suspicions, told and not acted on: all of these are scored as they "
                "are labelled. Twins and likenesses are found too, and bad photographs."
            ),
        ),
        columns=("Why", "Picture", "Subject", "Other picture", "Other subject", "Similarity"),
        rows=tuple(
            (
                each["says"],
                each["picture"],
                each["subject"],
                each["other_picture"],
                each["other_subject"],
                f"{each['similarity']:.3f}" if each["similarity"] is not None else "same file",
            )
            for each in section[:MOST_SUSPECTS]
        ),
        texts=frozenset(range(5)),
    )


def _growth(section: Json) -> Table:
    return Table(
        title=f"False alarms as the list grows, at threshold {section['threshold']:g}",
        paragraphs=(*_how_it_grows(section), *_held_out(section)),
        columns=("People on the list", "How", "FPIR", "At most"),
        rows=tuple(_grown(section)),
        texts=frozenset({1}),
    )


def _how_it_grows(section: Json) -> Iterator[str]:
    yield (
        f"Up to {people(section['observed_to'])} by counting all lists of the size; beyond by a "
        f"model ({section['model']}), and at most in proportion to the list."
    )
    if "of" in section:
        yield section["of"]


def _grown(section: Json) -> Iterator[tuple[str, ...]]:
    for each in section["within"]:
        yield f"{each['list_size']:,}", "counted", percent(each["fpir"]), ""
    most = {each["list_size"]: each["fpir"] for each in section["at_most"]}
    expected = {each["list_size"]: each["fpir"] for each in section["beyond"]}
    for size in sorted({*most, *expected}):
        yield (
            f"{size:,}",
            "extrapolated",
            percent(expected[size]) if size in expected else "not known",
            percent(most[size]) if size in most else "not known",
        )


def _held_out(section: Json) -> Iterator[str]:
    """What the model said of the whole list from parts of it."""
    if section["insufficient_data"]:
        yield "Too few probes reach the threshold to fit the model, so nothing is extrapolated."
        return
    for each in section["held_out"]:
        missed = "" if each["within_interval"] else ", which does not hold what the model says"
        yield (
            f"Fitted on {each['parts']} parts of the list of {people(each['fitted_on'])} and asked for "
            f"{each['predicted_at']:,}, the model says {percent(each['predicted'])} on average "
            f"({percent(each['predicted_low'])} to {percent(each['predicted_high'])}); "
            f"{percent(each['observed']['rate'])} was observed, 95 % interval "
            f"{interval(each['observed'])}{missed}."
        )
    if not section["held_out"]:
        yield "Parts of the list raise too few alerts to fit it on: how far it is off is not known."


def _growth_at_targets(sections: Sequence[Json]) -> Table | None:
    """The same at the threshold of each target; what cannot be told says what it takes."""
    known = [each for each in sections if each["threshold"] is not None]
    if not known:
        return None
    return Table(
        title="False alarms as the list grows, at the threshold of each FPIR target",
        paragraphs=(
            "Each threshold is the one that keeps its target on the whole list.",
            *_how_it_grows(known[0]),
            *(_of_a_target(each) for each in known),
        ),
        columns=("FPIR target", "People on the list", "How", "FPIR", "At most"),
        rows=tuple((f"{each['fpir_target']:g}", *row) for each in known for row in _grown(each)),
        texts=frozenset({2}),
    )


def _of_a_target(section: Json) -> str:
    begins = f"FPIR target {section['fpir_target']:g}, threshold {section['threshold']:.4f}: "
    if section["insufficient_data"]:
        return (
            f"{begins}insufficient data. Too few probes reach the threshold to fit the model, so "
            f"nothing is extrapolated; it takes about {section['strangers_needed']:,} strangers."
        )
    return begins + " ".join(_held_out(section))


def _rescoring(section: Sequence[Json]) -> Table:
    return Table(
        title="Looks gone over again, beside recordings watched again",
        paragraphs=(
            (
                "Smaller lists were measured by going over looks that were taken once. Here the whole "
                "list is, at every threshold that was watched, by the looks of the other runs alone."
            ),
        ),
        columns=(
            "Threshold", "FPIR, watched", "FPIR, gone over", "FNIR, watched", "FNIR, gone over",
        ),
        rows=tuple(
            (
                f"{each['threshold']:.4f}",
                *(
                    counted(each[side][rate])
                    for rate in ("fpir", "fnir")
                    for side in ("watched", "rescored")
                ),
            )
            for each in section
        ),
    )  # fmt: skip


def _pictures_twice(section: Json) -> Table | None:
    found = [(kind, each) for kind, many in section.items() for each in many]
    if not found:
        return None
    return Table(
        title="Pictures that stand twice",
        paragraphs=("Probes named here as second were set aside, not scored.",),
        columns=("Where", "First", "Second", "Subjects"),
        rows=tuple(
            (kind.replace("_", " "), each["first"], each["second"], " / ".join(each["subjects"]))
            for kind, each in found
        ),
        texts=frozenset({0, 1, 2, 3}),
    )


def _turned_away(section: Json) -> Table | None:
    rows = [
        (side, reason.replace("_", " "), f"{count:,}")
        for side, reasons in section.items()
        for reason, count in reasons.items()
    ]
    if not rows:
        return None
    return Table(
        title="What was turned away, and why",
        paragraphs=("A picture may have several reasons.",),
        columns=("Side", "Reason", "Pictures"),
        rows=tuple(rows),
        texts=frozenset({0, 1}),
    )


def _passages(section: Json) -> Table:
    return Table(
        title="Beside the passages",
        paragraphs=(
            (
                f"Belonging to no passage of the truth: {how_many(section['stray_tracks'], 'track')} "
                f"with {how_many(section['stray_alerts'], 'alert')}, which no rate above counts."
            ),
        ),
    )


MOST_SUSPECTS: Final = 50
SECTIONS: Final[Sequence[tuple[str, Callable[[Any], Table | None]]]] = (
    ("equality", _equality),
    ("equality", _sweep),
    ("growth", _growth),
    ("growth_at_targets", _growth_at_targets),
    ("turned_away", _turned_away),
    ("pictures_twice", _pictures_twice),
    ("suspects", _suspects),
    ("passages", _passages),
    ("rescoring", _rescoring),
    ("quality", _quality),
)
"""Which part of the report each table is made of, in the order of the page."""
