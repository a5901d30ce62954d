"""The evaluation of a deployment: its figures are the log's, its judgements are people's (R58).

The form is worked out from lines of the log alone. What people add are answers; a form that comes
back with other figures than the log has, or with a question unanswered, is refused.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from overt.config.canonical import digest_of
from overt.errors import Refused
from overt.identifiers import Digest
from overt.policy.public_record import PublicRecord
from overt.policy.told import Told
from overt.units import iso

TITLE: Final = "# Evaluation of the deployment "
JUDGEMENT: Final = "## Judgement"
BLANK: Final = "[to be written]"
QUESTIONS: Final = (
    "Was the purpose reached, and what shows it?",
    "Was it necessary and proportionate, as it turned out? What would have done instead?",
    "Each incorrect alert and each person stopped by mistake: why, and what was done for them?",
    "Did any group of people fare worse, by the figures, the suspensions or the complaints?",
    "What did people at the screen and in the street find hard?",
    "What is to change before the next deployment, by whom and until when?",
)


def evaluation_form(record: PublicRecord, governed_by: str, told: Sequence[Told]) -> str:
    """The form with its figures filled in and its answers blank."""
    return "\n".join([*_figures(record, governed_by, told), JUDGEMENT, "", *_questions()])


def figures_digest(form: str) -> Digest:
    """Of what the log says; whoever has the log makes it again and compares."""
    return digest_of(_figures_of(form).encode())


def is_form(report: str) -> bool:
    return TITLE in report


def require_answered(report: str, form: str) -> None:
    """Raise Refused where a form that came back has other figures, or a blank left."""
    if _figures_of(report) != _figures_of(form):
        raise Refused(
            "the figures of the report are not those of the log: make the form anew (overt "
            "deployment evaluation-form) and copy the answers into it"
        )
    answers = report[report.index(JUDGEMENT) :]
    for question, end in zip(QUESTIONS, [*QUESTIONS[1:], ""], strict=True):
        if not _answer(answers, question, end):
            raise Refused(f"the report leaves a question without an answer: {question}")


def _answer(answers: str, question: str, following: str) -> str:
    _, asked, rest = answers.partition(f"### {question}\n")
    answer = rest.partition(f"### {following}\n")[0] if following else rest
    said = " ".join(answer.replace(BLANK, " ").split())
    return said if asked else ""


def _figures_of(form: str) -> str:
    begins, ends = form.find(TITLE), form.find(f"\n{JUDGEMENT}")
    if not 0 <= begins < ends:
        raise Refused(
            "the report is no whole form: make it anew (overt deployment evaluation-form)"
        )
    return "\n".join(line.rstrip() for line in form[begins:ends].splitlines()).rstrip()


def _figures(record: PublicRecord, governed_by: str, told: Sequence[Told]) -> Iterator[str]:
    yield from (f"{TITLE}{record.deployment}", "")
    yield from (
        "Worked out from the log; a form with other figures is refused. The answers are people's.",
        "", f"Rules: {governed_by}", "", "## Figures", "", "| figure | value |", "|---|---|",
    )  # fmt: skip
    yield from (f"| {name} | {value} |" for name, value in record.columns(drill=False).items())
    yield from ("", "## What happened", "", "| line | time | by | what |", "|---|---|---|---|")
    yield from (f"| {line.seq} | {iso(line.at)} | {line.by} | {line.event} |" for line in told)
    yield ""


def _questions() -> Iterable[str]:
    for question in QUESTIONS:
        yield from (f"### {question}", "", BLANK, "")
