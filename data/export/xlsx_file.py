"""The one place where rows become a workbook: typed columns, the codebook on a second sheet, the filter on a third.

DuckDB writes each row's XML, so a hundred thousand rows take seconds. Text is stored as text: no spreadsheet program
runs it, and what looks like a formula also carries the mark that keeps it text when somebody edits the cell.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape

from data.export.formula import LEAD, risky_columns
from data.export.request import ExportReport, Job
from data.scalar import count
from schema.conditions import quoted
from schema.errors import ExportError
from schema.text import safe_text

MOST_ROWS = 1_048_575
MOST_CHARACTERS = 32_767
_LINES = 2048
_NUMBERS = ("BIGINT", "INTEGER", "SMALLINT", "TINYINT", "HUGEINT", "DOUBLE", "FLOAT", "DECIMAL", "UBIGINT")
_DATE, _BOLD, _QUOTED, _MOMENT = 1, 2, 3, 4
_WIDE = {"notes": 80, "actor1": 32, "actor2": 32, "source": 24, "sub_event_type": 28, "event_date": 12}
_XMLNS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEETS = ("events", "codebook", "about")
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def write(job: Job, draft: Path) -> ExportReport:
    """Write one workbook; ExportError where the rows do not fit one sheet."""
    rows = _count(job, "TRUE")
    if rows > MOST_ROWS:
        raise ExportError(
            f"A sheet holds {MOST_ROWS:,} rows and these are {rows:,}; filter them, or choose CSV or Parquet."
        )
    cut = _count(
        job,
        " OR ".join(f"length({_of(job, name)}) > {MOST_CHARACTERS}" for name in job.selection.text_columns),
    )
    notes = (
        (f"{cut:,} events have a text longer than a cell holds ({MOST_CHARACTERS:,} characters); it is cut.",)
        if cut
        else ()
    )
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as book:
        for name, text in _frame().items():
            book.writestr(name, text)
        with book.open("xl/worksheets/sheet1.xml", "w") as sheet:
            _write_rows(job, sheet, rows)
        book.writestr("xl/worksheets/sheet2.xml", _plain_sheet(_codebook_rows(job), (22, 22, 10, 80, 60)))
        book.writestr("xl/worksheets/sheet3.xml", _plain_sheet(_about_rows(job, rows, notes), (16, 100)))
    return job.report(rows, neutralised=sum(risky_columns(job.con, job.selection).values()), notes=notes)


def _count(job: Job, condition: str) -> int:
    return count(job.con, f"{job.selection.rows} AND ({condition or 'FALSE'})")


def _of(job: Job, name: str) -> str:
    return job.selection.expression_of(name)


def _write_rows(job: Job, sheet: IO[bytes], rows: int) -> None:
    columns = job.selection.columns
    widths = "".join(
        f'<col min="{place}" max="{place}" width="{_WIDE.get(name, 14)}" customWidth="1"/>'
        for place, name in enumerate(columns, 1)
    )
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    sheet.write(
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet {_XMLNS}><sheetViews>'.encode()
    )
    sheet.write(
        f'<sheetView workbookViewId="0">{pane}</sheetView></sheetViews><cols>{widths}</cols><sheetData>'.encode()
    )
    sheet.write(_row(columns, style=_BOLD).encode())
    cells = " || ".join(
        _cell(quoted(name), kind) for name, kind in zip(columns, job.selection.types, strict=True)
    )
    result = job.con.execute(f"SELECT '<row>' || {cells} || '</row>' FROM ({job.selection.sql})")
    while chunk := result.fetchmany(_LINES):
        sheet.write("\n".join(line for (line,) in chunk).encode())
    filtered = f'<autoFilter ref="A1:{_letters(len(columns))}{rows + 1}"/>'
    sheet.write(f"</sheetData>{filtered}</worksheet>".encode())


def _cell(column: str, kind: str) -> str:
    """SQL that writes one cell: a number, a day's number, or text."""
    if kind.startswith(_NUMBERS):
        return f"coalesce('<c><v>' || {column} || '</v></c>', '<c/>')"
    if kind == "DATE":
        return f"coalesce('<c s=\"{_DATE}\"><v>' || ({column} - DATE '1899-12-30') || '</v></c>', '<c/>')"
    if kind.startswith("TIMESTAMP"):
        days = f"(epoch({column}) / 86400 + 25569)"
        return f"coalesce('<c s=\"{_MOMENT}\"><v>' || {days} || '</v></c>', '<c/>')"
    text = f"left({column}::VARCHAR, {MOST_CHARACTERS})"
    for raw, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;")):
        text = f"replace({text}, '{raw}', '{written}')"
    text = (
        f"regexp_replace({text}, '[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x{{FFFE}}\\x{{FFFF}}]', '\ufffd', 'g')"
    )
    style = f"CASE WHEN regexp_matches({column}::VARCHAR, '^''*{LEAD}') THEN ' s=\"{_QUOTED}\"' ELSE '' END"
    return f"coalesce('<c t=\"inlineStr\"' || {style} || '><is><t xml:space=\"preserve\">' || {text} || '</t></is></c>', '<c/>')"


def _row(cells: Sequence[str], *, style: int = 0) -> str:
    mark = f' s="{style}"' if style else ""
    written = (
        f'<c t="inlineStr"{mark}><is><t xml:space="preserve">{escape(safe_text(cell))}</t></is></c>'
        for cell in cells
    )
    return f"<row>{''.join(written)}</row>\n"


def _letters(number: int) -> str:
    """The letters of a sheet's column.

    >>> _letters(1), _letters(31)
    ('A', 'AE')
    """
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def _plain_sheet(rows: Iterable[Sequence[str]], widths: Sequence[int]) -> str:
    cols = "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in enumerate(widths, 1)
    )
    body = "".join(
        _row(cells, style=_BOLD if first else 0) for first, cells in zip(_first(), rows, strict=False)
    )
    return f"{_HEAD}<worksheet {_XMLNS}><cols>{cols}</cols><sheetData>{body}</sheetData></worksheet>"


def _first() -> Iterator[bool]:
    yield True
    while True:
        yield False


def _codebook_rows(job: Job) -> Iterator[Sequence[str]]:
    yield ("column", "label", "kind", "description", "values")
    known = {column.name: column for column in job.codebook.columns}
    for name, kind in zip(job.selection.columns, job.selection.types, strict=True):
        column = known.get(name)
        if column is None:
            yield (name, "", kind.casefold(), "", "")
        else:
            yield (name, column.label, column.kind, column.description, "; ".join(column.values))


def _about_rows(job: Job, rows: int, notes: Sequence[str]) -> Iterator[Sequence[str]]:
    yield ("what", "value")
    yield ("codebook", job.codebook.title or job.codebook.name)
    yield ("filter", str(job.selection.filter))
    yield ("rows", str(rows))
    yield ("kind of rows", job.request.rows)
    yield ("written", dt.datetime.now(dt.UTC).isoformat(sep=" ", timespec="seconds"))
    yield from (("note", note) for note in (*job.selection.notes, *notes))


def _frame() -> dict[str, str]:
    """The parts of a workbook that do not depend on the data."""
    head = _HEAD
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    numbers = range(1, len(_SHEETS) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>'
        for n in numbers
    )
    sheets = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(_SHEETS, 1)
    )
    targets = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    styled = f'<Relationship Id="rId{len(_SHEETS) + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    days = '<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    formats = days + '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/>'
    xf = '<xf numFmtId="{0}" fontId="{1}" fillId="0" borderId="0" xfId="0"{2}/>'
    day, moment = ' applyNumberFormat="1"', ' applyNumberFormat="1"'
    xfs = [xf.format(0, 0, ""), xf.format(164, 0, day), xf.format(0, 1, ' applyFont="1"'),
           xf.format(49, 0, ' applyNumberFormat="1" quotePrefix="1"'), xf.format(165, 0, moment)]  # fmt: skip
    font = '<font><sz val="11"/><name val="Calibri"/></font>'
    styles = (
        f'<styleSheet {_XMLNS}><numFmts count="2">{formats}</numFmts>'
        f'<fonts count="2">{font}{font.replace("<font>", "<font><b/>")}</fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(xfs)}">{"".join(xfs)}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )
    return {
        "[Content_Types].xml": f'{head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>{overrides}</Types>',
        "_rels/.rels": f'{head}<Relationships xmlns="{rels}">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{head}<workbook {_XMLNS} xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{head}<Relationships xmlns="{rels}">{targets}{styled}</Relationships>',
        "xl/styles.xml": head + styles,
    }
