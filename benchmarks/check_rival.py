"""The rival of benchmarks/check.py: rules as people write them today, pandera columns and vectorised pandas checks."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa

from schema.codebook import load_codebook

ARMED = ["State forces", "Rebel group", "Political militia", "Identity militia", "External/Other forces"]
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"


def schema() -> pa.DataFrameSchema:
    """72 rules: columns with types, values and ranges, and checks over the frame."""
    codebook = load_codebook()
    columns = {}
    for column in codebook.columns:
        checks = []
        if column.kind == "enum":
            checks.append(pa.Check.isin(column.values))
        if column.minimum is not None and column.maximum is not None:
            checks.append(pa.Check.in_range(column.minimum, column.maximum))
        if column.kind == "list":
            checks.append(pa.Check(lambda s: ~s.str.contains(r";[^ ]|;  |; ?$| ;", regex=True)))
        if column.name in {"actor1", "actor2", "location", "notes"}:
            checks.append(pa.Check(lambda s: s.str.isascii()))
            checks.append(pa.Check(lambda s: ~s.str.contains("  ", regex=False)))
            checks.append(pa.Check(lambda s: ~s.str.lower().isin(["nan", "null", "none", "n/a"])))
        if column.name == "event_id_cnty":
            checks.append(pa.Check.str_matches(r"^[A-Z]{3}\d{1,7}$"))
        columns[column.name] = pa.Column(
            None, checks, nullable=not column.required, unique=column.name == "event_id_cnty"
        )
    return pa.DataFrameSchema(columns, checks=_frame_checks(codebook), strict=False)


def _frame_checks(codebook) -> list[pa.Check]:
    event_type = {entry.name: entry.event_type for entry in codebook.sub_event_types}
    disorder = {entry.name: entry.disorder_type for entry in codebook.sub_event_types}
    bloodless = [entry.name for entry in codebook.sub_event_types if entry.fatalities == "none"]
    two_sided = [entry.name for entry in codebook.sub_event_types if entry.actor2 == "required"]
    iso = {entry.name: entry.iso for entry in codebook.countries}
    region = {entry.name: entry.region for entry in codebook.countries}
    prefix = {entry.name: entry.prefix for entry in codebook.countries}
    order = {kind.label: kind.place_in_interaction for kind in codebook.actor_types}

    def interaction(f):
        first, second = f["inter1"].map(order), f["inter2"].map(order)
        pair = (f["inter1"] + "-" + f["inter2"]).where(first <= second, f["inter2"] + "-" + f["inter1"])
        return f["interaction"] == pair.where(f["inter2"].notna(), f["inter1"] + " only")

    def dated(f):
        told = f["notes"].str.extract(rf"(?:On|Around) (\d+ (?:{MONTHS}) \d{{4}})")[0]
        return told.isna() | (
            pd.to_datetime(told, format="%d %B %Y", errors="coerce") == pd.to_datetime(f["event_date"])
        )

    def years(f, side):
        found = f[side].str.extract(r"\((\d{4})-(\d{4})?\)").astype("float64")
        year = f["year"].astype("float64")
        return found[0].isna() | ((year >= found[0]) & ~(year > found[1]))

    def home(f, side, inter):
        of = f[side].str.extract(r"(?:Military|Police) Forces of (?:the )?(.+?) \(")[0]
        return of.isna() | ((of == f["country"]) == (f[inter] == "State forces"))

    def named(f, side, inter, word):
        return f[side].isna() | (f[side].str.startswith(f"{word} (") == (f[inter] == word))

    def ending(f):
        number = f["notes"].str.extract(r"(\d+) fatalit(?:y|ies)\.$")[0].astype("float64")
        return number.isna() | (number == f["fatalities"])

    checks = [
        lambda f: pd.to_datetime(f["event_date"], errors="coerce").dt.year == f["year"],
        lambda f: pd.to_datetime(f["event_date"], errors="coerce") <= pd.Timestamp.now(),
        lambda f: pd.to_datetime(f["event_date"], errors="coerce") >= pd.Timestamp("1900-01-01"),
        lambda f: f["event_type"] == f["sub_event_type"].map(event_type),
        lambda f: f["disorder_type"] == f["sub_event_type"].map(disorder),
        lambda f: f["iso"] == f["country"].map(iso),
        lambda f: f["region"] == f["country"].map(region),
        lambda f: f["event_id_cnty"].str[:3] == f["country"].map(prefix),
        lambda f: f["actor2"].isna() == f["inter2"].isna(),
        lambda f: ~(f["assoc_actor_2"].notna() & f["actor2"].isna()),
        lambda f: ~(f["sub_event_type"].isin(bloodless) & (f["fatalities"] > 0)),
        lambda f: ~(f["sub_event_type"].isin(two_sided) & f["actor2"].isna()),
        lambda f: ~(f["event_type"].eq("Battles") & ~(f["inter1"].isin(ARMED) & f["inter2"].isin(ARMED))),
        lambda f: ~(f["event_type"].eq("Protests") & ~f["actor1"].str.startswith("Protesters (")),
        lambda f: ~(f["event_type"].eq("Riots") & ~f["actor1"].str.startswith("Rioters (")),
        lambda f: ~(f["event_type"].eq("Violence against civilians") & f["inter2"].ne("Civilians")),
        lambda f: (
            ~(f["event_type"].isin(["Protests", "Riots"]) & ~f["tags"].fillna("").str.contains("crowd size="))
        ),
        lambda f: ~(f["event_type"].eq("Explosions/Remote violence") & ~f["inter1"].isin(ARMED)),
        lambda f: ~((f["latitude"] == 0) & (f["longitude"] == 0)),
        lambda f: (
            f["timestamp"] >= pd.to_datetime(f["event_date"], errors="coerce").astype("int64") // 1_000_000
        ),
        lambda f: (
            ~(
                f["notes"].str.contains("On ", regex=False)
                & f["time_precision"].isin([2, 3])
                & f["notes"].str.startswith("On")
            )
        ),
        lambda f: ~(f["notes"].str.contains("no fatalities|Casualties unknown") & (f["fatalities"] > 0)),
        lambda f: ~f["notes"].str.contains(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", regex=True),
        lambda f: f["notes"].str.len() >= 20,
        lambda f: ~f["notes"].str.contains(r"[\r\n\t]", regex=True),
        lambda f: ~f["source"].str.contains("https?://|www", regex=True),
        interaction,
        dated,
        ending,
        lambda f: years(f, "actor1"),
        lambda f: years(f, "actor2"),
        lambda f: home(f, "actor1", "inter1"),
        lambda f: home(f, "actor2", "inter2"),
        *(
            lambda f, w=word: named(f, "actor1", "inter1", w)
            for word in ("Protesters", "Rioters", "Civilians")
        ),
        *(
            lambda f, w=word: named(f, "actor2", "inter2", w)
            for word in ("Protesters", "Rioters", "Civilians")
        ),
    ]
    return [pa.Check(check, name=f"check_{number}", ignore_na=False) for number, check in enumerate(checks)]
