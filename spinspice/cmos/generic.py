"""A generic low-power CMOS process of the 40 nm class, as BSIM4 cards for supplies from 0.8 to 1.2 V.

Not a foundry's process and not fitted to one: every number is ours, chosen for plain reasons, so that cells can be
designed and shown without a licence. What it gives at 300 K, W = 1 um, L = 40 nm, threshold at 100 nA W/L
(``tests/systems/test_cells_transistors.py`` measures it again):

==========================  ===========  ===========  ===========  ===========
quantity                    n            p            n, low-Vt    p, low-Vt
==========================  ===========  ===========  ===========  ===========
threshold, |Vds| = 50 mV    0.29 V       0.33 V       0.17 V       0.21 V
DIBL                        43 mV/V      51 mV/V      43 mV/V      51 mV/V
subthreshold slope, mV/dec  85           85           85           85
Ion, |Vgs| = |Vds| = 0.8 V  500 uA/um    280 uA/um    680 uA/um    400 uA/um
Ioff, |Vds| = 0.8 V         3 nA/um      1.3 nA/um    88 nA/um     38 nA/um
==========================  ===========  ===========  ===========  ===========

``generic-lvt`` is the same process with thresholds 0.12 V lower, what a low-threshold implant does: at 0.8 V its
transistors work well above threshold, which makes inverters several times faster and the transfer of a neuron twice
as wide.

Reasons for the values
----------------------
* Electrical oxide 1.9 nm (n) and 2.0 nm (p): what a nitrided-oxide low-power gate of that age has; Cox = 18 fF/um^2.
* Channel doping 2.4e18 /cm^3 puts the depletion capacitance at a fifth of Cox, and ``nfactor`` brings the slope to
  85 mV per decade; ``vth0`` then follows from the wish for some nA/um off current.
* Low-field mobilities 300 and 120 cm^2/Vs with the usual surface degradation, saturation velocities 1.2e5 and
  1.0e5 m/s, 150 and 220 Ohm um of source and drain resistance: a p
  device of a little over half the drive of an n device.
* ``eta0`` gives DIBL of 40 to 50 mV/V and ``pclm`` an output resistance of some tens of kOhm um at 100 uA/um and 40 nm.
* Overlap 0.2 fF/um; junctions 1 fF/um^2 and 0.1 fF/um, 0.2 fF/um under the gate edge, diffusions 100 nm long.
* Gate tunnelling, GIDL, substrate current, gate and body networks are off: none matters to a neuron cell that
  draws tens of microamperes. Flicker and channel noise of the transistors take no part in a transient.
* Mismatch follows Pelgrom's area law with A_VT of 1.9 (n) and 2.0 mV um (p), the rule of 1 mV um for every nanometre of
  gate oxide (M. J. M. Pelgrom, H. P. Tuinhout and M. Vertregt, IEDM Tech. Dig. 1998, p. 915), and with A_beta = 1 % um,
  our choice within the 1 to 2 % um that is usual.
* Corners shift both thresholds by 30 mV and both mobilities by 8 %: three-sigma of a typical process, our choice.
"""

from __future__ import annotations

from collections.abc import Mapping

from spinspice.cmos.base import HalfSupply, Technology, Transistor, check_corner
from spinspice.cmos.mismatch import Pelgrom
from spinspice.cmos.traits import Traits

#: Constants of circuits; the feature size is the shortest channel.
TRAITS = Traits(decision_time=3e-9, access_ratio=1.0, feature_size=40e-9, noise_period=1e-9)
TRAITS_LOW = Traits(decision_time=1e-9, noise_period=1e-9)
#: Shift of the threshold's magnitude [V] and factor of the mobility, for n and p.
_FAST, _SLOW, _TYPICAL = (-0.030, 1.08), (0.030, 0.92), (0.0, 1.0)
CORNERS: Mapping[str, tuple[tuple[float, float], tuple[float, float]]] = {
    "tt": (_TYPICAL, _TYPICAL),
    "ff": (_FAST, _FAST),
    "ss": (_SLOW, _SLOW),
    "fs": (_FAST, _SLOW),
    "sf": (_SLOW, _FAST),
}

#: Differences of transistors that are drawn alike.
MISMATCH: Mapping[str, Pelgrom] = {
    "n": Pelgrom(A_VT=1.9e-9, A_beta=1e-8),
    "p": Pelgrom(A_VT=2.0e-9, A_beta=1e-8),
}

#: What both polarities share: model options, then geometry, short-channel, output, capacitance, junction, temperature.
_SHARED = """\
+ level=54 version=4.8 binunit=1 paramchk=0 mobmod=0 capmod=2 igcmod=0 igbmod=0 geomod=0 diomod=1
+ rdsmod=0 rbodymod=0 rgatemod=0 permod=1 acnqsmod=0 trnqsmod=0 tnom=27
+ dtox=4e-10 epsrox=3.9 wint=0 lint=3e-9 xj=2.5e-8 ngate=2e20 nsd=2e20
+ k1=0.4 k2=0 k3=0 k3b=0 w0=2.5e-6 dvt0=0.8 dvt1=1.2 dvt2=0 dvt0w=0 dvt1w=0 dvt2w=0 dsub=0.5 minv=0 voffl=0
+ dvtp0=0 dvtp1=0 lpe0=0 lpeb=0 uc=0 a0=1 ags=0 a1=0 a2=1 b0=0 b1=0 keta=0 dwg=0 dwb=0
+ voff=-0.1 nfactor=1.5 cit=0 cdsc=0 cdscb=0 cdscd=0 etab=0
+ pdiblc1=0.001 pdiblc2=0.001 pdiblcb=0 drout=0.5 pvag=0 delta=0.01 pscbe1=8.14e8 pscbe2=1e-7 fprout=0 pdits=0
+ rdswmin=0 rsh=5 prwg=0 prwb=0 wr=1 alpha0=0 beta0=30 agidl=0
+ cgso=2e-10 cgdo=2e-10 cgbo=0 cgsl=0 cgdl=0 clc=0 cle=0.6 cf=0 ckappas=0.6 ckappad=0.6 noff=1 voffcv=0 moin=15 acde=1
+ jss=1e-7 jsws=1e-13 njs=1 mjs=0.5 pbs=0.9 cjsws=1e-10 mjsws=0.33 pbsws=0.9 cjswgs=2e-10 mjswgs=0.33 pbswgs=0.9
+ kt1=-0.11 kt1l=0 kt2=0.02 ua1=1e-9 ub1=-1e-18 uc1=0 at=3.3e4 xtis=3
"""

_N = """\
.model gen_nmos nmos
{shared}+ toxe=1.9e-9 toxp=1.5e-9 toxm=1.9e-9 ndep=2.4e18 vth0={vth0:.4g}
+ u0={u0:.4g} ua=6e-10 ub=1.2e-18 eu=1.67 vsat=1.2e5 eta0=0.03 pclm=0.6 rdsw=150 cjs=1e-3 ute=-1.2
"""

_P = """\
.model gen_pmos pmos
{shared}+ toxe=2e-9 toxp=1.6e-9 toxm=2e-9 ndep=2.2e18 vth0={vth0:.4g}
+ u0={u0:.4g} ua=8e-10 ub=8e-19 eu=1 vsat=1e5 eta0=0.035 pclm=0.7 rdsw=220 cjs=1.1e-3 ute=-1
"""


#: Lowering of the thresholds in the low-threshold flavour [V].
_LOW = 0.12
_SUPPLIES = (0.8, 0.9, 1.0, 1.1, 1.2)
_LENGTHS = (40e-9, 60e-9, 100e-9, 200e-9, 400e-9, 1e-6)
#: Measured with these cards at the typical corner and 300 K, see HalfSupply; A/m is uA/um.
_HALF_SUPPLY = HalfSupply(
    vdd=_SUPPLIES,
    lengths=_LENGTHS,
    n=(
        (33.13, 67.469, 115.33, 172.45, 234.83),
        (18.252, 39.317, 70.994, 111.2, 157.14),
        (9.9087, 22.012, 41.09, 66.377, 96.351),
        (4.6238, 10.473, 19.989, 33.007, 48.891),
        (2.2246, 5.0842, 9.8071, 16.37, 24.498),
        (0.86748, 1.9928, 3.8677, 6.4973, 9.7836),
    ),
    p=(
        (14.498, 30.767, 54.762, 84.926, 119.36),
        (7.4669, 16.594, 30.965, 50.039, 72.739),
        (3.921, 8.8862, 16.96, 28.01, 41.518),
        (1.8015, 4.1246, 7.9705, 13.334, 20.006),
        (0.86188, 1.982, 3.8512, 6.4802, 9.7785),
        (0.33515, 0.77261, 1.5059, 2.5425, 3.8492),
    ),
)
_HALF_SUPPLY_LOW = HalfSupply(
    vdd=_SUPPLIES,
    lengths=_LENGTHS,
    n=(
        (142.16, 203.77, 269.43, 337.07, 405.66),
        (92.259, 137.75, 188.12, 241.48, 296.69),
        (55.515, 85.381, 119.61, 156.88, 196.3),
        (27.793, 43.731, 62.54, 83.542, 106.24),
        (13.838, 22.031, 31.854, 42.981, 55.16),
        (5.5065, 8.8294, 12.853, 17.451, 22.525),
    ),
    p=(
        (68.473, 101.85, 139.01, 178.68, 220.09),
        (40.684, 62.729, 88.158, 116.05, 145.79),
        (22.985, 36.175, 51.775, 69.252, 88.222),
        (11.017, 17.568, 25.456, 34.435, 44.32),
        (5.3732, 8.6223, 12.568, 17.097, 22.118),
        (2.1129, 3.4029, 4.9778, 6.7937, 8.8163),
    ),
)


def generic(corner: str = "tt") -> Technology:
    """Return the generic process at a corner: ``tt``, ``ff``, ``ss``, ``fs`` (fast n, slow p) or ``sf``.

    Raises
    ------
    UsageError
        For an unknown corner.
    """
    return _process("generic", corner, 0.36, _HALF_SUPPLY, TRAITS, "Generic BSIM4 low-power process of the 40 nm class")


def generic_lvt(corner: str = "tt") -> Technology:
    """Return the low-threshold flavour of the generic process; corners as for :func:`generic`."""
    note = "Low-threshold flavour of the generic BSIM4 process of the 40 nm class"
    return _process("generic-lvt", corner, 0.36 - _LOW, _HALF_SUPPLY_LOW, TRAITS_LOW, note)


def _process(name: str, corner: str, vth0: float, half_supply: HalfSupply, traits: Traits, note: str) -> Technology:
    """Return the process with long-channel thresholds of ``vth0`` [V] at the typical corner."""
    corner = check_corner(corner, CORNERS, name)
    (shift_n, factor_n), (shift_p, factor_p) = CORNERS[corner]
    cards = _N.format(shared=_SHARED, vth0=vth0 + shift_n, u0=0.030 * factor_n)
    cards += _P.format(shared=_SHARED, vth0=-vth0 - shift_p, u0=0.012 * factor_p)
    return Technology(
        name=name,
        corner=corner,
        vdd=0.8,
        vdd_range=(0.8, 1.2),
        cards=cards,
        n=Transistor(name="gen_nmos", diffusion=100e-9, pelgrom=MISMATCH["n"]),
        p=Transistor(name="gen_pmos", diffusion=100e-9, pelgrom=MISMATCH["p"]),
        l_min=40e-9,
        w_min=80e-9,
        half_supply=half_supply,
        corners=tuple(CORNERS),
        traits=traits,
        licence="GPL-3.0-or-later, as the rest of spinspice",
        note=f"{note}; written for spinspice, not a foundry's.",
    )
