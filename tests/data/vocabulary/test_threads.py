"""What holds while one thread types and another keeps what was coded."""

from __future__ import annotations

import threading

from data.project import Project
from data.vocabulary import Actor, Actors, Places, Sources, remember


def test_searching_goes_on_while_another_thread_remembers_and_proposes(tmp_path):
    project = Project.create(tmp_path / "project")
    places, actors, sources = Places.open(project), Actors.open(project), Sources.open(project)
    failures: list[BaseException] = []
    done = threading.Event()

    def type_names() -> None:
        try:
            while not done.is_set():
                assert places.search("ka", country="Syria")
                assert actors.search("mil", country="Syria")
                assert sources.search("re", country="Syria")
        except BaseException as error:  # noqa: BLE001 - told to the main thread, which fails with it
            failures.append(error)

    typing = [threading.Thread(target=type_names) for _ in range(2)]
    for thread in typing:
        thread.start()
    for number in range(12):
        row = {"country": "Syria", "location": f"Kafr {number}", "latitude": 35.0, "longitude": 36.0, "source": "Reuters",
               "actor1": "HTS: Hayat Tahrir al Sham"}  # fmt: skip
        remember(project, row, "ada")
        actors.propose(Actor(f"Front {number}", "Rebel group", country="Syria"), coder="ada")
        for vocabulary in (places, actors, sources):
            vocabulary.refresh()
    done.set()
    for thread in typing:
        thread.join()
    assert failures == []
    assert len(places.search("kafr", country="Syria", limit=20)) >= 12
    places.close()
