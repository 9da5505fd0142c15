"""Where the energy of a network goes: its sources, and every pin through which charge enters a cell or a coupling."""

from __future__ import annotations

from spinspice.analysis.energy import Capacitor, EnergyAudit, Source, Terminal, audit
from spinspice.errors import CircuitError
from spinspice.networks.network import Network
from spinspice.waveforms import Waveforms


def sources(network: Network) -> tuple[Source, ...]:
    """Return all sources: rails, inputs, biases.

    Raises
    ------
    CircuitError
        For an input that is a current.
    """
    currents = [node for node, drive in network.inputs.items() if drive.current]
    if currents:
        raise CircuitError(f"the input {currents[0]} is a current, which no source tells. Drive it by a voltage.")
    supplied = any(placed.supplied for placed in network.cells.values())
    named = {"vdd": "vdd", "vss": "vss"} if supplied else {}
    named |= {node: drive.source(node) for node, drive in network.inputs.items()}
    for name, placed in network.cells.items():
        named |= {network.ports(name)[port]: f"vbias_{name}_{port}" for port in placed.bias}
    return tuple(Source(node, f"v({node})", f"i({source})") for node, source in named.items())


def terminals(network: Network) -> list[Terminal]:
    """Return the pins of cells and couplings: block ``<cell>.<block>``, or the name of the coupling.

    Raises
    ------
    CircuitError
        For a network without ammeters.
    """
    if network.probes in ("none", None):
        raise CircuitError("this network has no ammeters. Give it probes='blocks', or 'elements'.")
    found = []
    for name, placed in network.cells.items():
        cell = placed.cell.rebuilt(probes=network.probes)
        pins = cell.pin_signals(f"x{name}", network.ports(name))
        found += [pin._replace(block=f"{name}.{pin.block}", element=f"{name}.{pin.element}") for pin in pins]
    for name, coupling in network.couplings.items():
        found += [
            Terminal(name, name, f"v({node})", f"i(vm_{name}_{pin})")
            for pin, node in coupling.pins.items()
            if node != "0"
        ]
    return found


def energy_signals(network: Network) -> tuple[str, ...]:
    """Return every signal that :func:`audit_network` needs, for the ``save`` of a run."""
    names = [name for source in sources(network) for name in (source.voltage, source.current)]
    names += [name for pin in terminals(network) for name in (pin.voltage, pin.current)]
    names += [f"v({node})" for node in network.loaded]
    return tuple(dict.fromkeys(names))


def audit_network(network: Network, waveforms: Waveforms) -> EnergyAudit:
    """Account for the energy of a network: blocks are ``<cell>.<block>`` and the couplings.

    An ideal coupling gives energy that no source delivers: it stands in the account with a negative sign.
    """
    loads = [Capacitor(f"load_{node}", f"v({node})", network.load) for node in network.loaded]
    return audit(waveforms, terminals(network), sources(network), loads)
