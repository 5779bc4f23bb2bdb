"""A key pressed on purpose and a key that is held down."""

import pytest

from coding.desk.deliberate import Deliberate


class Keyboard:
    """Presses one key at moments of a clock that the test sets."""

    def __init__(self) -> None:
        self.now = 100.0
        self.number = 0
        self.deliberate = Deliberate(lambda: self.now)

    def press(self, after: float, what: str = "undo", question: object = "event 1") -> bool:
        self.now += after
        self.number += 1
        self.deliberate.pressed(what, self.number)
        return self.deliberate.confirms(question)

    def held(self, *gaps: float) -> list[bool]:
        """Whether the key seems held at each press, so long after the one before."""
        found = []
        for gap in gaps:
            self.press(gap, "redo")
            found.append(self.deliberate.is_held)
        return found


def test_a_second_press_after_reading_confirms() -> None:
    keyboard = Keyboard()

    assert [keyboard.press(1.0), keyboard.press(1.0)] == [False, True]
    assert [keyboard.press(1.0), keyboard.press(1.0)] == [False, True], "each save is asked for anew"


def test_a_held_key_confirms_nothing_however_long_it_is_held() -> None:
    keyboard = Keyboard()

    held = [keyboard.press(1.0), keyboard.press(0.66), *(keyboard.press(0.033) for _ in range(200))]

    assert not any(held)
    assert keyboard.press(1.0), "let go and pressed again"


def test_a_key_struck_twice_in_haste_confirms_nothing_until_struck_again() -> None:
    keyboard = Keyboard()

    assert [keyboard.press(1.0), keyboard.press(0.3), keyboard.press(0.5)] == [False, False, True]


def test_another_key_or_another_question_calls_it_off() -> None:
    keyboard = Keyboard()
    keyboard.press(1.0)
    keyboard.number += 1  # a key that is none of these

    assert not keyboard.press(1.0)
    assert not keyboard.press(1.0, what="redo")
    assert not keyboard.press(1.0, what="undo")
    assert not keyboard.press(1.0, question="event 2")
    assert keyboard.press(1.0, question="event 2")


def test_only_the_same_key_in_quick_succession_is_held() -> None:
    keyboard = Keyboard()
    keyboard.press(1.0)
    assert not keyboard.deliberate.is_held
    keyboard.press(0.03)
    assert keyboard.deliberate.is_held
    keyboard.press(0.03, what="redo")
    assert not keyboard.deliberate.is_held


@pytest.mark.parametrize("wait", [0.25, 0.5, 0.7])
def test_a_held_key_is_held_from_its_first_repetition_on(wait: float) -> None:
    keyboard = Keyboard()

    assert keyboard.held(1.0, wait, *[0.033] * 20) == [False, *[True] * 21]


def test_a_key_struck_every_half_second_is_taken_every_other_time() -> None:
    """The second stroke may be the first repetition of a held key; the third came too late to be its second."""
    keyboard = Keyboard()

    assert keyboard.held(1.0, 0.5, 0.5, 0.5, 0.5) == [False, True, False, True, False]


def test_a_key_struck_once_a_second_is_never_held() -> None:
    keyboard = Keyboard()

    assert keyboard.held(*[1.0] * 5) == [False] * 5
