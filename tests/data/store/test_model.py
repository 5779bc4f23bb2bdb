"""Random saves, edits, retractions, undos, folds, imports, crashes and reopenings: the store and a plain model agree."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from data import fold as fold_module
from data.append import append_rows
from data.fold import fold
from data.ledger import Ledger
from data.project import Project
from data.records import FIRST_IMPORTED_KEY, EditedMeanwhile
from data.release import release
from data.views import connect
from tests.data.store.builders import a_row, a_save
from tests.data.store.test_append import rows

CODERS = st.sampled_from(["ana", "ben"])
NUMBERS = st.integers(0, 50)


class Crash(BaseException):
    """Stands for a killed process: nothing of ours may catch it."""


@dataclass(frozen=True)
class State:
    """One revision as the model knows it."""

    coder: str | None
    fatalities: int
    live: bool = True


@dataclass
class Model:
    """What should be there, in plain Python."""

    events: dict[int, list[State]] = field(default_factory=dict)
    imported: dict[str, int] = field(default_factory=dict)
    """id to event key."""
    moments: list[tuple[dt.datetime, dict[int, int]]] = field(default_factory=list)

    @property
    def dataset(self) -> dict[int, int]:
        """Event key to fatalities of what stands in the dataset."""
        return {key: states[-1].fatalities for key, states in self.events.items() if states[-1].live}


class StoreMachine(RuleBasedStateMachine):
    """The store beside its model."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.project = Project.create(self.folder / "project")
        self.ledger = Ledger.open(self.project)
        self.model = Model()
        self.turn = 0

    def teardown(self) -> None:
        self.ledger.close()
        shutil.rmtree(self.folder)

    def _next(self) -> str:
        self.turn += 1
        return f"turn-{self.turn}"

    @rule(coder=CODERS, fatalities=NUMBERS)
    def save_new(self, coder: str, fatalities: int) -> None:
        save = a_save(save_id=self._next(), coder=coder, values=a_row(fatalities=fatalities))
        made = self.ledger.save(save)
        assert self.ledger.save(save) == made
        assert made.event_key not in self.model.events
        self.model.events[made.event_key] = [State(coder, fatalities)]

    @precondition(lambda self: self.model.events)
    @rule(coder=CODERS, fatalities=NUMBERS, data=st.data(), stale=st.booleans())
    def edit(self, coder: str, fatalities: int, data: st.DataObject, stale: bool) -> None:
        key = data.draw(st.sampled_from(sorted(self.model.events)))
        states = self.model.events[key]
        base = len(states) - (stale and len(states) > 1)
        name = self._next()
        values = {**self.ledger.event(key).values, "fatalities": fatalities}
        save = a_save(save_id=name, coder=coder, event_key=key, base_revision=base, values=values)
        if base < len(states):
            with pytest.raises(EditedMeanwhile) as caught:
                self.ledger.save(save)
            assert caught.value.current.revision == len(states)
            assert any(draft.draft_id == name for draft in self.ledger.drafts(coder))
        else:
            assert self.ledger.save(save).revision == base + 1
            states.append(State(coder, fatalities))

    @precondition(lambda self: self.model.events)
    @rule(coder=CODERS, data=st.data())
    def retract(self, coder: str, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.model.events)))
        self.ledger.retract(key, coder, "not ours")
        self.model.events[key].append(replace(self.model.events[key][-1], coder=coder, live=False))

    @rule(coder=CODERS, act=st.sampled_from(["undo", "redo"]))
    def undo_or_redo(self, coder: str, act: str) -> None:
        try:
            made = getattr(self.ledger, act)(coder)
        except EditedMeanwhile:
            return
        if made is not None:
            states = self.model.events[made.event_key]
            assert made.revision == len(states) + 1
            fatalities = made.values["fatalities"]
            assert isinstance(fatalities, int)
            states.append(State(coder, fatalities, live=made.status == "submitted"))

    @rule(fatalities=st.lists(NUMBERS, min_size=1, max_size=3))
    def import_rows(self, fatalities: list[int]) -> None:
        table = rows(self.project, *({"fatalities": number} for number in fatalities))
        append_rows(self.project, table, gate=False, status="submitted")
        for place, number in enumerate(fatalities, 1):
            name = f"SYR{place}"
            key = self.model.imported.get(name)
            if key is None:
                key = FIRST_IMPORTED_KEY + len(self.model.imported)
                self.model.imported[name] = key
                self.model.events[key] = [State(None, number)]
            elif self.model.events[key][-1].coder is None and self.model.events[key][-1].fatalities != number:
                self.model.events[key].append(State(None, number))

    @rule()
    def fold_all(self) -> None:
        assert fold(self.project).refused == ()

    @rule(point=st.integers(0, 3))
    def crash_in_a_fold(self, point: int) -> None:
        """The fold dies after so many parts; what was begun is there, what was committed is not."""
        written = 0
        write = fold_module.__dict__["write_part"]

        def dying(*arguments: object) -> object:
            nonlocal written
            made = write(*arguments)
            written += 1
            if written > point:
                raise Crash
            return made

        patch = pytest.MonkeyPatch()
        patch.setattr(fold_module, "write_part", dying)
        try:
            fold(self.project)
        except Crash:
            pass
        finally:
            patch.undo()
        self.reopen()

    @rule()
    def reopen(self) -> None:
        self.ledger.close()
        self.project = Project.open(self.project.folder)
        self.ledger = Ledger.open(self.project)

    @rule()
    def remember_the_moment(self) -> None:
        self.model.moments.append((dt.datetime.now(dt.UTC), self.model.dataset))

    @precondition(lambda self: self.turn > 3)
    @rule()
    def freeze(self) -> None:
        settled = {key for key, states in self.model.events.items() if states[-1].live}
        assert release(self.project).rows >= len(settled & {k for k in settled if self._one_coder()})

    def _one_coder(self) -> bool:
        return len({revision.coder for revision in self.ledger.revisions()}) <= 1

    @invariant()
    def the_views_tell_what_the_model_knows(self) -> None:
        if not hasattr(self, "model"):
            return
        with connect(self.project) as con:
            assert (
                dict(con.execute("SELECT event_key, fatalities FROM events").fetchall()) == self.model.dataset
            )
            revisions = con.execute(
                "SELECT event_key, revision, fatalities FROM revisions ORDER BY ALL"
            ).fetchall()
        expected = [
            (key, number, state.fatalities)
            for key, states in sorted(self.model.events.items())
            for number, state in enumerate(states, 1)
        ]
        assert revisions == expected

    @precondition(lambda self: bool(self.model.moments))
    @rule(data=st.data())
    def look_back(self, data: st.DataObject) -> None:
        moment, expected = data.draw(st.sampled_from(self.model.moments))
        with connect(self.project, as_of=moment) as con:
            assert dict(con.execute("SELECT event_key, fatalities FROM events").fetchall()) == expected


TestStore = StoreMachine.TestCase
EXAMPLES = int(os.environ.get("EVENTCODER_EXAMPLES", "6"))
TestStore.settings = settings(
    max_examples=EXAMPLES, stateful_step_count=14 if EXAMPLES < 20 else 40, deadline=None, derandomize=EXAMPLES < 20,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
