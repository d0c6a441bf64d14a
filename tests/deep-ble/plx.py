"""Bytes of the Pulse Oximeter Service (PLXS 1.0.1) and the Current Time Service."""

import struct
from datetime import datetime

SPOT_CHECK, CONTINUOUS, FEATURES, CONTROL_POINT = 0x2A5E, 0x2A5F, 0x2A60, 0x2A52
PLX_SERVICE = 0x1822

FULLY_QUALIFIED, FROM_STORAGE = 1 << 8, 1 << 9

# 2A60: measurement status, spot-check storage, time stamps.
HAS_STATUS, HAS_STORAGE, HAS_STAMPS = 1 << 0, 1 << 2, 1 << 3

# 2A52: op codes, and codes of the answer.
REPORT, DELETE, ABORT, COUNT, COUNT_IS, ANSWER = 1, 2, 3, 4, 5, 6
SUCCESS, NOT_SUPPORTED, OPERATOR_NOT_SUPPORTED, NO_RECORDS = 1, 2, 4, 6
ALL_RECORDS = 1


def sfloat(value: int) -> int:
    """A whole number as SFLOAT with exponent 0."""
    return value & 0x0FFF


def date_time(at: datetime) -> bytes:
    return struct.pack("<HBBBBB", at.year, at.month, at.day, at.hour, at.minute, at.second)


def spot_check(spo2: int, pulse: int, stamp: datetime | None, *, stored: bool = False) -> bytes:
    """2A5E with measurement status, and with the device's own time unless `stamp` is None."""
    status = FULLY_QUALIFIED | (FROM_STORAGE if stored else 0)
    flags = 0b10 | (0b01 if stamp else 0)
    time = date_time(stamp) if stamp else b""
    return struct.pack("<BHH", flags, sfloat(spo2), sfloat(pulse)) + time + struct.pack("<H", status)


def continuous(spo2: int, pulse: int) -> bytes:
    """2A5F without options."""
    return struct.pack("<BHH", 0, sfloat(spo2), sfloat(pulse))


def features(*, storage: bool) -> bytes:
    flags = HAS_STATUS | HAS_STAMPS | (HAS_STORAGE if storage else 0)
    return struct.pack("<HH", flags, FULLY_QUALIFIED | FROM_STORAGE)


def current_time(at: datetime) -> bytes:
    """2A2B: date, time, day of the week, 1/256 s, no reason for adjustment."""
    return date_time(at) + bytes([at.isoweekday(), at.microsecond * 256 // 1_000_000, 0])


def parse_current_time(value: bytes) -> datetime:
    return datetime(*struct.unpack_from("<HBBBBB", value))


def answer(request: int, code: int) -> bytes:
    return bytes([ANSWER, 0, request, code])


def count_is(records: int) -> bytes:
    return struct.pack("<BBH", COUNT_IS, 0, records)
