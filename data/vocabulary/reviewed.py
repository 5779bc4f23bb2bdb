"""The one place where somebody settles what coders proposed to a vocabulary: approve, reject, merge, take back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from data.vocabulary.changes import Cells, Change, Kind, merge, newest_change, set_state, undo
from data.vocabulary.tables import Stamp, stamp_of
from schema.errors import StoreError

if TYPE_CHECKING:
    from data.project import Project


class Reviewed(ABC):
    """A vocabulary of names that coders propose and others settle; every step is kept and can be taken back."""

    kind: ClassVar[Kind]
    _project: Project | None
    _stamp: Stamp = ()
    """Of the ledger when it was last looked at."""
    _newest: int = -1
    """The change that was the newest when the entries were last read for being changed."""

    @abstractmethod
    def refresh(self) -> None:
        """Read again what the project has changed since."""

    def refresh_if_changed(self) -> None:
        """Read again if anybody changed a name since; a ledger that nobody wrote into is not even opened."""
        if self._project is None or (stamp := stamp_of(self._project)) == self._stamp:
            return
        if (newest := newest_change(self._project)) != self._newest:
            self.refresh()
        self._newest, self._stamp = newest, stamp

    @abstractmethod
    def cells_of(self, name: str) -> Cells | None:
        """An entry as plain values, of the project or of the seed; None where there is none."""

    def approve(self, name: str, *, coder: str, why: str = "") -> int:
        """Accept a proposed name."""
        return self._settle(name, "approved", coder, why)

    def reject(self, name: str, *, coder: str, why: str = "") -> int:
        """Take a name out of the answers."""
        return self._settle(name, "rejected", coder, why)

    def merge(self, name: str, into: str, *, coder: str, why: str = "") -> int:
        """Let one name stand for another; `undo` brings it back."""
        seeds = {one: self.cells_of(one) for one in (name, into)}
        number = merge(self._owned(), self.kind, name, into, seeds, coder=coder, why=why)
        self.refresh()
        return number

    def undo(self, *, coder: str, change_id: int | None = None) -> Change:
        """Take back the newest change of this vocabulary, or the one named."""
        change = undo(self._owned(), coder=coder, change_id=change_id, kind=self.kind)
        self.refresh()
        return change

    def _settle(self, name: str, state: str, coder: str, why: str) -> int:
        number = set_state(self._owned(), self.kind, name, self.cells_of(name), state, coder=coder, why=why)
        self.refresh()
        return number

    def _owned(self) -> Project:
        if self._project is None:
            raise StoreError(f"No project is open; {self.kind.name}s are proposed and changed in a project.")
        return self._project
