"""Run one peer on one case in this process; print a line of JSON.

python benchmarks/run_peer.py <<< '{"peer": ..., "limit": ..., "case": {...}}'
"""

import json
import resource
import sys
import time

from cases import Case
from peers import PEERS

MIB = 1024


def main() -> None:
    """Read a request; print the answer, the seconds and the peak memory in MiB."""
    request = json.load(sys.stdin)
    settings = tuple((name, value) for name, value in request["case"].pop("settings"))
    case = Case(settings=settings, **request["case"])
    _ = case.source
    peer = PEERS[request["peer"]]
    _warm(request["peer"])
    begin = time.perf_counter()
    answer = peer(case, request["limit"])
    seconds = time.perf_counter() - begin
    kilobytes = max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(json.dumps({"answer": answer, "seconds": seconds, "mib": kilobytes // MIB}))


def _warm(name: str) -> None:
    """Let the peer import what it needs: on cases of a few neurons, outside the clock."""
    from cases import formula, net

    tiny = [formula("two-inputs", 5, 0)]
    if name != "direct":
        # Few data points and many, d=2 and d=3 take different ways through a portfolio.
        tiny += [net("2-1", 2, 2, True, 0, 0), net("5-3-1", 2, 24, False, 0, 0)]
        tiny += [net("4-3-1", 3, 14, True, 0, 0)]
    if name in ("local-search", "lazy"):
        del tiny[0]
    for case in tiny:
        PEERS[name](case, 10.0)


if __name__ == "__main__":
    main()
