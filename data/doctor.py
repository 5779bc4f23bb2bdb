"""The one place where a project is examined and mended: ledger, parts, manifest, counts, evidence, rules.

Without `repair` nothing is changed. A repair never deletes what it cannot make again: damaged files are set aside in
`damaged/`.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any, Final

from data.fold import fold, fold_history, fold_lock
from data.ledger import Ledger
from data.ledger.articles import damaged_articles
from data.ledger.cells import decode_evidence
from data.mend import damaged_revisions, drop_history, drop_part, restore_revisions, salvage_ledger, set_aside
from data.parts import Part, fault
from data.project import Project
from data.records import FIRST_IMPORTED_KEY
from data.shelf import MANIFEST, generation, live_parts, manifest_of, settle
from schema.errors import StoreError
from schema.text import counted

_SHOWN: Final = 20


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, and what became of it."""

    what: str
    mended: bool
    advice: str = ""

    def line(self) -> str:
        """The finding for people."""
        state = "Mended" if self.mended else "Wrong"
        return f"{state}: {self.what}" + (f" {self.advice}" if self.advice else "")


@dataclass(frozen=True)
class DoctorReport:
    """How a project is."""

    folder: str
    findings: tuple[Finding, ...]
    checked: tuple[str, ...]
    """What was looked at, with counts."""
    broken_rules: dict[str, int]
    """Rules that rows of the dataset break (as warnings, or since the codebook changed) and how many do."""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong any more."""
        return all(finding.mended for finding in self.findings)

    def lines(self) -> list[str]:
        """The report for people."""
        told = [f"{self.folder}: " + ("in good health." if self.ok else "needs attention.")]
        told += [finding.line() for finding in self.findings]
        told += [f"Checked: {what}" for what in self.checked]
        told += [
            f"Rule {rule}: broken in {counted(count, 'event')} of the dataset"
            for rule, count in self.broken_rules.items()
        ]
        return told

    def to_json(self) -> dict[str, Any]:
        """The report for programs."""
        return {
            "folder": self.folder, "ok": self.ok, "findings": [vars(f) for f in self.findings],
            "checked": list(self.checked), "broken_rules": self.broken_rules,
        }  # fmt: skip


def doctor(project: Project, repair: bool = False) -> DoctorReport:
    """Examine a project; with repair, mend what can be made again and say what cannot."""
    findings: list[Finding] = []
    checked: list[str] = []
    if not _ledger_is_sound(project, findings, checked, repair=repair):
        return DoctorReport(str(project.folder), tuple(findings), tuple(checked), {})
    lock = fold_lock(project) if repair else None
    try:
        if lock is None:
            with Ledger.open_to_read(project) as ledger:
                _examine(project, ledger, findings, checked, repair=False)
        else:
            with lock.held(), Ledger.open(project) as ledger:
                _examine(project, ledger, findings, checked, repair=True)
    finally:
        if lock is not None:
            lock.close()
    if repair and findings:
        fold(project)
    rules = _broken_rules(project) if all(finding.mended for finding in findings) else {}
    return DoctorReport(str(project.folder), tuple(findings), tuple(checked), rules)


def _examine(
    project: Project, ledger: Ledger, findings: list[Finding], checked: list[str], *, repair: bool
) -> None:
    _check_heads(ledger.db, findings, checked)
    _check_texts(project, ledger, findings, checked, repair=repair)
    _check_parts(project, ledger, findings, checked, repair=repair)
    _check_folder(project, ledger.db, findings, repair=repair)
    _check_counts(project, ledger.db, findings)
    _check_evidence(ledger.db, findings, checked)


def _ledger_is_sound(project: Project, findings: list[Finding], checked: list[str], *, repair: bool) -> bool:
    """Whether the ledger can be worked with, after mending it where asked."""
    if not project.ledger_path.exists():
        told = f"{project.ledger_path} is missing."
    else:
        try:
            with Ledger.open_to_read(project) as ledger:
                rows = [row[0] for row in ledger.db.execute("PRAGMA integrity_check(20)")]
                rows = [] if rows == ["ok"] else rows
                loose = len(ledger.db.execute("PRAGMA foreign_key_check").fetchall())
            if not rows and not loose:
                checked.append("the ledger, page by page")
                return True
            told = f"{project.ledger_path} is damaged ({(rows or [f'{loose} loose rows'])[0]})."
        except (StoreError, sqlite3.Error) as error:
            told = f"{project.ledger_path} is damaged ({error.__cause__ or error})."
    if not repair:
        findings.append(
            Finding(
                told, False, "Restore the last backup, or run doctor with --repair to save what can be read."
            )
        )
        return False
    saved = salvage_ledger(project)
    findings.append(Finding(told, True, saved))
    return True


def _check_heads(db: sqlite3.Connection, findings: list[Finding], checked: list[str]) -> None:
    wrong = db.execute(
        "SELECT count(*) FROM head LEFT JOIN revision USING (seq) WHERE revision.seq IS NULL "
        "OR revision.event_key <> head.event_key OR revision.revision <> head.revision "
        "OR revision.status <> head.status OR revision.article_id IS NOT head.article_id"
    ).fetchone()[0]
    torn = db.execute(
        "SELECT count(*) FROM (SELECT event_key, count(*) AS n, max(revision) AS top, min(revision) AS low FROM revision "
        "GROUP BY event_key HAVING top - low + 1 <> n)"
    ).fetchone()[0]
    count = db.execute("SELECT count(*) FROM revision").fetchone()[0]
    checked.append(f"{count:,} revisions")
    if wrong or torn:
        findings.append(
            Finding(f"{wrong + torn} events have a history with gaps.", False, "Restore the last backup.")
        )


def _check_texts(
    project: Project, ledger: Ledger, findings: list[Finding], checked: list[str], *, repair: bool
) -> None:
    """SQLite keeps no checksums: a flipped bit inside a row is found by ours."""
    seqs = damaged_revisions(ledger.db)
    articles = damaged_articles(ledger.db)
    checked.append("the text of every save and article against its checksum")
    if articles:
        names = ", ".join(str(number) for number in articles[:_SHOWN])
        findings.append(
            Finding(f"The text of article {names} is damaged.", False, "Restore the last backup.")
        )
    if not seqs:
        return
    told = f"{len(seqs)} saves in the ledger are damaged."
    mended = repair and restore_revisions(project, ledger, seqs) == len(seqs)
    advice = (
        "They were brought back from the Parquet history."
        if mended
        else "Run doctor with --repair, or restore the last backup."
    )
    findings.append(Finding(told, mended, advice))


def _check_parts(
    project: Project, ledger: Ledger, findings: list[Finding], checked: list[str], *, repair: bool
) -> None:
    parts = [*live_parts(ledger.db, "events"), *live_parts(ledger.db, "history")]
    for part in parts:
        told = fault(project, part)
        if told is None:
            continue
        if not repair:
            advice = _part_advice(part)
            findings.append(Finding(told, False, advice))
        else:
            findings.append(_mend_part(project, ledger, part, told))
    checked.append(f"{len(parts)} Parquet files, {sum(part.rows for part in parts):,} rows, byte by byte")


def _part_advice(part: Part) -> str:
    if part.kind == "events" and part.first_key >= FIRST_IMPORTED_KEY:
        return (
            f"It holds {part.rows:,} imported events: run doctor with --repair, then import the file again."
        )
    return "Run doctor with --repair: the ledger holds everything in it."


def _mend_part(project: Project, ledger: Ledger, part: Part, told: str) -> Finding:
    if _other_name_is_sound(project, part):
        return Finding(told, True, "Its second name in the dataset folder was whole.")
    set_aside(project, part)
    if part.kind == "history":
        lost = drop_history(project, ledger, part)
        fold_history(project, ledger, project.codebook())
        note = "" if not lost else f" Former states of up to {lost:,} imported events are lost."
        return Finding(told, True, f"The history was written again from the ledger.{note}")
    drop_part(ledger, part)
    if part.first_key >= FIRST_IMPORTED_KEY:
        advice = f"{part.rows:,} imported events are out of the dataset until their file is imported again."
        return Finding(told, False, advice)
    return Finding(told, True, "Its events were written again from the ledger.")


def _other_name_is_sound(project: Project, part: Part) -> bool:
    other = project.events_folder / part.file
    path = part.path(project)
    if path.exists() or not other.exists():
        return False
    other.rename(path)
    if fault(project, part) is None:
        return True
    path.rename(other)
    return False


def _check_folder(project: Project, db: sqlite3.Connection, findings: list[Finding], *, repair: bool) -> None:
    live, history = live_parts(db, "events"), live_parts(db, "history")
    there = {path.name for path in project.events_folder.glob("*.parquet")}
    manifest = project.events_folder / MANIFEST
    right = manifest_of(project, live, history, generation(db))
    told = []
    if there != {part.file for part in live}:
        told.append(f"{project.events_folder} does not hold exactly the live files of the dataset.")
    if live and (not manifest.exists() or manifest.read_bytes() != right):
        told.append(f"{manifest} is missing or out of date.")
    if told and repair:
        settle(project, db)
    findings += [
        Finding(what, repair, "" if repair else "Run doctor with --repair, or: eventcoder sync")
        for what in told
    ]


def _check_counts(project: Project, db: sqlite3.Connection, findings: list[Finding]) -> None:
    in_parts = sum(part.rows for part in live_parts(db, "events") if part.first_key < FIRST_IMPORTED_KEY)
    present = db.execute(
        "SELECT count(*) FROM head WHERE present = 1 AND event_key < ?", (FIRST_IMPORTED_KEY,)
    ).fetchone()[0]
    if in_parts != present:
        advice = "Run doctor with --repair; if it stays, report it with this sentence."
        findings.append(
            Finding(
                f"The Parquet files hold {in_parts:,} coded events, the ledger counts {present:,}.",
                False,
                advice,
            )
        )


def _check_evidence(db: sqlite3.Connection, findings: list[Finding], checked: list[str]) -> None:
    count, wrong = 0, []
    rows = db.execute(
        "SELECT head.event_key, evidence, article_text.text FROM head JOIN revision USING (seq) "
        "JOIN article_text ON article_text.article_id = revision.article_id WHERE evidence <> '[]'"
    )
    for event_key, evidence, text in rows:
        for piece in decode_evidence(evidence):
            count += 1
            if text[piece.start : piece.end] != piece.quote:
                wrong.append(event_key)
    checked.append(f"{count:,} pieces of evidence against their articles")
    if wrong:
        events = ", ".join(str(key) for key in sorted(set(wrong))[:_SHOWN])
        findings.append(
            Finding(
                f"Evidence of event {events} is not the text at its place.",
                False,
                "Open the events and mark it again.",
            )
        )


def _limits(spill: str) -> dict[str, str]:
    """Rules of the whole table look at all events at once; what is more than this goes to the disk meanwhile."""
    return {"memory_limit": "1GB", "temp_directory": spill, "preserve_insertion_order": "false"}


def _broken_rules(project: Project) -> dict[str, int]:
    from data.views import connect, spill_folder
    from data.vocabulary import judging_codebook
    from schema.relation_judge import judge_relation

    codebook = judging_codebook(project)
    found: dict[str, int] = {}
    with spill_folder(project) as spill, connect(project, config=_limits(spill)) as con:
        for origin in ("coded", "imported"):
            relation = f"(SELECT * FROM events WHERE origin = '{origin}')"
            table = judge_relation(con, relation, codebook, imported=origin == "imported")
            for rule, count in con.execute(
                f"SELECT rule_id, count(*) FROM {table} GROUP BY ALL ORDER BY ALL"
            ).fetchall():
                found[rule] = found.get(rule, 0) + count
    return found
