"""`overt walk`: the seeded walk, which measures a camera with people who agreed to be looked for."""

from pathlib import Path
from typing import Annotated, Final

import typer

from overt.cli.answer import answer
from overt.cli.walk_records import add_records
from overt.errors import Refused
from overt.rates.walk_plan import FarSize, FarTarget, WalkSize, fewest_people

app = typer.Typer(
    help="The seeded walk: plan it, keep consents and passes, report TRR and FAR.",
    no_args_is_help=True,
)

add_records(app)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]

PEOPLE: Final = (10, 20, 50, 100, 200)
PASSES: Final = (1, 2, 5, 10)
FACES: Final = (300, 1000, 3000, 18_000, 99_000)
CEILINGS: Final = (1 / 1000, 1 / 6000, 1 / 33_000)
MARGINS: Final = (0.1, 0.05, 0.03)
MOST: Final = 100_000


@app.command()
def plan(
    *,
    people: Annotated[
        list[int] | None, typer.Option(min=1, max=MOST, help="How many walk; once for each row.")
    ] = None,
    passes: Annotated[
        list[int] | None, typer.Option(min=1, max=MOST, help="How often each walks past.")
    ] = None,
    trr: Annotated[float, typer.Option(help="The TRR that is expected, between 0 and 1.")] = 0.9,
    likeness: Annotated[
        float,
        typer.Option(help="How alike passes of one person turn out, 0 (not at all) to 1."),
    ] = 0.3,
    faces: Annotated[
        list[int] | None,
        typer.Option(min=1, max=10**9, help="Faces seen of people not listed, for FAR."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="plan.csv and plan.json go there.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say which interval on TRR so many people and passes give, and what FAR can be shown."""
    if not 0 < trr < 1 or not 0 <= likeness <= 1:
        raise Refused("--trr lies between 0 and 1, --likeness from 0 to 1")
    sizes = [
        WalkSize(each, often, trr, likeness)
        for each in people or PEOPLE
        for often in passes or PASSES
    ]
    needed = _needed(sorted({size.passes_each for size in sizes}), trr, likeness)
    shown = [FarSize(each, 0) for each in faces or FACES]
    targets = [FarTarget(each) for each in CEILINGS]
    facts: dict[str, object] = {
        "sizes": [size.as_json() for size in sizes],
        "fewest_people": needed,
        "far": [each.as_json() for each in shown],
        "far_targets": [each.as_json() for each in targets],
    }
    if out is not None:
        _write(out, sizes, facts)
    answer(facts, _lines(sizes, needed, shown, targets), as_json=as_json)


def _needed(passes: list[int], trr: float, likeness: float) -> list[dict[str, object]]:
    return [
        {
            "margin": margin,
            "passes_each": often,
            "people": fewest_people(margin, passes_each=often, expected_trr=trr, likeness=likeness),
        }
        for margin in MARGINS
        for often in passes
    ]


def _lines(
    sizes: list[WalkSize],
    needed: list[dict[str, object]],
    shown: list[FarSize],
    targets: list[FarTarget],
) -> list[str]:
    first = sizes[0]
    return [
        (
            f"TRR, if {first.expected_trr:.1%} are found and passes of one person are alike by "
            f"{first.likeness:g} (95 % interval, Clopper-Pearson):"
        ),
        "people  passes each  worth passes     from       to   from, 9 times in 10",
        *(_size_line(size) for size in sizes),
        "",
        "People for an interval within a margin of the TRR:",
        *(
            f"  within {each['margin']:.0%}, passes each {each['passes_each']}: "
            f"{each['people'] or 'more than a million'}"
            for each in needed
        ),
        "",
        "FAR, of people who are not listed:",
        *(f"  no false alert in {each.faces:,} faces: below {each.upper:.3g}" for each in shown),
        *(
            f"  1 in {1 / each.ceiling:,.0f} takes {each.faces:,} faces without a false alert"
            for each in targets
        ),
    ]


def _size_line(size: WalkSize) -> str:
    low, high = size.interval
    return (
        f"{size.people:>6}  {size.passes_each:>11}  {size.effective_passes:>12.1f}  "
        f"{low:>7.1%}  {high:>7.1%}   {size.promised_low:>7.1%}"
    )


def _write(out: Path, sizes: list[WalkSize], facts: dict[str, object]) -> None:
    import csv
    import io
    import json

    from overt.assurance.report_files import require_folder, write_whole

    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, list(sizes[0].as_json()))
    writer.writeheader()
    writer.writerows(size.as_json() for size in sizes)
    require_folder(out)
    write_whole(
        out,
        {
            "plan.json": (json.dumps(facts, indent=1) + "\n").encode(),
            "plan.csv": table.getvalue().encode(),
        },
    )
