"""Where does the energy of a stochastic neuron go, and does the account close?

Every source's energy must come out in the elements or be stored in the load (Tellegen's theorem). The audit measures
both sides at every pin, splits the power by block into a part that flows while all stands still and a part that
switching adds, and gives the energy of a decision: total power times the correlation time of the output. Cells and
junctions of Ganguly et al., arXiv:1812.08273, and Faria et al., Front. Comput. Neurosci. 15, 584797 (2021).
"""

from pathlib import Path

from spinspice.cells import get_cell
from spinspice.energy import audit_cell
from spinspice.presets import load_preset

CELLS = {"bsn": "faria2021", "asn": "ganguly2018"}  # and their junctions
VIN = 0.0  # V, near the middle of the transition
DURATION = 50e-9  # s, of which 2 ns are warm-up


def main(short: bool = False, out: str = "out") -> dict[str, dict[str, float]]:
    """Audit both cells; return closure, power [W] and energy per decision [J]."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 3), layout="constrained")
    axes = figure.subplots(1, len(CELLS))
    numbers = {}
    for ax, (name, preset) in zip(axes, CELLS.items(), strict=True):
        cell = get_cell(name)(load_preset(preset).device)
        energy = audit_cell(cell, vin=VIN, duration=10e-9 if short else DURATION)
        audit = energy.audit
        numbers[name] = {
            "closure": audit.closure,
            "power": audit.total_power,
            "per_decision": energy.per_decision,
        }
        blocks = list(audit.power)
        static = [1e6 * audit.static_power[block] for block in blocks]
        switching = [1e6 * audit.switching_power[block] for block in blocks]
        ax.bar(blocks, static, color="#0072B2", label="standing still")
        ax.bar(blocks, switching, bottom=static, color="#E69F00", label="switching")
        ax.set_title(f"{name.upper()}, {preset}")
        ax.set_ylabel("power [µW]")
    axes[0].legend(frameon=False)
    Path(out).mkdir(exist_ok=True)
    figure.savefig(f"{out}/04_energy_audit.png", dpi=120)
    return numbers


if __name__ == "__main__":
    for name, found in main().items():
        print(
            f"{name}: {found['power'] * 1e6:.1f} uW, {found['per_decision'] * 1e15:.2f} fJ per decision, "
            f"the account closes to {found['closure']:.1e}"
        )
