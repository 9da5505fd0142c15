"""What some systems ask of a junction: one of two states, or a macrospin with an easy axis.

A clocked read-out samples two states, a memory cell is sized by the critical current of a macrospin. They say so by
these functions and ask for no class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeGuard, TypeVar

from spinspice.devices.base import Device
from spinspice.errors import SpinspiceError, UsageError

if TYPE_CHECKING:
    from spinspice.devices.field import MacrospinField, TelegraphField
    from spinspice.devices.macrospin import Macrospin, MacrospinSOT
    from spinspice.devices.telegraph import Telegraph

#: A class of devices.
D = TypeVar("D", bound=Device)


def is_two_state(device: Any) -> TypeGuard[Telegraph]:
    """Whether a junction is in one of two states, with escape rates, and shows which at its node ``state``."""
    from spinspice.devices.telegraph import Telegraph

    return isinstance(device, Telegraph)


def is_macrospin(device: Any) -> TypeGuard[Macrospin]:
    """Whether the state of a junction is a magnetisation that follows the equation of Landau, Lifshitz and Gilbert."""
    from spinspice.devices.macrospin import Macrospin

    return isinstance(device, Macrospin)


def is_on_a_line(device: Any) -> TypeGuard[MacrospinSOT]:
    """Whether a macrospin stands on a line whose current turns it, by spin-orbit torque."""
    from spinspice.devices.macrospin import MacrospinSOT

    return isinstance(device, MacrospinSOT)


def is_two_state_in_field(device: Any) -> TypeGuard[TelegraphField]:
    """Whether a two-state junction has a port for the field along its easy axis."""
    from spinspice.devices.field import TelegraphField

    return isinstance(device, TelegraphField)


def is_in_field(device: Any) -> TypeGuard[MacrospinField | TelegraphField]:
    """Whether a junction has ports for the field on its free layer, so that neighbours can act on it."""
    from spinspice.devices.field import MacrospinField, TelegraphField

    return isinstance(device, MacrospinField | TelegraphField)


def as_kind(device: Device, kind: type[D], message: str, error: type[SpinspiceError] = UsageError) -> D:
    """Return a device of a class, or raise ``error`` with the message, in which {kind} is what it is."""
    if not isinstance(device, kind):
        raise error(message.format(kind=type(device).__name__))
    return device


def as_two_state(device: Device, message: str, error: type[SpinspiceError] = UsageError) -> Telegraph:
    """Return a two-state junction, or raise ``error`` with the message, in which {kind} is what it is."""
    if not is_two_state(device):
        raise error(message.format(kind=type(device).__name__))
    return device


def as_macrospin(
    device: Device, message: str, error: type[SpinspiceError] = UsageError, *, easy_axis: bool = False
) -> Macrospin:
    """Return a macrospin, if wanted one with a barrier, or raise ``error``; message as for two states."""
    if not is_macrospin(device) or (easy_axis and not device.delta > 0.0):
        raise error(
            message.format(
                kind=type(device).__name__, B_k=getattr(device, "B_k", None), delta=getattr(device, "delta", None)
            )
        )
    return device
