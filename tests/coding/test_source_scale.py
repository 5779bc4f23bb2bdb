"""One scale for several sources."""

from itertools import pairwise

import pytest

from coding.source_scale import joint_scale
from schema.codebook import load_codebook

CODEBOOK = load_codebook()


@pytest.mark.parametrize(
    ("scales", "joint"),
    [
        (["International", "National"], "National-International"),
        (["New media", "New media"], "New media"),
        (["Local partner-Other", "National"], "Local partner-Other"),
        (["Subnational", "National", "International"], "Subnational-National"),
        (["", "Regional"], "Regional"),
        ([], ""),
    ],
)
def test_the_first_two_levels_stand_in_the_order_of_the_codebook(scales: list[str], joint: str) -> None:
    assert joint_scale(scales, CODEBOOK) == joint


def test_any_two_levels_make_a_pair_the_codebook_knows() -> None:
    known = set(CODEBOOK.column("source_scale").values)

    assert {joint_scale(pair, CODEBOOK) for pair in pairwise(CODEBOOK.source_scales)} <= known
