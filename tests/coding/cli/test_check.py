"""What `check` says on the terminal."""

import json

from tests.data.event_file import vintage_rows as made


def test_without_a_project_it_says_which_actors_were_not_judged(tmp_path, run, project_folder):
    path = made.write_csv(tmp_path / "events.csv", made.as_v4(made.events(3)))
    told = "The type of an actor that the shipped list has not was not judged"

    assert run("check", path).stdout.count(told) == 1
    assert told not in run("check", path, "--project", project_folder).stdout
    assert told not in json.dumps(json.loads(run("check", path, "--format", "json").stdout))
