"""The peers' side of the conversation with the table: one line of JSON when ready, then one for every line that comes in."""

from __future__ import annotations

import json
import sys
from typing import Any, Callable


def serve_runs(about: dict[str, Any], run: Callable[[], float]) -> None:
    """Says what the peer is, then runs once for every line of standard input and says the seconds that `run` returns."""
    _say({"ready": True, **about})
    for _ in sys.stdin:
        _say({"seconds": run()})


def _say(answer: dict[str, Any]) -> None:
    print("@" + json.dumps(answer), flush=True)
