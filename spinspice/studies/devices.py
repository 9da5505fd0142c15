"""The junction of a study: a preset with some of its parameters changed."""

from __future__ import annotations

from spinspice.devices import Device
from spinspice.studies.base import Point
from spinspice.studies.parameter import Parameter

DEVICE = Parameter(
    name="device",
    meaning="a parameter of the junction, such as TMR; may be given several times",
    default={},
    kind="table",
)


def device_of(device: Device, point: Point) -> Device:
    """Return a junction with the parameters of a point: those of its table ``device``, and its temperature.

    Raises
    ------
    UsageError
        For one that it does not have, or a value out of its range.
    """
    changed = device.changed(point["device"], "device") if point["device"] else device
    kelvin = point.values.get("temperature")
    return changed if kelvin is None else changed.replace(T=kelvin)
