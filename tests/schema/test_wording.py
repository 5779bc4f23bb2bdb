"""The words of a codebook: notes, and what articles call people and acts."""

from schema.codebook import load_codebook
from schema.wording import called_in, note_wording

CODEBOOK = load_codebook()


def test_every_sub_event_type_or_each_of_its_labels_has_a_sentence() -> None:
    words = note_wording()
    untold = [
        name
        for kind in CODEBOOK.sub_event_types
        for name in (CODEBOOK.note_labels.get(kind.name) or (kind.name,))
        if name not in words.acts
    ]

    assert set(untold) <= {"Other", "Non-violent activity", "Strikes", "Explosive remnants of war"}


def test_every_sentence_belongs_to_a_label_or_a_sub_event_type() -> None:
    labels = {label for labels in CODEBOOK.note_labels.values() for label in labels}

    assert set(note_wording().acts) <= labels | {kind.name for kind in CODEBOOK.sub_event_types}
    assert set(note_wording().only_for) <= labels
    assert set(note_wording().tells_deaths) <= {kind.name for kind in CODEBOOK.event_types}


def test_acts_belong_to_sub_event_types() -> None:
    assert set(called_in().acts) <= {kind.name for kind in CODEBOOK.sub_event_types}


def test_a_codebook_without_words_has_plain_ones() -> None:
    assert note_wording("none").otherwise == "{a1} {at}"
    assert called_in("none").people == {}
