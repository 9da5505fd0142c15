"""Small random circuits as a designer might write them, from a seed: every kind of element, scopes, names, numbers.

A circuit is a subcircuit ``dut`` with the ports in, q, vdd, vss and further text of the file. The junction (``Rj``)
lies between the rails, where it changes no other voltage. A spanning tree of resistors reaches every node, sources
with a voltage hang on resistors and controlled sources have small gains, so there is one operating point.
"""

from __future__ import annotations

import dataclasses
import random
import re
from collections import Counter

NODES = [
    "a",
    "b",
    "n1",
    "net#1",
    "k.2",
    "x9.a",
    "in+",
    "y-",
    "N$2",
    "mid",
    "out",
    "vin",
    "vm_1",
    "7",
    "3v3",
    "e",
    "Z_9",
]
#: Nodes of the subcircuits that are placed; some are those of the cell, in which they mean others.
INNER = ["a", "b", "n1", "out", "mid", "x.b", "w#"]
#: Resistances and pure numbers that parameters may be called.
RESISTANCES, RATIOS = ("ra", "rb", "r1"), ("ka", "kb", "w")
NUMBERS = ["4.7k", "12k", "0.0033MEG", "5e3", "8.2kOhm", "1e-2Meg", "3300", "22K", ".01meg", "6.8e+3", "1.5E4", "9k"]


@dataclasses.dataclass
class RandomCircuit:
    """The file, the node that is watched besides q, and how many elements of each kind there are."""

    text: str
    watched: str
    kinds: Counter[str]


class _Body:
    """Writes the elements of one subcircuit."""

    def __init__(
        self,
        rng: random.Random,
        kinds: str,
        nodes: list[str],
        parameters: list[str],
        counter: Counter[str],
        inside: bool = False,
    ) -> None:
        self.inside = inside
        self.rng, self.nodes, self.parameters, self.counter = rng, nodes, parameters, counter
        #: Without behavioural sources controlled ones are linear, for simulators that have no others.
        self.linear = "B" not in kinds
        self.lines: list[str] = []
        self.sources: list[str] = []
        self.count = 0

    def name(self, kind: str) -> str:
        self.count += 1
        self.counter[kind] += 1
        style = self.rng.choice(["{k}{n}", "{k}{n}", "{u}{n}", "{k}x{n}", "{k}{n}.a", "{k}<{n}>", "{u}${n}", "{k}#{n}"])
        if kind in "VXEFGH":  # a plain deck of ngspice itself takes no others for polynomials
            style = self.rng.choice(["{k}{n}", "{u}{n}", "{k}s{n}"])
        return style.format(k=kind.lower(), u=kind, n=self.count)

    def extra_node(self) -> str:
        self.count += 1
        self.nodes.append(f"i{self.count}")
        return self.nodes[-1]

    def pick(self, count: int) -> list[str]:
        return self.rng.sample(self.nodes, count)

    def resistance(self) -> str:
        rng = self.rng
        have = [name for name in self.parameters if name in RESISTANCES]
        ratio = rng.choice([name for name in self.parameters if name in RATIOS] or ["1.5"])
        if not have or rng.random() < 0.4:
            return rng.choice(NUMBERS)
        one, two = rng.choice(have), rng.choice(have)
        form = rng.choice(
            [
                "{{{a}}}",
                "'{a}+{b}'",
                "{{{k}*{a}+1k}}",
                "{{max({a},{b})}}",
                "{{{a}*(1+{k}**2)}}",
                "{{({k}>1)?{a}:2*{b}}}",
                "{{sqrt({a}*{b})}}",
                "{{{a}/(1+{k})}}",
                "{{min(10k,{a})+.5k}}",
                "{{-{a}+3*{a}}}",
                "{{ {a} * 2**0.5 }}",
            ]
        )
        return form.format(a=one, b=two, k=ratio)

    def ratio(self) -> str:
        have = [name for name in self.parameters if name in RATIOS]
        if have and self.rng.random() < 0.5:
            return f"{{0.2*{self.rng.choice(have)}/2}}"
        return self.rng.choice(["0.2", "300m", "0.15", "-0.25", ".1"])

    def multiplier(self) -> str:
        """Return a multiplier; only a few inside, since two above one another are refused."""
        if self.inside and self.rng.random() < 0.85:
            return self.rng.choice(["", "", " m=1"])
        return self.rng.choice(["", "", "", " m=1", " m=2", " m={1+2}", " M=4"])

    def tree(self, roots: list[str]) -> None:
        """Reach every node with resistors."""
        reached = list(roots)
        for node in [node for node in self.nodes if node not in roots]:
            self.lines.append(f"{self.name('R')} {self.rng.choice(reached)} {node} {self.resistance()}")
            if self.rng.random() < 0.5:
                self.lines.append(f"{self.name('R')} {node} {self.rng.choice(reached)} r={self.resistance()}")
            reached.append(node)

    def add(self, kind: str) -> None:
        getattr(self, f"_{kind.lower()}")()

    def _r(self) -> None:
        a, b = self.pick(2)
        self.lines.append(f"{self.name('R')} {a} {b} {self.resistance()}{self.multiplier()}")

    def _c(self) -> None:
        a, b = self.pick(2)
        value = self.rng.choice(["1p", "0.5pF", "200f", "{1p*2}", "c=0.3p", "1e-12"])
        self.lines.append(f"{self.name('C')} {a} {b} {value}{self.multiplier()}")

    def _l(self) -> None:
        a, b = self.pick(2)
        new = self.extra_node()
        value = self.rng.choice(["1u", "10uH", "{2*3u}", "l=2u"])
        self.lines += [
            f"{self.name('L')} {a} {new} {value}{self.multiplier()}",
            f"{self.name('R')} {new} {b} {self.resistance()}",
        ]

    def _v(self) -> None:
        a, b = self.pick(2)
        new, name = self.extra_node(), self.name("V")
        value = self.rng.choice(["0", "dc 0.1", "DC 50m", "{0.1*2}", "0.05 ac 1", "PWL(0 0.1 10n 0.2 1 0.2)"])
        self.sources.append(name)
        self.lines += [f"{name} {a} {new} {value}", f"{self.name('R')} {new} {b} {self.resistance()}"]

    def _i(self) -> None:
        a, b = self.pick(2)
        value = self.rng.choice(
            ["1u", "dc 5uA", "{2u+1u}", "-3u", "PULSE(0 4u 5n 1n 1n 1 2)", "dc 2u sin(2u 1u 20meg)"]
        )
        self.lines.append(f"{self.name('I')} {a} {b} {value}")

    def _driven(self, kind: str, text: str) -> None:
        """A source of a voltage, on a resistor."""
        b = self.rng.choice(self.nodes)
        new = self.extra_node()
        self.lines += [
            f"{self.name(kind)} {new} 0 {text}",
            f"{self.name('R')} {new} {b} {self.resistance()}",
        ]

    def _polynomial(self, variables: str, count: int, scale: float) -> str:
        numbers = [f"{scale * self.rng.uniform(-0.2, 0.2):.3g}" for _ in range(count + self.rng.randint(1, 4))]
        return f"POLY({count}) {variables} {' '.join(numbers)}"

    def _e(self) -> None:
        c, d, x, y = self.pick(4)
        forms = [
            f"{c} {d} {self.ratio()}",
            f"{c} 0 {self.ratio()}",
            f"({c} gnd) {self.ratio()}",
            f"{c} {d} gain={self.ratio()}",
            f"vol='0.2*v({c},{d})'",
            f"vol={{{self.ratio().strip('{}')}*v({c})}}",
            f"poly(1) {c} {d} 0 {self.ratio()}",
        ]
        if not self.linear:
            forms += [
                self._polynomial(f"{c} {d}", 1, 1.0),
                self._polynomial(f"({c},{d}) ({x},{y})", 2, 1.0),
                f"value={{0.1*v({c})+0.1*V({x},{y})**2}}",
            ]
        self._driven("E", self.rng.choice(forms))

    def _g(self) -> None:
        a, b, c, d, x, y = self.pick(6)
        forms = [
            f"{c} {d} 20u{self.multiplier()}",
            f"{c} {d} {{10u*2}}",
            f"{c},gnd 5u",
            f"cur='-10u*v({c},{d})'",
            f"poly(1) {c} {d} 0 15u",
        ]
        if not self.linear:
            forms += [
                self._polynomial(f"{c} {d}", 1, 1e-4),
                self._polynomial(f"{c} {d} {x} {y}", 2, 1e-4),
                f"value={{10u*tanh(v({c})-v({d}))}}",
            ]
        self.lines.append(f"{self.name('G')} {a} {b} {self.rng.choice(forms)}")

    def _source(self) -> str:
        if not self.sources:
            self._v()
        return self.rng.choice(self.sources)

    def _f(self) -> None:
        a, b = self.pick(2)
        source = self._source()
        forms = [f"{source} {self.ratio()}", f"{source} 0.3", f"POLY(1) {source} 0 -0.2"]
        if not self.linear:  # a constant in microamperes, so that voltages stay below a volt
            forms.append(f"POLY(1) {source} {self.rng.uniform(-5, 5):.3g}u {self.rng.uniform(-0.2, 0.2):.3g} 0.05")
        text = self.rng.choice(forms)
        self.lines.append(f"{self.name('F')} {a} {b} {text}")

    def _h(self) -> None:
        source = self._source()
        self._driven("H", self.rng.choice([f"{source} 500", f"{source} {{0.3k*2}}", f"{source.upper()} -200"]))

    def _b(self) -> None:
        c, d = self.pick(2)
        probes = [f"0.3*tanh(v({c},{d}))", f"0.2*V({c})+{self.ratio().strip('{}')}*v({d},0)", f"{{0.2*v({c})**2}}"]
        probes += [f"0.1*v({c}, gnd) + 0.1", f"((v({c})>0.1)?0.1:v({c}))*0.5", f"max(0.2*v({c}),-0.1)"]
        if self.sources:
            probes.append(f"0.2*v({c})+100*i({self.rng.choice(self.sources)})")
        if self.rng.random() < 0.5:
            self._driven("B", f"{self.rng.choice('vV')}={self.rng.choice(probes)}")
        else:
            a, b = self.pick(2)
            self.lines.append(f"{self.name('B')} {a} {b} I=10u*({self.rng.choice(probes).strip('{}')})")

    def _d(self) -> None:
        a, b = self.pick(2)
        area = self.rng.choice(["", "", " area=2"]) + self.multiplier()
        self.lines.append(f"{self.name('D')} {a} {b} dm{area}")

    def _m(self) -> None:
        d, g, s = self.pick(3)
        model = self.rng.choice(["nm", "pm"])
        bulk = {"nm": "-0.5", "pm": "0.5"}[model]
        well = self.extra_node()
        size = self.rng.choice(["w=1u l=1u", "W={2*1u} L=1u", "w=500n,l=1u", "l=1u w='1u*1.5'"])
        self.lines += [
            f"{self.name('M')} {d} {g} {s} {well} {model} {size}{self.multiplier()}",
            f"{self.name('V')} {well} 0 {bulk}",
        ]

    def _q(self) -> None:
        c, b, e = self.pick(3)
        base = self.extra_node()
        self.lines += [
            f"{self.name('Q')} {c} {base} {e} qm{self.rng.choice(['', ' 2', ' area=2'])}{self.multiplier()}",
            f"{self.name('R')} {base} {b} 47k",
        ]

    def _j(self) -> None:
        d, g, s = self.pick(3)
        self.lines.append(f"{self.name('J')} {d} {g} {s} jm{self.rng.choice(['', ' area=2'])}{self.multiplier()}")


def _parameters(rng: random.Random, names: list[str], other: list[str]) -> dict[str, str]:
    """Return values for parameters; some refer to one another, or to those around."""
    values = {}
    for name in names:
        ratio = name in RATIOS
        seen = [one for one in (*values, *other) if (one in RATIOS) == ratio and one != name]
        if seen and rng.random() < 0.5:
            values[name] = f"{{{rng.choice(seen)}*{rng.choice(['1.5', '0.7', '2'])}}}"
        else:
            values[name] = rng.choice(["0.5", "1.2", "{1/2}", "900m"] if ratio else NUMBERS)
    return values


def _models(rng: random.Random) -> list[str]:
    """Return model cards; the threshold of a transistor is a parameter that a scope may have too."""
    vt = rng.choice(["{vt}", "{vt+0.1}", "'vt*1.1'", "0.35"])
    return [
        rng.choice([f".model nm nmos level=1 vto={vt} kp=50u", f".MODEL NM NMOS(level=1, vto={vt}, kp=50u)"]),
        ".model pm pmos level=1 vto=-0.3 kp=20u gamma=0.2",
        rng.choice([".model dm d is=1e-12 n=1.2 rs=10", ".model dm d ( is = 1e-12 , n=1.2 )"]),
        ".model qm npn(bf=80 is=1e-16)",
        ".model jm njf vto=-0.8 beta=20u",
    ]


def _subcircuit(rng: random.Random, name: str, kinds: str, outer: list[str], counter: Counter[str], placed: list[str]):
    """Return the lines of a subcircuit with two ports and the names of its parameters."""
    ports = rng.sample(["p", "n1", "a", "t<1>"], 2)
    if rng.random() < 0.3:
        ports.append("gnd")
    head = _parameters(rng, rng.sample([*RESISTANCES, *RATIOS], rng.randint(0, 2)), outer)
    body = _parameters(rng, rng.sample([*RESISTANCES, *RATIOS, "vt"], rng.randint(0, 2)), outer)
    body = {key: value for key, value in body.items() if key not in head}
    own_models = rng.random() < 0.4
    if "vt" in body or own_models:
        body["vt"] = rng.choice(["0.25", "0.45"])
    known = [*dict.fromkeys([*outer, *head, *body])]
    nodes = [*(port for port in ports if port != "gnd"), *rng.sample([node for node in INNER if node not in ports], 4)]
    part = _Body(rng, kinds, nodes, [one for one in known if one != "vt"], counter, inside=True)
    part.tree([ports[0], ports[1]])
    for kind in rng.choices(kinds, k=rng.randint(1, 3)):
        part.add(kind)
    if placed:
        part.lines.append(_instance(rng, part, placed, known))
    mark = rng.choice([" params:", ""]) if head else ""
    lines = [f".subckt {name} {' '.join(ports)}{mark} {' '.join(f'{k}={v}' for k, v in head.items())}".rstrip()]
    lines += [f".param {key}={value}" for key, value in rng.sample(list(body.items()), len(body))]
    lines += _models(rng) if own_models else []
    multiplied = any(re.search(r"\bm=([2-9]|\{)|\bi\(|^[fhx]", line, re.IGNORECASE) for line in part.lines)
    return [*lines, *part.lines, f".ends{rng.choice(['', ' ' + name])}"], (len(ports), [*head, *body], not multiplied)


#: Of each subcircuit its number of ports, its parameters, and whether it may be placed with a multiplier.
_PLACED: dict[str, tuple[int, list[str], bool]] = {}


def _instance(rng: random.Random, part: _Body, placed: list[str], known: list[str]) -> str:
    name = rng.choice(placed)
    ports, parameters, may_be_multiplied = _PLACED[name]
    nodes = [*part.pick(2), *["gnd", "0"][: ports - 2]]
    given = ""
    for parameter in parameters:
        if parameter != "vt" and rng.random() < 0.4:
            number = rng.choice(["0.8", "{1.1}", "'0.5+0.2'"] if parameter in RATIOS else NUMBERS)
            if parameter in known and rng.random() < 0.5:
                number = f"{{{parameter}*1.2}}"
            given += f" {parameter}={number}"
    multiplier = rng.choice(["", "", " m=1", " m=2", " m=3"] if may_be_multiplied else [""] * 18 + [" m=1", " m=2"])
    return f"{part.name('X')} {' '.join(nodes)} {name}{given}{multiplier}"


def random_circuit(seed: int, kinds: str = "RCLVIEGFHBDMQJ") -> RandomCircuit:
    """Return a circuit; of the same seed the same one."""
    rng, counter = random.Random(seed), Counter[str]()
    top = _parameters(rng, rng.sample([*RESISTANCES, *RATIOS], 3), []) | {"vt": "0.3"}
    known = [name for name in top if name != "vt"]
    _PLACED.clear()
    text, placed = [], []
    for name in ("low", "high")[: rng.randint(0, 2)]:
        lines, _PLACED[name] = _subcircuit(rng, name, kinds, known, counter, list(placed))
        placed.append(name)
        text += lines
    head = _parameters(rng, rng.sample([*RESISTANCES, *RATIOS], rng.randint(0, 2)), known)
    visible = [*dict.fromkeys([*known, *head])]
    nodes = ["in", "q", "vdd", "vss", *rng.sample(NODES, 5)]
    dut = _Body(rng, kinds, nodes, visible, counter)
    dut.tree(["in", "vdd", "vss"])
    watched = "watch"
    dut.nodes.append(watched)
    dut.lines += [f"Rw1 in {watched} 10k", f"Rw2 q {watched} {dut.resistance()}"]
    for kind in rng.choices(kinds, k=rng.randint(3, 7)):
        dut.add(kind)
    for _ in range(rng.randint(1, 2) if placed else 0):
        dut.lines.append(_instance(rng, dut, placed, visible))
    inner: list[str] = []
    if placed and rng.random() < 0.3:  # a subcircuit of the cell's own, which hides one of the file
        name = "low" if rng.random() < 0.2 else "own"
        inner, _PLACED[name] = _subcircuit(rng, name, kinds, visible, counter, [])
        dut.lines = [line for line in dut.lines if f" {name}" not in line] + [_instance(rng, dut, [name], visible)]
    defaults = " ".join(f"{name}={value}" for name, value in head.items())
    cell = [f".subckt dut in q vdd vss {defaults}".rstrip(), *inner, "Rj vdd vss 12k", *dut.lines, ".ends dut"]
    parameters = [f".param {name}={value}" for name, value in rng.sample(list(top.items()), len(top))]
    blocks = [parameters, _models(rng), text]
    rng.shuffle(blocks)
    return RandomCircuit(_dressed(rng, [*(line for block in blocks for line in block), *cell]), watched, counter)


def _dressed(rng: random.Random, lines: list[str]) -> str:
    """Return text with comments, continuation lines, tabs and blank lines."""
    done = ["* a circuit from a random seed"]
    for line in lines:
        if rng.random() < 0.1 and line.count(" ") > 3 and "{" not in line and "'" not in line and "(" not in line:
            words = line.split(" ")
            line = "\n+ ".join([" ".join(words[:3]), " ".join(words[3:])])
        elif rng.random() < 0.1:
            line += rng.choice([" ; a comment", " $ a comment", " $comment", "\t; x"])
        if rng.random() < 0.05:
            done.append(rng.choice(["", "* R1 a b 1k", "\t* text"]))
        done.append(line.replace(" ", "\t", 1) if rng.random() < 0.05 else line)
    return "\n".join(done) + "\n"
