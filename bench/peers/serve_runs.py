"""The peers' side of the conversation with the table: one line of JSON when ready, then one for every line that comes in."""

from __future__ import annotations

import json
import sys
import time
from typing import Any, Callable

# Short runs are repeated for so long.
WARM_UP_SECONDS = 1.5


def warm_up(run: Callable[[], float]) -> None:
    """Runs at least once, and on until a time has passed."""
    start = time.perf_counter()
    run()
    while time.perf_counter() - start < WARM_UP_SECONDS:
        run()


def serve_runs(about: dict[str, Any], run: Callable[[], float]) -> None:
    """Says what the peer is, then runs once for every line of standard input and says the seconds that `run` returns."""
    _say({"ready": True, **about})
    for _ in sys.stdin:
        _say({"seconds": run()})


def _say(answer: dict[str, Any]) -> None:
    print("@" + json.dumps(answer), flush=True)
