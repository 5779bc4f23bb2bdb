"""The one place where the scales of several sources become the one that is coded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schema.codebook import Codebook


def joint_scale(scales: Iterable[str], codebook: Codebook) -> str:
    """The first two levels of all the sources together, in the codebook's order; empty where none is known.

    The rule reproduces most rows with several sources; the coder may choose otherwise.
    """
    told = "-".join(f"-{scale}-" for scale in scales if scale)
    return "-".join([level for level in codebook.source_scales if f"-{level}-" in told][:2])
