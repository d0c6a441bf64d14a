"""What the service holds, from its database: readings, alerts and how much is set aside.

read_out.py DATABASE FACTS      appends to FACTS, one JSON object a line, once nothing more comes in
"""

import json
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

# The bridge posts at once; this long without another reading, and nothing is on its way any more.
QUIET_SECONDS = 12.0
LIMIT_SECONDS = 90.0

# The service does not ask how a value was measured; only a spot check brings its bytes along.
READINGS = """
select d.address as device,
    case when r.kind <> 'values' then r.kind when r.raw is null then 'window' else 'spot_check' end as kind,
    r.spo2_tenths / 10.0 as spo2, r.pulse_tenths / 10.0 as pulse, r.effective_at as effective_ms,
    r.received_at as received_ms, coalesce(r.doubts, '') as doubts, coalesce(r.attempt_reason, '') as reason
from reading r join device d on d.organisation_id = r.organisation_id and d.device_id = r.device_id
order by r.effective_at, r.reading_id"""
ALERTS = """
select d.address as device, a.problem, a.severity, a.raised_at as raised_ms
from alert a
left join assignment s on s.organisation_id = a.organisation_id and s.stay_id = a.stay_id
left join device d on d.organisation_id = s.organisation_id and d.device_id = s.device_id
order by a.number"""
QUARANTINED = "select count(*) as items from quarantine"


def main() -> None:
    database = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
    database.row_factory = sqlite3.Row

    def ask(question: str) -> list[dict[str, Any]]:
        return [dict(row) for row in database.execute(question)]

    begun = changed = time.monotonic()
    known = -1
    while time.monotonic() - changed < QUIET_SECONDS and time.monotonic() - begun < LIMIT_SECONDS:
        held = len(ask(READINGS))
        if held != known:
            known, changed = held, time.monotonic()
        time.sleep(1)
    answers = [("reading", READINGS), ("alert", ALERTS), ("quarantined", QUARANTINED)]
    lines = [{"fact": fact, **row} for fact, question in answers for row in ask(question)]
    with Path(sys.argv[2]).open("a") as facts:
        facts.writelines(json.dumps(line) + "\n" for line in lines)


if __name__ == "__main__":
    main()
