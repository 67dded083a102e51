"""What a chaos run shows of a delivery that is wrong."""

from pathlib import Path

from tests.chaos.evidence import lines


def test_the_lines_of_the_named_deliveries_are_shown_with_their_process(tmp_path: Path) -> None:
    (tmp_path / "worker.log").write_text("INFO [delivery-7]: card sent\nINFO [delivery-77]: card sent\n")
    (tmp_path / "worker 2.log").write_text("WARNING: delivery 7 was sent by an attempt that was too late\n")
    keys = {"1:1:card:dm:1": 7, "2:1:card:dm:1": 77}
    assert list(lines(tmp_path, keys, ["Slack duplicates: 1:1:card:dm:1, 9:9:of another run"])) == [
        "worker 2: WARNING: delivery 7 was sent by an attempt that was too late",
        "worker: INFO [delivery-7]: card sent",
    ]


def test_without_a_delivery_that_is_wrong_there_are_none(tmp_path: Path) -> None:
    (tmp_path / "worker.log").write_text("INFO [delivery-7]: card sent\n")
    assert list(lines(tmp_path, {"1:1:card:dm:1": 7}, ["tickets duplicated: 3"])) == []
