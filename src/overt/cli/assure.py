"""`overt assure`: measure error rates before anybody is watched, compare packs, calibrate."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from overt.cli.answer import answer, remark
from overt.cli.progress_bar import progress_bar
from overt.errors import Refused
from overt.models.library import Pack, default_pack, find_pack, search_folders
from overt.models.manifest import Use
from overt.units import Clock, Pixels, Similarity

app = typer.Typer(
    help="Assurance: error rates on your own labelled data, with reports.", no_args_is_help=True
)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the report goes.")]
PackName = Annotated[
    str | None, typer.Option("--pack", help="The model pack; open if found, else dlib.")
]
Precision = Annotated[str, typer.Option(help="f32 or bf16, where the processor has it.")]
Seed = Annotated[int, typer.Option(min=0, help="Of everything that is drawn at random.")]
Threshold = Annotated[
    float | None,
    typer.Option(min=0.0, max=1.0, help="The operating threshold; without it, the pack's floor."),
]
Highest = Annotated[
    float | None,
    typer.Option(
        min=0.0, max=1.0, help="Test equality up to this threshold, so that any between may run."
    ),
]
GalleryFile = Annotated[
    Path, typer.Option(metavar="G.csv", help="Who is on the list: subject_id,image[,face_box].")
]
ProbesFile = Annotated[
    Path,
    typer.Option(metavar="P.csv", help="Who is looked at: the same, and any columns of groups."),
]
MinEyeDistance = Annotated[
    float, typer.Option(min=10, max=2000, help="As in a deployment, in pixels.")
]
THREADS = 2
"""As the live flow (live/camera.py): the last digits hang on it."""


@app.command()
def identify(
    *,
    gallery: GalleryFile,
    probes: ProbesFile,
    out: Out,
    pack: PackName = None,
    precision: Precision = "f32",
    threshold: Threshold = None,
    highest: Highest = None,
    seed: Seed = 1,
    as_json: AsJson = False,
) -> None:
    """Measure identification with stills, and write report.html, .json, .csv, .pdf and probes.csv.

    Beside them equality.json is the evidence that overt evidence add puts on record. A probe whose subject is in the gallery is mated. In a still the face is the one in face_box,
    else the one nearest the centre.
    """
    from overt.assurance.datasets import read_still_set
    from overt.assurance.identify import StillSets, still_report, threshold_or_floor
    from overt.assurance.report import Ordered
    from overt.assurance.report_files import require_folder, write_report
    from overt.assurance.stills import measure_stills, require_measurable
    from overt.assurance.system import MeasuredSystem
    from overt.templates.load import load_networks

    sets = StillSets(read_still_set(gallery), read_still_set(probes))
    require_measurable(sets.gallery, sets.probes)
    found = _pack(pack)
    require_folder(out)
    networks = load_networks(found, precision=precision, threads=THREADS, working_size=None)
    remark(f"pack {found.manifest.name}, {found.digest[:19]}, {networks.engine}")
    system = MeasuredSystem(found, networks)
    ordered = Ordered(
        command=(
            "overt", "assure", "identify", "--gallery", str(gallery), "--probes", str(probes),
            "--pack", found.manifest.name, "--precision", precision, "--seed", str(seed),
            *_option("--threshold", threshold), *_option("--highest", highest), "--out", "DIR",
        ),
        seed=seed,
        threshold=threshold_or_floor(threshold, system),
        highest=_highest(highest, threshold_or_floor(threshold, system)),
    )  # fmt: skip
    try:
        with progress_bar("measuring stills") as progress:
            measured = measure_stills(sets.gallery, sets.probes, networks, progress)
    finally:
        networks.scrub()
    report, lines = still_report(sets, measured, system, ordered)
    _tell(report, write_report(out, report, lines, _today()), as_json=as_json)


@app.command()
def video(
    *,
    truth: Annotated[Path, typer.Option(metavar="TRUTH.json", help="Clips, lists and passages.")],
    out: Out,
    pack: PackName = None,
    precision: Precision = "f32",
    threshold: Threshold = None,
    highest: Highest = None,
    min_eye_distance: MinEyeDistance = 24.0,
    seed: Seed = 1,
    as_json: AsJson = False,
) -> None:
    """Measure passages with recordings, in the live rule itself, and write the same files."""
    from overt.assurance.report import Ordered
    from overt.assurance.report_files import require_folder, write_report
    from overt.assurance.system import MeasuredSystem
    from overt.assurance.truth import read_truth
    from overt.assurance.video import Watcher, passage_report
    from overt.templates.load import load_networks

    clips = read_truth(truth)
    found = _pack(pack)
    operating = threshold if threshold is not None else found.manifest.threshold_floor
    require_folder(out)
    networks = load_networks(found, precision=precision, threads=THREADS, working_size=None)
    remark(f"pack {found.manifest.name}, {found.digest[:19]}, {networks.engine}")
    ordered = Ordered(
        command=(
            "overt", "assure", "video", "--truth", str(truth), "--pack", found.manifest.name,
            "--precision", precision, "--min-eye-distance", str(min_eye_distance),
            "--seed", str(seed), *_option("--threshold", threshold),
            *_option("--highest", highest), "--out", "DIR",
        ),
        seed=seed,
        threshold=Similarity(operating),
        highest=_highest(highest, Similarity(operating)),
    )  # fmt: skip
    with progress_bar("watching recordings") as progress:
        watcher = Watcher(clips, networks, Pixels(min_eye_distance), Clock(), progress)
        try:
            report, lines = passage_report(watcher, MeasuredSystem(found, networks), ordered)
        finally:
            watcher.forget()
    _tell(report, write_report(out, report, lines, _today()), as_json=as_json)


@app.command()
def calibrate(
    *,
    gallery: Annotated[
        Path | None, typer.Option(metavar="G.csv", help="With stills: who is on the list.")
    ] = None,
    probes: Annotated[
        Path | None, typer.Option(metavar="P.csv", help="With stills: who is looked at.")
    ] = None,
    truth: Annotated[
        Path | None,
        typer.Option(metavar="TRUTH.json", help="With passages: as overt assure video."),
    ] = None,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="calibration-f32.json.")],
    data: Annotated[str, typer.Option(help="What the data are, in words, for whoever signs.")],
    pack: PackName = None,
    precision: Precision = "f32",
    min_eye_distance: MinEyeDistance = 24.0,
    as_json: AsJson = False,
) -> None:
    """Measure what strangers reach, so that target_fpir can become a threshold.

    With stills (--gallery and --probes), or with passages before a camera in the live rule
    (--truth). Lay the file beside the pack's files: it is used instead of the one that ships.
    """
    from overt.cli.calibration import Asked, PassageFile, StillFiles, make_calibration

    match gallery, probes, truth:
        case Path(), Path(), None:
            files: StillFiles | PassageFile = StillFiles(gallery, probes)
        case None, None, Path():
            files = PassageFile(truth, Pixels(min_eye_distance))
        case _:
            raise Refused(
                "a calibration is of stills or of passages: give --gallery and --probes, or --truth"
            )
    make_calibration(files, Asked(_pack(pack), precision, out, data), as_json=as_json)


@app.command()
def compare(
    first: Annotated[Path, typer.Argument(metavar="A", help="A report's folder.")],
    second: Annotated[Path, typer.Argument(metavar="B", help="Another's, over the same probes.")],
    seed: Seed = 1,
    as_json: AsJson = False,
) -> None:
    """Compare two packs, precisions or versions over the same probes, with paired intervals."""
    from overt.assurance.compare import compared, read_side
    from overt.assurance.report import in_points, percent

    told = compared(read_side(first), read_side(second), seed=seed)
    lines = [
        f"A: {first}, {told['a']['pack']} {told['a']['precision']}",
        f"B: {second}, {told['b']['pack']} {told['b']['precision']}",
        (
            f"{told['probes']['mated']:,} mated and {told['probes']['non_mated']:,} non-mated "
            f"{told['unit']}s in both, list of {told['list_size']:,}"
        ),
        *_not_shared(told["probes"]),
        *_other_data(same=told["same_data"]),
    ]
    for each in told["differences"]:
        apart = each["fnir"]
        lacking = " (insufficient data)" if each["insufficient_data"] else ""
        points = in_points([apart[key] for key in ("difference", "low", "high")])
        lines.append(
            f"FPIR {each['fpir_target']:g}{lacking}: A misses {percent(apart['first']['rate'])}, "
            f"B {percent(apart['second']['rate'])}; B minus A {points[0]} points, 95 % interval "
            f"{points[1]} to {points[2]}; missed by A only {apart['only_first']}, by B only "
            f"{apart['only_second']}{_alike(apart)}"
        )
    answer(told, lines, as_json=as_json)


def _alike(apart: Mapping[str, object]) -> str:
    if not apart["insufficient_data"]:
        return ""
    return "; they judge everybody alike, which more people might not bear out"


def _pack(name: str | None) -> Pack:
    if name is None:
        return default_pack(search=search_folders(), use=Use.EVALUATION)
    return find_pack(name, search=search_folders(), use=Use.EVALUATION)


def _not_shared(probes: Mapping[str, int]) -> list[str]:
    only = [f"{probes[f'only_in_{side}']:,} only in {side.upper()}" for side in ("a", "b")]
    if not probes["only_in_a"] and not probes["only_in_b"]:
        return []
    return [f"warning: {' and '.join(only)}; they are left out, so neither report's own rates hold"]


def _other_data(*, same: bool) -> list[str]:
    if same:
        return []
    return [
        (
            "warning: they did not measure the same data (other pictures, labels or lists, by their "
            "digests): probes are paired by name alone, and a difference may be one of the data"
        )
    ]


def _highest(highest: float | None, lowest: Similarity) -> Similarity | None:
    if highest is not None and highest < lowest:
        raise Refused(f"--highest {highest:g} is below the threshold {lowest:g}; leave it out")
    return None if highest is None else Similarity(highest)


def _today() -> date:
    return Clock().now().date()


def _option(name: str, value: object | None) -> tuple[str, ...]:
    return () if value is None else (name, str(value))


def _tell(report: object, written: tuple[Path, ...], *, as_json: bool) -> None:
    assert isinstance(report, dict)
    facts = {
        "report": {path.name: str(path) for path in written},
        **{key: report[key] for key in ("unit", "operating", "failures", "rates", "warnings")},
    }
    lines = [
        *report["summary"],
        *(f"warning: {each}" for each in report["warnings"]),
        *(f"{path}" for path in written),
    ]
    answer(facts, lines, as_json=as_json)
