"""A project's own codebook folder: its columns, values and rules count everywhere; a mistake is one sentence."""

from __future__ import annotations

import datetime

import duckdb
import pandas as pd
import pandera.errors
import pytest

from schema.codebook import load_codebook
from schema.errors import CodebookError
from schema.gate import validate
from schema.relation_judge import check_rules, judge_relation
from schema.row_judge import RowJudge
from schema.values import UnusableValue, parse_value
from tests.schema.strategies import relation_of

OWN = """
[[column]]
name = "weapon"
kind = "enum"
values = ["knife", "rifle"]
label = "Weapon"

[[column]]
name = "season"
kind = "text"
derive = "CASE WHEN month(event_date) IN (12, 1, 2) THEN 'dry' ELSE 'wet' END"

[[value]]
column = "weapon"
value = "machete"

[[value]]
column = "source_scale"
value = "Village radio"

[[sub_event_type]]
name = "Cattle raid"
event_type = "Violence against civilians"
disorder_type = "Political violence"
actor2 = "required"
targeting = "always"

[[rule]]
id = "OWN-1"
severity = "warning"
columns = ["weapon", "fatalities"]
message = "A weapon is named, but nobody died. Check both."
reason = "In this project a weapon is only coded for deadly events."
sql = "NOT (weapon IS NOT NULL AND fatalities = 0)"

[[severity]]
rule = "TG-1"
severity = "hint"
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "ours.toml").write_text(OWN, encoding="utf-8")
    return tmp_path


def mistaken(tmp_path, text, *, judge=False):
    (tmp_path / "ours.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CodebookError) as caught:
        check_rules(load_codebook(own=tmp_path)) if judge else load_codebook(own=tmp_path)
    sentence = str(caught.value)
    assert "\n" not in sentence
    return sentence


def test_own_columns_values_and_rules_are_part_of_the_codebook(folder):
    codebook = load_codebook(own=folder)

    assert [column.name for column in codebook.columns[-2:]] == ["weapon", "season"]
    assert codebook.column("weapon").values == ("knife", "rifle", "machete")
    assert "Village radio" in codebook.column("source_scale").values
    assert "Cattle raid" in codebook.column("sub_event_type").values
    assert codebook.column("season").origin == "derived"
    assert codebook.rule("TG-1").severity == "hint"
    assert load_codebook().rule("TG-1").severity == "error"


def test_an_own_column_stands_in_its_section_of_the_form(tmp_path):
    text = "[[column]]\nname = 'weapon'\nkind = 'text'\nsection = 'What'\n"
    text += "[[column]]\nname = 'mood'\nkind = 'text'\nsection = 'Mood'"
    (tmp_path / "ours.toml").write_text(text, encoding="utf-8")
    codebook = load_codebook(own=tmp_path)
    names = [column.name for column in codebook.coded]

    assert names[names.index("weapon") - 1 : names.index("weapon") + 2] == [
        "sub_event_type",
        "weapon",
        "actor1",
    ]
    assert names[-1] == "mood"
    assert codebook.columns[-2].name == "weapon"
    shipped = [column.name for column in load_codebook().coded]
    assert [name for name in names if name not in {"weapon", "mood"}] == shipped


def test_the_form_judges_and_derives_by_own_rules(folder):
    codebook = load_codebook(own=folder)
    row = codebook.examples["strike"] | {"weapon": "rifle", "sub_event_type": "Cattle raid"}

    with RowJudge(codebook, today=datetime.date(2026, 1, 1)) as judge:
        found = [failure.rule_id for failure in judge.failures(row)]
        derived = judge.derived(row | {"event_date": datetime.date(2024, 7, 1)})

    assert "OWN-1" in found
    assert not {"VAL-sub_event_type", "AC-19", "AC-20"} & set(found)
    assert (derived["season"], derived["event_type"]) == ("wet", "Violence against civilians")


def test_the_gate_judges_by_own_values(folder):
    codebook = load_codebook(own=folder)
    frame = pd.DataFrame([codebook.examples["clash"] | {"weapon": "spoon"}])

    with pytest.raises(pandera.errors.SchemaErrors, match="VAL-weapon"):
        validate(frame, codebook)
    assert list(validate(frame.assign(weapon="machete"), codebook)["season"]) == ["dry"]


def test_own_values_are_typed_like_the_codebooks(folder):
    column = load_codebook(own=folder).column("weapon")

    assert parse_value(column, " MACHETE ") == "machete"
    with pytest.raises(UnusableValue, match="rifle"):
        parse_value(column, "rifel")


RULE = '[[rule]]\nid = "{id}"\ncolumns = ["{column}"]\nmessage = "Check it."\nsql = "{sql}"\n'


def test_a_rule_on_an_unknown_column_is_one_sentence(tmp_path):
    sentence = mistaken(tmp_path, RULE.format(id="OWN-1", column="weapons", sql="weapons IS NULL"))

    assert "OWN-1" in sentence
    assert "weapons" in sentence


def test_two_rules_with_one_id_are_one_sentence(tmp_path):
    assert "TX-1" in mistaken(tmp_path, RULE.format(id="TX-1", column="notes", sql="notes IS NULL"))


@pytest.mark.parametrize(
    "sql",
    ["fatalities >", "fatalitys > 0", "nosuch(fatalities)", "fatalities > 'many'", "sub.colour = 'red'"],
)
def test_sql_that_the_engine_refuses_is_one_sentence_that_names_the_rule(tmp_path, sql):
    sentence = mistaken(tmp_path, RULE.format(id="OWN-9", column="fatalities", sql=sql), judge=True)

    assert f"{tmp_path / 'ours.toml'}: the rule 'OWN-9'" in sentence


@pytest.mark.parametrize(
    "sql",
    [
        "true; DROP TABLE draft",
        "(SELECT true FROM read_csv('/etc/passwd'))",
        "true -- fatalities",
        "fatalities > 0) FROM draft /*",
    ],
)
def test_a_rule_is_one_condition_and_no_statement(tmp_path, sql):
    assert "OWN-9" in mistaken(tmp_path, RULE.format(id="OWN-9", column="fatalities", sql=sql))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[[column]\nname = 1", "ours.toml"),
        ("[[colum]]\nname = 'weapon'", "colum"),
        ("[column]\nname = 'weapon'", "two brackets"),
        ("[[column]]\nname = 'weapon'\nkind = 'word'", "word"),
        ("[[column]]\nname = 'Weapon Type'\nkind = 'text'", "Weapon Type"),
        ("[[column]]\nname = 'weapon'\nkind = 'text'\ncolour = 'red'", "colour"),
        ("[[column]]\nkind = 'text'", "name"),
        (
            "[[column]]\nname = 'weapon'\nkind = 'enum'\nvalues = ['knife']\nunlisted = 7",
            "unlisted must be a text",
        ),
        ("[[column]]\nname = 'notes'\nkind = 'text'", "notes"),
        ("[[value]]\ncolumn = 'weapon'\nvalue = 'rifle'", "weapon"),
        ("[[value]]\ncolumn = 'sub_event_type'\nvalue = 'Cattle raid'", "sub_event_type"),
        ("[[value]]\ncolumn = 'source_scale'\nvalue = 'National'", "National"),
        (
            "[[sub_event_type]]\nname = 'Raid'\nevent_type = 'Raids'\ndisorder_type = 'Political violence'",
            "Raids",
        ),
        (
            "[[sub_event_type]]\nname = 'Attack'\nevent_type = 'Battles'\ndisorder_type = 'Political violence'",
            "Attack",
        ),
        ("[[severity]]\nrule = 'ZZ-1'\nseverity = 'hint'", "ZZ-1"),
        ("[[rule]]\nid = 'OWN-1'\ncolumns = 'notes'\nsql = 'true'\nmessage = 'm'", "list of names"),
        ("[[rule]]\nid = 7\ncolumns = ['notes']\nsql = 'true'\nmessage = 'm'", "id must be a text"),
        ("[[rule]]\nid = 'OWN-1'\ncolumns = ['notes']\nsql = true\nmessage = 'm'", "sql must be a text"),
        (
            "[[rule]]\nid = 'O-1'\ncolumns = ['notes']\nsql = 'true'\nmessage = 'm'\nscope = 'file'",
            "row or table",
        ),
        (
            "[[rule]]\nid = 'O-1'\ncolumns = ['notes']\nsql = 'true'\nmessage = 'm'\nfailing = 'x'",
            "list of rows",
        ),
        (
            "[[column]]\nname = 'age'\nkind = 'integer'\nminimum = '0'",
            "minimum of the column 'age' must be a number",
        ),
        ("[[column]]\nname = 'age'\nkind = 'integer'\nrequired = 'yes'", "true or false"),
        ("[[column]]\nname = 'age'\nkind = 'integer'\nimported = 'mild'", "mild"),
        ("[[column]]\nname = 'age'\nkind = 'integer'\nhxl = '=1+1'", "must be a hashtag"),
        ("[[column]]\nname = 'age'\nkind = 'integer'\nhxl = '#age,=1+1'", "must be a hashtag"),
        ("[[column]]\nname = 'age'\nkind = 'enum'", "without values"),
        ("[[column]]\nname = 'age'\nkind = 'enum'\nvalues = [1, 2]", "list of texts"),
        ("[[column]]\nname = 'age'\nkind = 'enum'\nvalues_from = 'ages'", "ages"),
        ("[[column]]\nname = 'age'\nkind = 'integer'\nderive = 'age + 1'", "derived from itself"),
        (
            "[[country]]\nname = 'Freedonia'\nsouth = 'ten'",
            "south of the country 'Freedonia' must be a number",
        ),
        ("[[country]]\nname = 'Freedonia'\niso = 1.5", "whole number"),
        (
            "[[sub_event_type]]\nname = 'X'\nevent_type = 'Battles'\ndisorder_type = 'Political violence'\ntargeting = 'alway'",
            "never, always, civilian actor",
        ),
        (
            "[[sub_event_type]]\nname = 'Raid'\nevent_type = 'Battles'\ndisorder_type = 'Political violence'\nside1 = ['Rebels']",
            "Rebels",
        ),
        ("[[severity]]\nrule = 'TG-1'\nseverity = 'fatal'", "fatal"),
        ("[[rule]]\nid = 'OWN-1'\ncolumns = ['notes']\nsql = 'true'", "message"),
        (
            "[[rule]]\nid = 'OWN-1'\ncolumns = ['notes']\nsql = 'true'\nmessage = 'm'\nseverity = 'fatal'",
            "fatal",
        ),
        (
            "[[rule]]\nid = 'OWN-1'\ncolumns = ['notes']\nsql = 'true'\nmessage = 'm'\npassing = [{ note = 'x' }]",
            "note",
        ),
    ],
)
def test_a_mistake_in_the_folder_is_one_sentence_that_names_it(tmp_path, text, word):
    sentence = mistaken(tmp_path, text)

    assert word in sentence
    assert str(tmp_path / "ours.toml") in sentence


def test_sql_that_cannot_derive_a_column_is_one_sentence_that_names_it(tmp_path):
    text = "[[column]]\nname = 'age'\nkind = 'integer'\nderive = 'quarter(event_dat)'"
    sentence = mistaken(tmp_path, text, judge=True)

    assert f"{tmp_path / 'ours.toml'}: the column 'age' cannot be derived" in sentence


@pytest.mark.parametrize("name", ["status", "today", "sub", "event_key"])
def test_a_column_cannot_take_a_name_that_the_program_uses(tmp_path, name):
    assert name in mistaken(tmp_path, f"[[column]]\nname = '{name}'\nkind = 'text'")


def test_a_column_may_be_named_like_a_word_of_sql(tmp_path):
    text = "[[column]]\nname = 'order'\nkind = 'integer'\nrequired = true\nminimum = 1\nvalues = []"
    (tmp_path / "ours.toml").write_text(text, encoding="utf-8")
    codebook = load_codebook(own=tmp_path)
    row = codebook.examples["clash"]

    check_rules(codebook)
    with RowJudge(codebook) as judge:
        assert [failure.rule_id for failure in judge.failures(row)] == ["REQ-order"]
        assert [failure.rule_id for failure in judge.failures(row | {"order": 0})] == ["RNG-order"]


def test_a_rule_that_fails_on_some_rows_only_is_named_when_it_does(tmp_path):
    (tmp_path / "ours.toml").write_text(
        RULE.format(id="OWN-9", column="admin3", sql="CAST(admin3 AS INTEGER) > 3"), encoding="utf-8"
    )
    codebook = load_codebook(own=tmp_path)
    row = codebook.examples["clash"]

    with RowJudge(codebook) as judge:
        assert judge.failures(row | {"admin3": "7"}) == []
        with pytest.raises(CodebookError, match="OWN-9"):
            judge.failures(row)
        assert judge.failures(row | {"admin3": "8"}) == []
    with duckdb.connect() as con, pytest.raises(CodebookError, match="OWN-9"):
        judge_relation(con, relation_of(con, [row], codebook), codebook)


def test_a_rule_may_write_columns_in_capitals(tmp_path):
    text = RULE.format(id="OWN-9", column="fatalities", sql="FATALITIES < 5 OR Sub.Rank > 3")
    (tmp_path / "ours.toml").write_text(text, encoding="utf-8")
    codebook = load_codebook(own=tmp_path)
    row = codebook.examples["clash"]

    with RowJudge(codebook) as judge:
        assert [failure.rule_id for failure in judge.failures(row)] == ["OWN-9"]
        assert judge.failures(row | {"fatalities": 4, "notes": row["notes"].replace("10", "4")}) == []


def test_an_unknown_codebook_is_one_sentence():
    with pytest.raises(CodebookError, match="acled"):
        load_codebook("gtd")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('disorder_types = ["Strikes"]', "names the disorder type 'Strikes'; use one of Political violence,"),
        (
            'disorder_types = ["Political violence"]\nevent_types = ["Fights"]',
            "names the event type 'Fights'; use one of Battles,",
        ),
    ],
)
def test_a_group_of_disorder_names_what_there_is(tmp_path, line, said):
    assert said in mistaken(tmp_path, f'[[disorder_group]]\nname = "ours"\n{line}\n')


OPEN = {
    "a file": "(SELECT content FROM read_text('{secret}'))",
    "a file without SELECT": "(FROM read_text('{secret}') SELECT content)",
    "a file in a list": "ARRAY(FROM read_text('{secret}') SELECT content)[1]",
    "a file asked whether it is there": "EXISTS (FROM read_text('{secret}'))",
    "a file under TABLE": "(TABLE '{secret}')",
    "a file behind IN": "notes IN (FROM read_text('{secret}') SELECT content)",
    "a file in a lambda": "list_transform([1], lambda x: (FROM read_text('{secret}') SELECT content))[1]",
    "a file read at an address": "(FROM read_csv('http://127.0.0.1:1/?' || notes) SELECT 1)",
    "a copy": "(WITH t AS (COPY (SELECT 1) TO '{secret}') SELECT 'x')",
    "brackets closed early": "1) AS a FROM read_text('{secret}'), (SELECT 1",
    "a condition behind it": "fatalities > 0 WHERE true",
    "a second expression": "1, 2",
    "a name of its own": "1 AS a",
    "an order": "1) ORDER BY (1",
    "a union": "1) UNION (SELECT 2",
    "a comment that is not closed": "1 /* ",
    "a second statement": "1; SELECT 2",
    "a parameter": "$1",
    "a setting": "current_setting('home_directory')",
    "the environment": "getenv('HOME')",
    "a wait": "sleep_ms(60000)",
}


@pytest.mark.parametrize("name", OPEN)
@pytest.mark.parametrize("said", ["", "own = false\n"])
def test_a_derivation_reckons_with_its_row_and_reaches_nothing_else(tmp_path, name, said):
    sql = OPEN[name].format(secret=tmp_path / "secret.txt").replace('"', '\\"')
    told = mistaken(
        tmp_path, f'[[column]]\nname = "reach"\nkind = "text"\n{said}derive = "{sql}"', judge=True
    )
    assert "reach" in told
    assert "one SQL expression" in told


@pytest.mark.parametrize(
    "name", ["a file without SELECT", "a file asked whether it is there", "a setting", "a wait"]
)
def test_a_rule_reckons_with_its_row_and_reaches_nothing_else(tmp_path, name):
    sql = OPEN[name].format(secret=tmp_path / "secret.txt")
    rule = RULE.format(id="OWN-9", column="fatalities", sql=sql.replace("SELECT content", ""))
    assert "one SQL expression" in mistaken(tmp_path, rule, judge=True)


def test_a_comment_in_a_derivation_ends_with_it(tmp_path):
    (tmp_path / "ours.toml").write_text(
        "[[column]]\nname = 'one'\nkind = 'integer'\nderive = 'month(event_date) -- of the event'\n"
        "[[column]]\nname = 'two'\nkind = 'text'\nderive = \"\"\"concat('\n) FROM given, (SELECT ', 'x')\"\"\"\n"
    )
    codebook = load_codebook("acled", own=tmp_path)
    row = next(iter(codebook.examples.values())) | {"event_date": datetime.date(2024, 12, 5)}
    with RowJudge(codebook) as judge:
        derived = judge.derived(row)
    assert derived["one"] == 12
    assert derived["two"] == "\n) FROM given, (SELECT x"
