"""`overt doctor`: what is installed, what would run, what is missing and how to get it."""

import os
import platform
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Final

import typer

import overt
from overt.cli.answer import answer
from overt.errors import Fault, Refused
from overt.models.library import default_pack, home_folder, search_folders
from overt.models.survey import PackReport, PackState, survey_packs

PACKAGES: Final = (
    "openvino", "av", "numpy", "opencv-python-headless", "sqlalchemy", "cryptography",
    "dlib-bin", "face-recognition-models",
)  # fmt: skip
OPTIONAL: Final = {
    "dlib-bin": "the pack dlib and the demonstration need it: reinstall overt",
    "face-recognition-models": "the pack dlib needs it: reinstall overt",
}


@dataclass(frozen=True, slots=True)
class WouldRun:
    pack: str
    digest: str
    found_in: str
    model: str
    precision: str
    engine: str


def add_to(app: typer.Typer) -> None:
    app.command()(doctor)


def doctor(
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object on standard output.")
    ] = False,
) -> None:
    """Tell what is installed, which pack, precision and engine would run, and what is missing.

    Status 1 if nothing could run.
    """
    from overt.models.engines import supported_precisions

    installed = {name: _version(name) for name in PACKAGES}
    reports = survey_packs(search_folders())
    would_run, trouble = _try_to_run()
    missing = _missing(installed, reports)
    precisions = sorted(precision.value for precision in supported_precisions())
    facts: dict[str, object] = {
        "overt": overt.__version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "home": str(home_folder()),
        "home_writable": _writable(home_folder()),
        "searched": [str(folder) for folder in search_folders()],
        "packages": installed,
        "packs": [report.as_facts() for report in reports],
        "precisions": precisions,
        "bf16": "bf16" in precisions,
        "would_run": asdict(would_run) if would_run else None,
        "missing": [*missing, *([trouble] if trouble else [])],
    }
    answer(facts, _lines(facts, reports, would_run), as_json=as_json)
    if trouble:
        raise Refused(trouble)


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _try_to_run() -> tuple[WouldRun | None, str]:
    """Load the default pack as a run would, and say what engaged."""
    from overt.templates.load import load_networks

    try:
        pack = default_pack(search=search_folders())
        networks = load_networks(
            pack,
            precision=pack.manifest.precisions[0].value,
            threads=os.cpu_count() or 1,
            working_size=None,
        )
    except (Refused, Fault) as trouble:
        return None, str(trouble)
    return (
        WouldRun(
            pack=pack.manifest.name,
            digest=pack.digest,
            found_in=str(pack.found_in),
            model=networks.model,
            precision=networks.precision,
            engine=networks.engine,
        ),
        "",
    )


def _missing(installed: dict[str, str | None], reports: tuple[PackReport, ...]) -> list[str]:
    packages = [
        f"{name}: {OPTIONAL.get(name, f'pip install {name}')}"
        for name, found in installed.items()
        if found is None
    ]
    packs = [
        report.remark for report in reports if report.state in {PackState.MISSING, PackState.WRONG}
    ]
    return packages + packs


def _writable(folder: Path) -> bool:
    """Say whether this account may write there, or make it; nothing is made."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def _lines(
    facts: dict[str, object], reports: tuple[PackReport, ...], would_run: WouldRun | None
) -> list[str]:
    lines = [
        f"overt {facts['overt']}, Python {facts['python']}, {facts['system']}",
        f"home {facts['home']}" + ("" if facts["home_writable"] else " (cannot be written)"),
        "bf16: this processor has it" if facts["bf16"] else "bf16: not on this processor; f32 only",
    ]
    lines += [
        f"pack {report.manifest.name}: {report.state.value}"
        + (f" in {report.found_in}" if report.found_in else "")
        for report in reports
    ]
    if would_run:
        lines.append(
            f"would run: pack {would_run.pack}, precision {would_run.precision}, {would_run.engine}"
        )
    missing = facts["missing"]
    assert isinstance(missing, list)
    return lines + [f"missing: {each}" for each in missing]
