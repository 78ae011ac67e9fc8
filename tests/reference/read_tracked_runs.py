"""Reads what `report --to tensorboard DIR` and `report --to optuna FILE` wrote, with TensorBoard and Optuna themselves.

Prints what they see as JSON; fails if a checksum, a message or an operation is not as they want it.
Run: python read_tracked_runs.py tensorboard DIR, or python read_tracked_runs.py optuna FILE
"""

from __future__ import annotations

import json
import pathlib
import struct
import sys


def read_tensorboard(folder: str) -> dict:
    from tensorboard.backend.event_processing import event_accumulator
    from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c

    found = {}
    for file in sorted(pathlib.Path(folder).rglob("events.out.tfevents.*")):
        # TensorBoard stops quietly at a record that is damaged: each is checked here.
        data, at, records = file.read_bytes(), 0, 0
        while at < len(data):
            (length,) = struct.unpack_from("<Q", data, at)
            assert struct.unpack_from("<I", data, at + 8)[0] == masked_crc32c(data[at : at + 8]), file
            body = data[at + 12 : at + 12 + length]
            assert len(body) == length, file
            assert struct.unpack_from("<I", data, at + 12 + length)[0] == masked_crc32c(body), file
            at, records = at + 16 + length, records + 1
        events = event_accumulator.EventAccumulator(str(file.parent), size_guidance={"scalars": 0, "histograms": 0})
        events.Reload()
        tags = events.Tags()
        scalars = {tag: [[e.step, round(e.value, 4)] for e in events.Scalars(tag)] for tag in tags["scalars"]}
        histograms = {
            tag: [[e.step, e.histogram_value.num, round(e.histogram_value.sum, 2)] for e in events.Histograms(tag)]
            for tag in tags["histograms"]
        }
        # The first record tells the version; each other one is a point.
        points = sum(map(len, [*scalars.values(), *histograms.values()]))
        assert records == 1 + points, f"{file}: {records} records, {points} points"
        name = str(file.parent.relative_to(folder))
        found[name] = {"wall_time": events.FirstEventTimestamp(), "scalars": scalars, "histograms": histograms}
    assert found, f"no event file in {folder}"
    return found


def read_optuna(file: str) -> dict:
    import optuna
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    storage = JournalStorage(JournalFileBackend(file))
    study = optuna.load_study(study_name="rootstock", storage=storage)
    trials = study.get_trials()
    assert all(trial.state == optuna.trial.TrialState.COMPLETE for trial in trials)
    return {
        "direction": study.direction.name,
        "objective": study.user_attrs["objective"],
        "best": study.best_trial.number,
        "trials": [
            {
                "value": trial.value,
                "params": trial.params,
                "intermediate": trial.intermediate_values,
                "attributes": trial.user_attrs,
                "seconds": round(trial.duration.total_seconds(), 1),
            }
            for trial in trials
        ],
    }


if __name__ == "__main__":
    kind, path = sys.argv[1:]
    print(json.dumps({"tensorboard": read_tensorboard, "optuna": read_optuna}[kind](path), indent=2))
