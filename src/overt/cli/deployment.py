"""`overt deployment`: submit, sign, check, and every other move of a deployment's life."""

from pathlib import Path
from typing import Annotated

import typer

from overt.cli.acting import acting
from overt.cli.answer import answer, remark
from overt.cli.deployment_moves import AsJson, File, add_moves, rules_told
from overt.cli.deployment_records import add_records
from overt.cli.progress_bar import progress_bar
from overt.errors import Refused
from overt.policy.rule import Rule, broken

app = typer.Typer(help="Deployments: from the draft to the evaluation.", no_args_is_help=True)


@app.command()
def sign(
    file: File,
    key: Annotated[Path, typer.Option(help="The officer's private key, officer.key.")],
    as_json: AsJson = False,
) -> None:
    """Sign a deployment that keeps every rule: writes DEPLOYMENT.toml.sig.

    The signature covers the file, the watchlist's and the model pack's digests, the precision
    and the profile's version. Change any of them and it must be signed again.
    """
    _warn_of_readers(key)
    with acting() as (gate, actor), progress_bar("making templates") as progress:
        report = gate.sign_deployment(actor, file, key, progress)
    if report.checked.banner:
        remark(report.checked.banner)
    made = f"; made {report.templates_made} templates for it" if report.templates_made else ""
    answer(
        {
            "signature": str(report.signature),
            "key": report.key,
            "rank": report.rank,
            "pack": report.pack,
            "model": report.model,
            "templates_made": report.templates_made,
            "banner": report.checked.banner,
            "rules": rules_told(report.checked.results),
        },
        [
            f"signed with key {report.key}{_as(report.rank)}: {report.signature}",
            f"pack {report.pack}, {report.model}{made}",
            *(
                str(each)
                for each in report.checked.results
                if each.rule in {Rule.THRESHOLD, Rule.FORECAST}
            ),
        ],
        as_json=as_json,
    )


@app.command()
def check(file: File, as_json: AsJson = False) -> None:
    """Tell every rule that the deployment meets or breaks; status 0 only if it breaks none."""
    with acting() as (gate, actor):
        checked = gate.check_deployment(actor, file)
    if checked.banner:
        remark(checked.banner)
    answer(
        {"met": checked.met, "banner": checked.banner, "rules": rules_told(checked.results)},
        (str(result) for result in checked.results),
        as_json=as_json,
    )
    if not checked.met:
        wrong = broken(list(checked.results))
        raise Refused(f"{file.name} breaks {len(wrong)} of {len(checked.results)} rules")


def _as(rank: str) -> str:
    return f" as {rank}" if rank else ", whose officer's rank is not registered"


def _warn_of_readers(key: Path) -> None:
    try:
        open_to_others = key.stat().st_mode & 0o077
    except OSError:
        return  # whoever reads it next says why it cannot be read
    if open_to_others:
        remark(f"warning: {key} can be read by other accounts; chmod 600 {key}")


add_moves(app)
add_records(app)
