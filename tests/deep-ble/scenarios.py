"""What the virtual oximeters do, one scenario after another; each has an oximeter and a patient of its own.

    scenarios.py FACTS ADDRESS=SCENARIO...     appends what was sent to FACTS, one JSON object a line
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import plx
from oximeter import Kind, Oximeter, Record, now
from radio import Radio, plug_in

# A scenario that takes longer has failed; the others go on.
LIMIT_SECONDS = 200.0
# Between a drop and the next advertisement, as when a patient takes the finger out and puts it in again.
PAUSE_SECONDS = 3.0

Story = Callable[[Oximeter], Awaitable[None]]


async def spot(oximeter: Oximeter) -> None:
    """Spot checks with and without a time, over two connections, one of them repeated."""
    await oximeter.subscribed(plx.SPOT_CHECK)
    await oximeter.spot_check(97, 72)
    await oximeter.spot_check(96, 70, stamped=False)
    await back_again(oximeter)
    last = await oximeter.spot_check(95, 68)
    await asyncio.sleep(1)
    await oximeter.repeat(last)
    await asyncio.sleep(1)


async def away(oximeter: Oximeter) -> None:
    """Out of the house for longer than bluetoothd remembers a device that is not paired."""
    await oximeter.subscribed(plx.SPOT_CHECK)
    await oximeter.spot_check(98, 62)
    await back_again(oximeter, after_seconds=50)
    await oximeter.spot_check(97, 61)
    await asyncio.sleep(1)


async def stream(oximeter: Oximeter) -> None:
    """A value a second for two minutes, in between a low stretch; then out of range, and back."""
    await oximeter.subscribed(plx.CONTINUOUS)
    await oximeter.stream(97, 74, seconds=20)
    await oximeter.stream(87, 95, seconds=25)
    await oximeter.stream(95, 80, seconds=70)
    await oximeter.vanish()
    await asyncio.sleep(PAUSE_SECONDS)
    await oximeter.advertise()
    await oximeter.subscribed(plx.CONTINUOUS)
    await oximeter.stream(94, 78, seconds=20)


async def stored(oximeter: Oximeter) -> None:
    """Records from its memory, handed over on request and deleted when they are safe; then one more, live."""
    remember(oximeter)
    await emptied(oximeter)
    await oximeter.subscribed(plx.SPOT_CHECK)
    await oximeter.spot_check(98, 66)
    await asyncio.sleep(1)


async def stalled(oximeter: Oximeter) -> None:
    """It falls silent in the middle of its records, is told to stop, asked again, and hands over some of them twice."""
    remember(oximeter)
    oximeter.stalls_after = 2
    await emptied(oximeter)
    assert plx.ABORT in oximeter.requests, "deleted without an abort of the report that had stalled"


async def bond(oximeter: Oximeter) -> None:
    """It gives no value before it is paired, and knows the bridge again afterwards."""
    await oximeter.subscribed(plx.SPOT_CHECK)
    await oximeter.spot_check(96, 71)
    await back_again(oximeter)
    await oximeter.spot_check(95, 69)
    await asyncio.sleep(1)


async def forgotten(oximeter: Oximeter) -> None:
    """It has lost its bond, which the computer still has."""
    await oximeter.subscribed(plx.SPOT_CHECK)
    await oximeter.spot_check(97, 64)
    await oximeter.drop()
    await oximeter.forget_bonds()
    await asyncio.sleep(PAUSE_SECONDS)
    await oximeter.advertise()
    await oximeter.subscribed(plx.SPOT_CHECK)
    await oximeter.spot_check(96, 63)
    await asyncio.sleep(1)


SLOW = timedelta(hours=-3, minutes=-17)
SCENARIOS: dict[str, tuple[Kind, Story]] = {
    "spot": (Kind(), spot),
    "away": (Kind(), away),
    "stream": (Kind(streams=True), stream),
    "stored": (Kind(stores=True), stored),
    "clock": (Kind(stores=True, clock_is_off_by=SLOW), stored),
    "stalled": (Kind(stores=True), stalled),
    "bond": (Kind(wants_pairing=True), bond),
    "forgotten": (Kind(wants_pairing=True), forgotten),
}


def remember(oximeter: Oximeter) -> None:
    """Measured while nobody listened."""
    begun = now().replace(microsecond=0)
    ages = [timedelta(minutes=minutes) for minutes in (55, 40, 25, 10)]
    oximeter.memory = [Record(93 + i, 60 + i, begun - age) for i, age in enumerate(ages)]


async def emptied(oximeter: Oximeter) -> None:
    await oximeter.until(lambda: plx.DELETE in oximeter.requests)
    assert len(oximeter.told) == 4, "deleted before every record was handed over"


async def back_again(oximeter: Oximeter, after_seconds: float = PAUSE_SECONDS) -> None:
    await oximeter.drop()
    await asyncio.sleep(after_seconds)
    await oximeter.advertise()
    await oximeter.subscribed(plx.SPOT_CHECK)


class Facts:
    """The file that is read on the other side of the glass."""

    def __init__(self, file: Path) -> None:
        self.file = file.open("a", buffering=1)

    def tell(self, fact: str, **values: Any) -> None:
        line = {"fact": fact, "at_ms": round(time.time() * 1000), **values}
        self.file.write(json.dumps(line) + "\n")
        print(" ".join(str(value) for value in (fact, *values.values())), flush=True)


async def play(radio: Radio, address: str, name: str, facts: Facts) -> None:
    kind, story = SCENARIOS[name]
    oximeter = Oximeter(radio, address, kind, lambda fact, **more: facts.tell(fact, scenario=name, **more))
    why = ""
    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            await oximeter.switch_on()
            await story(oximeter)
            await oximeter.drop()
    except TimeoutError:
        why = f"not at its end after {LIMIT_SECONDS:.0f} s"
    except Exception as error:  # pylint: disable=broad-except; one scenario's trouble is not the others'
        why = f"{type(error).__name__}: {error}"
    await oximeter.device.power_off()
    facts.tell("ended", scenario=name, why=why)


async def main() -> None:
    facts = Facts(Path(sys.argv[1]))
    radio = Radio()
    kernel = await plug_in(radio)
    for word in sys.argv[2:]:
        address, name = word.split("=")
        await play(radio, address, name, facts)
    await kernel.close()


if __name__ == "__main__":
    asyncio.run(main())
