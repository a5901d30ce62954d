from benchmarks.stages import shares

WATCH = "MainThread;main (overt/live/camera.py:66);watch (overt/live/watch.py:25)"
DECODE = "overt-decode;Prefetch._produce (overt/frames/prefetch.py:64)"


def test_a_stage_is_told_by_the_outermost_function_that_belongs_to_one() -> None:
    folded = [
        f"{WATCH};Crowd.compare (overt/live/crowd.py:1);NetworkEncoder.encode (overt/t.py:4) 60",
        f"{WATCH};NetworkDetector.find (overt/faces/n.py:68);run (overt/models/engines.py:89) 30",
        f"{WATCH} 10",
    ]
    assert shares(folded) == {
        "encoding": 0.6, "detection, with scaling": 0.3, "the rest of the flow": 0.1
    }  # fmt: skip


def test_threads_that_wait_and_loading_do_not_count() -> None:
    folded = [
        f"{DECODE};decoded (overt/frames/decoding.py:50) 20",
        f"{DECODE};Prefetch._offer (overt/f.py:7);Condition.wait (threading.py:327) 300",
        "MainThread;load_networks (overt/templates/load.py:52);encode (overt/x.py:1) 90",
    ]
    assert shares(folded) == {"decoding": 1.0}
