"""The one place where the form's type-ahead meets the vocabularies: opened after the first frame, asked at every key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from coding.candidates import candidates
from coding.recent import Recent

if TYPE_CHECKING:
    from coding.candidate import Candidate, Value
    from coding.form_work import FormWork
    from data.project import Project


class Proposals:
    """What can be proposed for a field; before the vocabularies are open, what the codebook alone knows."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._recent = Recent()

    def learn(self, rows: Sequence[Mapping[str, Value]]) -> None:
        """Remember coded rows, the oldest first."""
        for row in rows:
            self._recent.learn(row)

    def find(self, column: str, typed: str, work: FormWork) -> list[Candidate]:
        """What fits the typed text, best first."""
        return candidates(
            column, typed, work.row, codebook=work.codebook, article=work.article, recent=self._recent
        )
