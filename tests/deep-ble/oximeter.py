"""A virtual pulse oximeter: a whole Bluetooth LE device, of which a scenario says what it does."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import plx
from bumble import hci
from bumble.att import Attribute
from bumble.controller import Controller
from bumble.core import UUID, AdvertisingData
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.host import Host
from bumble.keys import MemoryKeyStore
from bumble.pairing import PairingConfig, PairingDelegate
from radio import Radio

P = Characteristic.Properties
BATTERY_PERCENT = 87
# A device that reports its memory leaves a little time between two records, so that it can be told to stop.
BETWEEN_RECORDS_SECONDS = 0.2

Tell = Callable[..., None]


@dataclass(frozen=True)
class Kind:
    """What a model can do."""

    streams: bool = False
    stores: bool = False
    wants_pairing: bool = False
    clock_is_off_by: timedelta = timedelta()


@dataclass(frozen=True)
class Record:
    """A spot check, with the true time of measuring (UTC)."""

    spo2: int
    pulse: int
    at: datetime


class Oximeter:
    """Tells each thing that the service must come to hold, at the moment when the bridge has become answerable for it."""

    def __init__(self, radio: Radio, address: str, kind: Kind, tell: Tell) -> None:
        self.radio, self.kind, self.tell = radio, kind, tell
        self.clock_is_off_by = kind.clock_is_off_by
        self.memory: list[Record] = []
        self.told: set[Record] = set()
        self.stalls_after: int | None = None
        self.connection: Connection | None = None
        self.is_on = self.is_advertising = False
        self.subscriptions: set[int] = set()
        self.requests: list[int] = []
        self.happened = asyncio.Event()
        self.report: asyncio.Task[None] | None = None
        self.controller = Controller("oximeter", link=radio)
        host = Host()
        host.controller, self.controller.host = self.controller, host
        self.device = Device(config=DeviceConfiguration(name="Oximeter", address=hci.Address(address)), host=host)
        self.device.keystore = MemoryKeyStore()
        # Just Works: an oximeter has neither keys nor a place for six digits.
        self.device.pairing_config_factory = lambda _: PairingConfig(
            sc=True, mitm=False, bonding=True, delegate=PairingDelegate(PairingDelegate.IoCapability.NO_OUTPUT_NO_INPUT)
        )
        self.characteristics: dict[int, Characteristic[Any]] = {}
        self._add_services()
        self.device.on("connection", self._connected)

    def _add_services(self) -> None:
        secure, values = self.kind.wants_pairing, self.characteristics

        def characteristic(uuid: int, does: P, value: Any = b"", *, secure: bool = False) -> Characteristic[Any]:
            needs = Attribute.Permissions.READABLE | Attribute.Permissions.WRITEABLE
            if secure:
                needs |= Attribute.Permissions.READ_REQUIRES_ENCRYPTION | Attribute.Permissions.WRITE_REQUIRES_ENCRYPTION
            made = Characteristic(UUID.from_16_bits(uuid), does, needs, value)
            made.on("subscription", lambda _, notify, indicate: self._subscribed(uuid, notify or indicate))
            values[uuid] = made
            return made

        measurements = [characteristic(plx.SPOT_CHECK, P.INDICATE, secure=secure)]
        if self.kind.streams:
            measurements.append(characteristic(plx.CONTINUOUS, P.NOTIFY, secure=secure))
        measurements.append(characteristic(plx.FEATURES, P.READ, plx.features(storage=self.kind.stores)))
        if self.kind.stores:
            asked = CharacteristicValue(write=self._control_point)
            measurements.append(characteristic(plx.CONTROL_POINT, P.WRITE | P.INDICATE, asked, secure=secure))
        service = Service(UUID.from_16_bits(plx.PLX_SERVICE), measurements)
        self.device.add_service(service)
        if secure:  # To subscribe is a write, too: of the descriptors that Bumble has added.
            for attribute in self.device.gatt_server.attributes:
                if attribute.handle > service.handle and attribute.type == UUID.from_16_bits(0x2902):
                    attribute.permissions |= Attribute.Permissions.WRITE_REQUIRES_ENCRYPTION
        if self.kind.stores:
            clock = CharacteristicValue(read=lambda _: plx.current_time(self.own_time()), write=self._set_clock)
            self.device.add_service(Service(UUID.from_16_bits(0x1805), [characteristic(0x2A2B, P.READ | P.WRITE, clock)]))
        texts = {0x2A29: b"Wardlight", 0x2A24: b"Virtual", 0x2A25: b"1", 0x2A26: b"1.0"}
        about = [characteristic(uuid, P.READ, text) for uuid, text in texts.items()]
        self.device.add_service(Service(UUID.from_16_bits(0x180A), about))
        battery = characteristic(0x2A19, P.READ | P.NOTIFY, bytes([BATTERY_PERCENT]))
        self.device.add_service(Service(UUID.from_16_bits(0x180F), [battery]))

    # What happens to it.

    def _connected(self, connection: Connection) -> None:
        self.connection, self.is_advertising = connection, False
        connection.on("disconnection", self._disconnected)
        connection.on("pairing", lambda _: self._note("paired"))
        connection.on("pairing_failure", lambda reason: self._note(f"pairing failed, reason {reason}"))
        self._note("connected")

    def _disconnected(self, reason: int) -> None:
        self.connection = None
        self.subscriptions.clear()
        if self.report:
            self.report.cancel()
        self._note(f"disconnected, reason 0x{reason:02x}")

    def _subscribed(self, uuid: int, on: bool) -> None:
        (self.subscriptions.add if on else self.subscriptions.discard)(uuid)
        self.happened.set()

    def _note(self, what: str) -> None:
        self.tell("note", what=what)
        self.happened.set()

    def _set_clock(self, _: Connection, value: bytes) -> None:
        self.clock_is_off_by = plx.parse_current_time(value) - now().replace(tzinfo=None)
        self._note(f"clock set, now off by {self.clock_is_off_by.total_seconds():.0f} s")

    def _control_point(self, _: Connection, value: bytes) -> None:
        # The answer goes out after the response to this write.
        asyncio.get_running_loop().call_soon(self._obey, value)

    def _obey(self, value: bytes) -> None:
        request, operator = value[0], value[1]
        self.requests.append(request)
        self._note(f"control point {value.hex()}")
        if request == plx.ABORT:
            if self.report:
                self.report.cancel()
            self._answer(plx.answer(request, plx.SUCCESS))
        elif request not in (plx.REPORT, plx.DELETE, plx.COUNT):
            self._answer(plx.answer(request, plx.NOT_SUPPORTED))
        elif operator != plx.ALL_RECORDS:
            self._answer(plx.answer(request, plx.OPERATOR_NOT_SUPPORTED))
        elif request == plx.COUNT:
            self._answer(plx.count_is(len(self.memory)))
        elif not self.memory:
            self._answer(plx.answer(request, plx.NO_RECORDS))
        elif request == plx.DELETE:
            self.memory.clear()
            self._answer(plx.answer(request, plx.SUCCESS))
        else:
            self.report = asyncio.create_task(self._report())

    def _answer(self, value: bytes) -> None:
        answered = self.device.indicate_subscribers(self.characteristics[plx.CONTROL_POINT], value)
        self.answering = asyncio.create_task(answered)

    async def _report(self) -> None:
        for number, record in enumerate(list(self.memory)):
            if number == self.stalls_after:
                self.stalls_after = None
                self._note("stalls in the middle of the report")
                await asyncio.get_running_loop().create_future()
            stamp = record.at.replace(tzinfo=None) + self.clock_is_off_by
            await self._indicate(record, plx.spot_check(record.spo2, record.pulse, stamp, stored=True))
            await asyncio.sleep(BETWEEN_RECORDS_SECONDS)
        await self.device.indicate_subscribers(
            self.characteristics[plx.CONTROL_POINT], plx.answer(plx.REPORT, plx.SUCCESS)
        )

    async def _indicate(self, record: Record, value: bytes) -> None:
        """Returns when the other side has confirmed it; a device may forget it then. Told once, however often it is sent."""
        await self.device.indicate_subscribers(self.characteristics[plx.SPOT_CHECK], value)
        if record not in self.told:
            self.told.add(record)
            self.tell("sent", spo2=record.spo2, pulse=record.pulse, measured_ms=round(record.at.timestamp() * 1000))

    # What a scenario has it do.

    def own_time(self) -> datetime:
        """As its clock says, which knows no zone."""
        return now().replace(tzinfo=None) + self.clock_is_off_by

    async def switch_on(self) -> None:
        await self.device.power_on()
        await self.advertise()

    async def advertise(self) -> None:
        """From now on whenever nobody is connected, until it drops the link or vanishes."""
        self.is_on = self.is_advertising = True
        self.radio.in_range_again(self.controller)
        told = AdvertisingData([
            (AdvertisingData.FLAGS, b"\x06"),
            (AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS, plx.PLX_SERVICE.to_bytes(2, "little")),
            (AdvertisingData.COMPLETE_LOCAL_NAME, b"Oximeter"),
        ])
        await self.device.start_advertising(advertising_data=bytes(told), scan_response_data=b"")
        self._note("advertises")

    async def until(self, condition: Callable[[], object]) -> None:
        while not condition():
            if self.is_on and not self.is_advertising and not self.connection:
                await self.advertise()
                continue
            self.happened.clear()
            await self.happened.wait()

    async def subscribed(self, uuid: int) -> None:
        await self.until(lambda: uuid in self.subscriptions)

    async def spot_check(self, spo2: int, pulse: int, *, stamped: bool = True) -> bytes:
        record = Record(spo2, pulse, now())
        value = plx.spot_check(spo2, pulse, self.own_time() if stamped else None)
        await self._indicate(record, value)
        return value

    async def repeat(self, value: bytes) -> None:
        """The very bytes again, as devices do that missed the confirmation: not another measurement."""
        await self.device.indicate_subscribers(self.characteristics[plx.SPOT_CHECK], value)
        self._note("has repeated its last value")

    async def stream(self, spo2: int, pulse: int, *, seconds: int) -> None:
        """The same values each second."""
        begun = time.time()
        for second in range(1, seconds + 1):
            await self.device.notify_subscribers(self.characteristics[plx.CONTINUOUS], plx.continuous(spo2, pulse))
            await asyncio.sleep(max(0.0, begun + second - time.time()))
        self.tell("streamed", spo2=spo2, pulse=pulse, from_ms=round(begun * 1000), until_ms=round(time.time() * 1000))

    async def drop(self) -> None:
        """Ends the connection itself, as one that switches off."""
        self.is_on = False
        if self.connection:
            await self.connection.disconnect()
        await self.until(lambda: not self.connection)

    async def vanish(self) -> None:
        self.is_on = False
        await self.radio.out_of_range(self.controller, 2.0)
        await self.until(lambda: not self.connection)

    async def forget_bonds(self) -> None:
        assert self.device.keystore
        await self.device.keystore.delete_all()
        self._note("has forgotten its bonds")


def now() -> datetime:
    return datetime.now(timezone.utc)
