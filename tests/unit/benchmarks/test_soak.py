import os
from dataclasses import replace

from benchmarks.soak import Sample, judged, sample


def samples(**late: float) -> list[Sample]:
    """Five minutes, the last two of them as told."""
    steady = Sample(0.0, 500.0, 40, 120, 5, disturbed=False)
    return [
        replace(steady, at=at, **(late if at >= 180 else {}))  # type: ignore[arg-type]  # numbers of each field
        for at in range(0, 300, 5)
    ]


def test_what_stays_as_it_was_is_steady() -> None:
    assert judged(samples(), minutes=5)["missed"] == []
    assert judged(samples(mib=509.0), minutes=5)["missed"] == []


def test_memory_that_grows_by_more_than_two_in_a_hundred_is_told() -> None:
    assert judged(samples(mib=511.0), minutes=5)["missed"] == [
        "memory went from 500.0 to 511.0 MiB"
    ]


def test_a_thread_or_a_descriptor_more_is_told() -> None:
    assert judged(samples(threads=41), minutes=5)["missed"] == ["threads went from 40 to 41"]
    assert judged(samples(descriptors=121), minutes=5)["missed"] == [
        "descriptors went from 120 to 121"
    ]


def test_what_is_seen_while_a_camera_is_lost_does_not_count() -> None:
    lost = [replace(one, disturbed=True) for one in samples(threads=60) if one.at >= 180]
    assert judged([*samples()[:36], *lost, *samples()[48:]], minutes=5)["missed"] == []


def test_a_soak_that_is_too_short_says_so() -> None:
    assert judged(samples()[:10], minutes=5)["missed"] == ["it was too short to tell"]


def test_a_sample_counts_this_process_and_its_children() -> None:
    one = sample(os.getpid(), 1.0, disturbed=False)
    assert one.mib > 5
    assert one.threads >= 1
    assert one.descriptors >= 3
    assert one.processes >= 1
