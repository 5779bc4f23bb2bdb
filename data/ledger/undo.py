"""The one place where a coder's saves are taken back and brought back, across restarts, each as a new revision."""

from __future__ import annotations

from data.ledger.file import store_errors
from data.ledger.revisions import Revisions, revision_at
from data.records import Draft, EditedMeanwhile, Revision, Save

REACH = 1000
"""How many of a coder's newest saves can be taken back."""


class Undo(Revisions):
    """Undo and redo."""

    def next_undo(self, coder: str) -> Revision | None:
        """The save that `undo` would take back; None if there is nothing."""
        stack = self._stacks(coder)[0]
        return self._at(stack[-1]) if stack else None

    def next_redo(self, coder: str) -> Revision | None:
        """The save that `redo` would bring back; None if there is nothing."""
        stack = self._stacks(coder)[1]
        return self._at(stack[-1]) if stack else None

    def undo(self, coder: str) -> Revision | None:
        """Take back the coder's last save: the event is again what it was before; None if there is nothing.

        `EditedMeanwhile` where another coder saved the event since.
        """
        stack = self._stacks(coder)[0]
        if not stack:
            return None
        undone = self._at(stack[-1])
        before = next((r for r in self.history(undone.event_key) if r.revision == undone.revision - 1), None)
        if before is None:
            return self._restore(undone, undone, coder, act="undo", status="retracted", reason="out_of_scope")
        return self._restore(before, undone, coder, act="undo", status=before.status, reason=before.reason)

    def redo(self, coder: str) -> Revision | None:
        """Bring back what the coder's last undo took away; None if there is nothing."""
        stack = self._stacks(coder)[1]
        if not stack:
            return None
        redone = self._at(stack[-1])
        return self._restore(redone, redone, coder, act="redo", status=redone.status, reason=redone.reason)

    def _restore(
        self, state: Revision, about: Revision, coder: str, *, act: str, status: str, reason: str | None
    ) -> Revision:
        current = self.event(about.event_key)
        save = Save(
            f"{act}-{about.seq}-{current.revision}", coder, state.article_id, about.event_key, current.revision,
            state.values, state.evidence, state.origins, state.reasons, status,
        )  # fmt: skip
        other = self._other_coder_since(about, coder)
        if other is not None:
            raise EditedMeanwhile(
                f"{other} saved event {about.event_key} after you; it is not changed by {act}: open the event to edit it.",
                current=current,
                draft=Draft(
                    save.save_id, coder, save.article_id, save.event_key, save.base_revision, save.values,
                    save.evidence, save.origins, save.reasons,
                ),
            )  # fmt: skip
        merged_into = state.merged_into if status == "merged" else None
        return self._append_to(save, act=act, about=about.seq, reason=reason, merged_into=merged_into)

    def _at(self, seq: int) -> Revision:
        with store_errors(self.path):
            return revision_at(self.db, seq)

    def _other_coder_since(self, about: Revision, coder: str) -> str | None:
        with store_errors(self.path):
            row = self.db.execute(
                "SELECT coder FROM revision WHERE event_key = ? AND revision > ? AND coder <> ? ORDER BY revision LIMIT 1",
                (about.event_key, about.revision, coder),
            ).fetchone()
        return row[0] if row else None

    def _stacks(self, coder: str) -> tuple[list[int], list[int]]:
        """What can be taken back and what can be brought back, as places in the order of saves."""
        with store_errors(self.path):
            rows = self.db.execute(
                "SELECT seq, act, about FROM revision WHERE coder = ? ORDER BY seq DESC LIMIT ?",
                (coder, REACH),
            ).fetchall()
        done: list[int] = []
        undone: list[int] = []
        for seq, act, about in reversed(rows):
            if act == "undo":
                if done:
                    done.pop()
                undone.append(about)
            elif act == "redo":
                if undone:
                    undone.pop()
                done.append(seq)
            else:
                done.append(seq)
                undone.clear()
        return done, undone
