"""Sizes of an ST-MRAM array that fit a junction, by rules that hold in any technology.

Which terminal of the junction the transistor is on: the reference layer. When the bit line is high, current flows from
the free layer to the reference layer (it favours P) and leaves through a transistor whose source is at ground. When the
source line is high, the current favours AP, and the transistor's source rides on the voltage of the junction: it is the
weaker direction, and it starts from P, where the junction's voltage is least. The other way round the weak transistor
would meet the high resistance. Lin et al., IEDM 2009, weigh the same two.
"""

from __future__ import annotations

import dataclasses

from spinspice.cells.sizing import check_two_terminals
from spinspice.cmos import Technology
from spinspice.devices import Device, as_macrospin
from spinspice.devices.laws.resistance import conductance
from spinspice.errors import CircuitError, check_range

#: Current that the write path is made for, over the critical current; what it really gives is measured
#: (:func:`spinspice.memory.circuit_write_errors`), more on the strong side and less on the weak one.
OVERDRIVE = 2.0
#: Supply of an array where the models allow it [V], else the technology's own.
SUPPLY = 1.2
#: Supply of the bit line in a write of P over the voltage of an antiparallel junction at that current: the rest drops
#: across the transistors. Without a supply of its own the strong direction would put more than a volt on the barrier.
BIT_SUPPLY = 1.4
#: Transistors of the write driver over the access transistor, which then dominates the series resistance.
DRIVER = 4.0
#: Current of the reference branch of a read over the critical current.
READ = 0.3
#: Voltage across a junction during a read [V], at which the reference resistor is matched: about READ I_c0 R.
READ_VOLTAGE = 0.07
#: Wires: capacitance [F/m] and resistance [Ohm/m] of a narrow intermediate metal, 0.2 fF/um and 2 Ohm/um.
WIRE_CAPACITANCE, WIRE_RESISTANCE = 2e-10, 2e6


@dataclasses.dataclass(frozen=True, kw_only=True)
class MemorySizing:
    """Sizes of an array, SI. All are our choice; see the constants of this module.

    Parameters
    ----------
    length : float
        Channel length of every transistor but the clamps [m].
    w_access : float
        Access transistor [m].
    w_driver_n, w_driver_p : float
        Output stage of a write driver [m]; word drivers have the same.
    w_logic_n, w_logic_p : float
        Gates before it [m].
    w_latch_n, w_latch_p : float
        Latch of the sense amplifier [m].
    w_clamp, l_clamp : float
        Transistors that hold the bit line at the read voltage [m].
    v_bit : float
        Supply of the bit line in a write of P [V], not above vdd.
    I_read : float
        Current of the reference branch [A].
    R_ref : float
        Reference resistor [Ohm]: the inverse of the mean of both conductances.
    pitch_row, pitch_column : float
        Height and width of a bit cell [m].
    C_cell, R_cell : float
        Capacitance [F] and resistance [Ohm] of a line along one bit cell.
    """

    length: float
    w_access: float
    w_driver_n: float
    w_driver_p: float
    w_logic_n: float
    w_logic_p: float
    w_latch_n: float
    w_latch_p: float
    w_clamp: float
    l_clamp: float
    v_bit: float
    I_read: float
    R_ref: float
    pitch_row: float
    pitch_column: float
    C_cell: float
    R_cell: float

    @property
    def cell_area(self) -> float:
        """Area of a bit cell [m^2]."""
        return self.pitch_row * self.pitch_column


def memory_supply(technology: Technology, vdd: float | None = None) -> float:
    """Return the supply of an array [V]: ``vdd``, or 1.2 V where the models allow it, else the technology's own."""
    return technology.check_vdd(technology.supply(SUPPLY) if vdd is None else vdd)


def size_memory(device: Device, technology: Technology, vdd: float | None = None) -> MemorySizing:
    """Return the sizes of an array for a junction in a technology.

    Parameters
    ----------
    device : Macrospin
        Stable junction whose critical current is defined (uniaxial, barrier above zero).
    technology : Technology
    vdd : float, optional
        Supply [V]; by default that of :func:`memory_supply`.

    Raises
    ------
    CircuitError
        For a device without a critical current.
    ParameterError
        If the access transistor would be wider than 100 um.
    """
    check_two_terminals(device)
    device = as_macrospin(
        device,
        "an ST-MRAM cell needs a macrospin junction with a barrier, got {kind} with delta = {delta}: its "
        "critical current sizes the cell. Try the preset sttmram.",
        CircuitError,
        easy_axis=True,
    )
    vdd = memory_supply(technology, vdd)
    length, w_min = technology.l_min, technology.w_min
    current = OVERDRIVE * device.I_c0
    density = technology.half_supply.current("n", length, vdd)
    w_access = max(w_min, technology.traits.access_ratio * current / density)
    hint = "Lower the critical current or raise the supply"
    check_range("w_access", w_access, w_min, 1e-4, unit="m", where=f"size_memory in {technology.name}", hint=hint)
    ratio = min(density / technology.half_supply.current("p", length, vdd), 3.0)
    w_driver, w_logic = DRIVER * w_access, max(2.0 * w_min, w_access / 2.0)
    # A gate every five smallest lengths, half of a contact shared with the next cell; three more beside the transistor.
    pitch_row, pitch_column = 5.0 * length, w_access + 3.0 * length
    pitch = max(pitch_row, pitch_column)
    mean = float(conductance(device, READ_VOLTAGE, 0.0))
    return MemorySizing(
        length=length,
        w_access=w_access,
        w_driver_n=w_driver,
        w_driver_p=ratio * w_driver,
        w_logic_n=w_logic,
        w_logic_p=ratio * w_logic,
        w_latch_n=max(2.0 * w_min, 5.0 * length),
        w_latch_p=max(2.0 * w_min, 5.0 * length),
        w_clamp=30.0 * length,
        l_clamp=technology.half_supply.lengths[1],
        v_bit=min(vdd, round(BIT_SUPPLY * _antiparallel_voltage(device, current), 3)),
        I_read=READ * device.I_c0,
        R_ref=round(1.0 / mean, 1),
        pitch_row=pitch_row,
        pitch_column=pitch_column,
        C_cell=WIRE_CAPACITANCE * pitch,
        R_cell=WIRE_RESISTANCE * pitch,
    )


def _antiparallel_voltage(device: Device, current: float) -> float:
    """Return the voltage [V] at which the antiparallel junction carries ``current`` [A]."""
    low, high = 0.0, 100.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        if middle * float(conductance(device, middle, -1.0)) < current:
            low = middle
        else:
            high = middle
    return high
