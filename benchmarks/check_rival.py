"""The rival of benchmarks/check.py: rules as people write them today, pandera columns and vectorised pandas checks."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa

from schema.codebook import load_codebook

ARMED = ["State forces", "Rebel group", "Political militia", "Identity militia", "External/Other forces"]
BOUNDS = ("south", "west", "north", "east")
SEA = r"\b(?:Coast|Sea|Ocean|Gulf|Bay|Strait|Channel|Waters)\b"
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"


def schema() -> pa.DataFrameSchema:
    """Columns with types, values and ranges, and checks over the frame."""
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
    checks += _further_checks(codebook)
    return [pa.Check(check, name=f"check_{number}", ignore_na=False) for number, check in enumerate(checks)]


def _further_checks(codebook) -> list:
    targeting = {entry.name: entry.targeting for entry in codebook.sub_event_types}
    deadly = {entry.name: entry.fatalities for entry in codebook.sub_event_types}
    labels = {entry.name: set(entry.note_labels) for entry in codebook.sub_event_types}
    first_year = {entry.name: entry.first_year for entry in codebook.countries}
    sides = {
        side: {(entry.name, kind) for entry in codebook.sub_event_types for kind in getattr(entry, side)}
        for side in ("side1", "side2")
    }

    def seen(f, side, inter):
        pairs = pd.MultiIndex.from_arrays([f["sub_event_type"], f[inter]])
        return f[inter].isna() | pairs.isin(sides[side])

    def labelled(f):
        first = f["notes"].str.split(": ", n=1).str[0]
        wanted = f["sub_event_type"].map(labels)
        return pd.Series(
            [not w or t in w if isinstance(w, set) else True for w, t in zip(wanted, first, strict=True)],
            index=f.index,
        )

    def share(f):
        told = f["notes"].str.extract(r"coded as (\d+) (?:for|in) this event")[0].astype("float64")
        return told.isna() | (told == f["fatalities"])

    def coded(f):
        told = f["notes"].str.extract(r"atalities coded as (\d+)")[0].astype("float64")
        return told.isna() | f["notes"].str.contains("split", regex=False) | (told == f["fatalities"])

    def evenly(f):
        told = (
            f["notes"]
            .str.extract(r"(\d+) fatalities split (?:across|between|over) (\d+) events")
            .astype("float64")
        )
        least = told[0] // told[1]
        return told[0].isna() | f["fatalities"].between(least, least + 1)

    def middle(f):
        told = f["notes"].str.extract(r"\(between (\d+) - (\d+) [A-Z]").astype("float64")
        return told[0].isna() | ((2 * _days(f).dt.day - told[0] - told[1]).abs() <= 2)

    def own_country(f, side):
        crowd = f[side].str.startswith(("Protesters (", "Rioters (", "Civilians ("))
        return pd.Series(
            [
                not c or not isinstance(t, str) or f"({n})" in t
                for c, t, n in zip(crowd.fillna(False), f[side], f["country"], strict=True)
            ],
            index=f.index,
        )

    def unrepeated(f, listed, main):
        members = f[listed].fillna("").str.split("; ")
        return pd.Series(
            [
                len(set(held)) == len(held) and who not in held
                for held, who in zip(members, f[main], strict=True)
            ],
            index=f.index,
        )

    known = pd.DataFrame(
        {
            "kind": [actor.actor_type for actor in codebook.named_actors],
            "home": [actor.home for actor in codebook.named_actors],
            "first": pd.to_datetime([actor.first_day or None for actor in codebook.named_actors]),
            "last": pd.to_datetime([actor.last_day or None for actor in codebook.named_actors]),
        },
        index=[actor.name for actor in codebook.named_actors],
    )

    def called_so(f, side):
        days = _days(f)
        return ~((days < f[side].map(known["first"])) | (days > f[side].map(known["last"])))

    def of_type(f, side, inter):
        kind = f[side].map(known["kind"])
        abroad = f[inter].eq("External/Other forces") & f["country"].ne(f[side].map(known["home"]))
        return (
            kind.isna()
            | f[inter].eq(kind)
            | (kind.eq("State forces") & abroad)
            | ~called_so(f, side)
            | f[inter].isna()
        )

    box = pd.DataFrame(
        {bound: [getattr(entry, bound) for entry in codebook.countries] for bound in BOUNDS},
        index=[entry.name for entry in codebook.countries],
    ).astype("float64")

    def within(f):
        south, west, north, east = (f["country"].map(box[bound]) for bound in BOUNDS)
        at_sea = f["admin1"].isna() | f["location"].fillna("").str.contains(SEA, regex=True)
        margin = at_sea.map({True: 15.0, False: 1.0})
        eastward = (f["longitude"] - west + margin + 720) % 360
        return south.isna() | (
            f["latitude"].between(south - margin, north + margin)
            & (eastward <= (east - west + 720) % 360 + 2 * margin)
        )

    def at_one_point(f):
        places = f.groupby(["country", "admin1", "admin2", "admin3", "location"], dropna=False)[
            ["latitude", "longitude"]
        ]
        return ((places.transform("max") - places.transform("min")) < 0.5).all(axis=1)

    def ordered(f):
        scale = {level: place for place, level in enumerate(codebook.source_scales)}
        told = f["source_scale"].str.split("-", n=1, expand=True)
        return told[1].isna() | (told[0].map(scale) < told[1].map(scale))

    def lower(f):
        told = (
            f["notes"]
            .str.extract(r"(\d+) ?(?:-|/|or|to) ?[0-9,]+ (?:fatalities|deaths|people killed|dead)")[0]
            .astype("float64")
        )
        settled = f["notes"].str.contains("coded|split", regex=True)
        return told.isna() | settled | (told == f["fatalities"])

    says = lambda f, text: f["notes"].str.contains(text, regex=False)  # noqa: E731
    opens = r"^(?:[A-Z][A-Za-z/ ]*: )?"
    is_type = lambda f, *names: f["event_type"].isin(names)  # noqa: E731
    is_sub = lambda f, *names: f["sub_event_type"].isin(names)  # noqa: E731
    civilian = lambda f: f["inter1"].eq("Civilians") | f["inter2"].eq("Civilians")  # noqa: E731
    flagged = lambda f: f["civilian_targeting"].notna()  # noqa: E731
    return [
        lambda f: ~(_days(f).dt.year < f["country"].map(first_year)),
        lambda f: ~(f["notes"].str.contains(opens + "Around ", regex=True) & f["time_precision"].eq(1)),
        lambda f: (
            ~(
                f["notes"].str.contains(opens + r"Around [^,(]*,", regex=True)
                & f["time_precision"].isin([2, 3])
            )
        ),
        lambda f: f["notes"].str.contains(opens + r"(?:On|Around) \d+ [A-Z]", regex=True),
        middle,
        lambda f: ~(says(f, "(month of)") & _days(f).dt.day.ne(15)),
        lambda f: ~(says(f, "(week of)") & ~_days(f).dt.dayofweek.isin([2, 3])),
        lambda f: ~(says(f, "(month of)") & f["time_precision"].ne(3)),
        lambda f: f["timestamp"] < pd.Timestamp.now().timestamp() + 172800,
        lambda f: (
            ~(
                f["sub_event_type"].map(targeting).eq("always")
                & is_type(f, "Violence against civilians")
                & ~flagged(f)
            )
        ),
        lambda f: ~(f["sub_event_type"].map(targeting).eq("never") & flagged(f)),
        lambda f: ~(f["sub_event_type"].map(targeting).eq("civilian actor") & civilian(f) & ~flagged(f)),
        lambda f: ~(f["sub_event_type"].map(targeting).eq("civilian actor") & ~civilian(f) & flagged(f)),
        lambda f: ~(f["sub_event_type"].map(targeting).eq("always") & is_type(f, "Protests") & ~flagged(f)),
        lambda f: ~(f["sub_event_type"].map(deadly).eq("at least one") & (f["fatalities"] < 1)),
        lambda f: ~(f["sub_event_type"].map(deadly).eq("rare") & (f["fatalities"] > 0)),
        coded,
        share,
        evenly,
        lambda f: f["fatalities"] <= 1000,
        lambda f: (
            ~(is_type(f, "Battles") & f["assoc_actor_1"].fillna("").str.contains("Civilians (", regex=False))
        ),
        lambda f: (
            ~(is_type(f, "Battles") & f["assoc_actor_2"].fillna("").str.contains("Civilians (", regex=False))
        ),
        lambda f: ~(is_type(f, "Protests") & f["inter1"].ne("Protesters") & f["inter2"].ne("Protesters")),
        lambda f: ~(is_type(f, "Riots") & f["inter1"].ne("Rioters") & f["inter2"].ne("Rioters")),
        lambda f: ~(is_sub(f, "Peaceful protest") & f["inter2"].notna() & f["inter2"].ne("Protesters")),
        lambda f: ~(is_sub(f, "Protest with intervention") & f["inter2"].isin(["Protesters", "Civilians"])),
        lambda f: ~(is_type(f, "Violence against civilians") & ~f["inter1"].isin(ARMED)),
        lambda f: ~(is_type(f, "Explosions/Remote violence") & f["inter2"].isin(["Rioters", "Protesters"])),
        lambda f: ~(f["inter1"].eq("Civilians") & ~is_sub(f, "Other")),
        lambda f: ~(is_sub(f, "Government regains territory") & f["inter1"].ne("State forces")),
        lambda f: ~(is_sub(f, "Non-state actor overtakes territory") & f["inter1"].eq("State forces")),
        lambda f: seen(f, "side1", "inter1"),
        lambda f: seen(f, "side2", "inter2"),
        *(
            lambda f, s=side, i=inter: (
                ~(
                    f[s].fillna("").str.contains("^Unidentified (?:Armed Group|Gang)", regex=True)
                    & f[i].ne("Political militia")
                )
            )
            for side, inter in (("actor1", "inter1"), ("actor2", "inter2"))
        ),
        lambda f: (
            ~(
                f["actor1"]
                .fillna("")
                .str.contains("^Unidentified (?:Ethnic|Communal|Clan|Tribal) ", regex=True)
                & f["inter1"].ne("Identity militia")
            )
        ),
        lambda f: unrepeated(f, "assoc_actor_1", "actor1"),
        lambda f: unrepeated(f, "assoc_actor_2", "actor2"),
        lambda f: unrepeated(f, "source", "notes"),
        lambda f: own_country(f, "actor1"),
        lambda f: own_country(f, "actor2"),
        lambda f: (
            ~f["actor1"].fillna("").str.contains(";", regex=False)
            & ~f["actor2"].fillna("").str.contains(";", regex=False)
        ),
        lambda f: f["actor1"].fillna("").str.count(r"\(") == f["actor1"].fillna("").str.count(r"\)"),
        lambda f: f["actor2"].fillna("").str.count(r"\(") == f["actor2"].fillna("").str.count(r"\)"),
        lambda f: (
            ~(
                f["notes"].str.startswith("Displacement:")
                & f["inter1"].eq("Civilians")
                & f["assoc_actor_1"].isna()
            )
        ),
        lambda f: ~(f["latitude"].eq(0) ^ f["longitude"].eq(0)),
        lambda f: f["latitude"].round(4).eq(f["latitude"]) & f["longitude"].round(4).eq(f["longitude"]),
        lambda f: (
            ~(f["geo_precision"].eq(1) & f["notes"].str.contains(r"\(coded (?:to|as) [A-Z]", regex=True))
        ),
        lambda f: ~(f["geo_precision"].eq(3) & ~says(f, "coded to") & ~says(f, "coded as")),
        lambda f: (
            ~(
                f["location"].eq(f["country"])
                & f["geo_precision"].eq(3)
                & ~is_type(f, "Strategic developments")
            )
        ),
        lambda f: ~(f["admin1"].isna() & ~f["location"].fillna("").str.startswith("Coast of ")),
        lambda f: ~(f["admin3"].notna() & f["admin2"].isna()),
        lambda f: ~(f["location"].fillna("").str.startswith("Coast of ") & f["geo_precision"].eq(1)),
        labelled,
        lambda f: (
            ~(
                ~f["sub_event_type"].map(labels).astype(bool)
                & f["notes"].str.contains(r"^[A-Z][A-Za-z/ ]+: (?:On|Around) ", regex=True)
            )
        ),
        lambda f: (
            ~is_type(f, "Battles", "Explosions/Remote violence", "Violence against civilians")
            | f["notes"].str.contains("atalit|asualt|kill|died|dead|death|injur|wound", regex=True)
        ),
        lambda f: (
            ~(
                f["tags"].fillna("").str.contains("crowd size=", regex=False)
                & ~is_type(f, "Protests", "Riots")
            )
        ),
        lambda f: (
            ~(
                f["tags"].fillna("").str.contains("women targeted", regex=False)
                & ~(f["assoc_actor_1"].fillna("") + f["assoc_actor_2"].fillna("")).str.contains(
                    "Women (", regex=False
                )
            )
        ),
        lambda f: ~says(f, "[size="),
        lambda f: of_type(f, "actor1", "inter1"),
        lambda f: of_type(f, "actor2", "inter2"),
        lambda f: called_so(f, "actor1"),
        lambda f: called_so(f, "actor2"),
        within,
        at_one_point,
        ordered,
        lower,
        lambda f: ~f.duplicated(["event_date", "location", "actor1", "actor2", "event_type"], keep=False),
        lambda f: ~f.duplicated(["event_date", "location", "actor1", "actor2", "notes"], keep=False),
    ]


def _days(f):
    return pd.to_datetime(f["event_date"], errors="coerce")
