"""Look-up table from the switching vector to the class, in Python and in Verilog (Lopez et al. 2024, Sec. III, step 5).

The class depends on how many junctions each input switched, so the vector is counted first; the table then has
(N + 1)^n_inputs entries where one of the whole vector would have 2^(N n_inputs): 16 against 64 for the paper's chain.
"""

from __future__ import annotations

import dataclasses
import itertools
import re

import numpy as np
from numpy.typing import NDArray

from spinspice.errors import UsageError, check_range

#: Largest number of entries of a table (our choice: what a synthesis tool takes in seconds).
MAX_ENTRIES = 2**16


@dataclasses.dataclass(frozen=True)
class LookUp:
    """A table from levels to classes.

    Parameters
    ----------
    classes : int array, shape (N + 1, ..., N + 1), an axis for each input
        Class of each switching configuration; -1 where none is assigned.
    """

    classes: NDArray[np.int_]

    @classmethod
    def from_cells(cls, cells: NDArray[np.int_], size: int, *, nearest: bool = False) -> LookUp:
        """Return the table in which row ``c`` of ``cells`` means class ``c``.

        Parameters
        ----------
        cells : int array, shape (n_classes, n_inputs)
            Configuration of each class: junctions switched under each input.
        size : int
            Number of junctions N.
        nearest : bool
            Give a configuration without class the class of the nearest one (the first of equals), in place of -1.

        Raises
        ------
        UsageError
            If two classes have one configuration, or a configuration does not exist.
        """
        cells = np.asarray(cells)
        entries = (size + 1) ** cells.shape[1]
        check_range("entries", entries, 2, MAX_ENTRIES, where=f"look-up table of {size} junctions", hint="Use fewer")
        if cells.min() < 0 or cells.max() > size:
            raise UsageError(
                f"configurations lie within 0 and {size} switched junctions; got {cells.min()} to {cells.max()}."
            )
        if len(np.unique(cells, axis=0)) < len(cells):
            raise UsageError("two classes have the same switching configuration. Give each its own.")
        grid = np.indices((size + 1,) * cells.shape[1]).reshape(cells.shape[1], -1).T
        distance = np.sum((grid[:, None] - cells) ** 2, axis=-1)
        classes = np.argmin(distance, axis=1)
        if not nearest:
            classes[distance.min(axis=1) > 0] = -1
        return cls(classes.reshape((size + 1,) * cells.shape[1]))

    @property
    def size(self) -> int:
        """Number of junctions N."""
        return self.classes.shape[0] - 1

    def classify(self, levels: NDArray[np.int_]) -> NDArray[np.int_]:
        """Return classes (n,) of levels (n, n_inputs); -1 for a configuration without class."""
        return self.classes[tuple(np.asarray(levels).T)]

    def verilog(self, name: str = "classifier_lut") -> str:
        """Return a combinational Verilog-2001 module of this table.

        Ports: ``switched``, bit N j + i for junction i under input j; ``category``; ``assigned``, 0 for a configuration
        without class.
        """
        if not re.fullmatch(r"[A-Za-z_]\w*", name):
            raise UsageError(f"{name!r} is no name of a Verilog module. Use letters, digits and underscores.")
        n, inputs = self.size, self.classes.ndim
        count, width = n.bit_length(), max(1, int(self.classes.max()).bit_length())
        lines = [
            f"// Switching vector of {n} junctions under {inputs} inputs -> category.",
            "// Made by spinspice.networks.chain.lut: change the cells there, not this file.",
            f"module {name} (",
            f"    input  wire [{n * inputs - 1}:0] switched, // bit {n}*j + i: junction i under input j",
            f"    output reg  [{width - 1}:0] category,",
            "    output reg  assigned",
            ");",
        ]
        for j in range(inputs):
            total = " + ".join(f"switched[{n * j + i}]" for i in range(n))
            lines.append(f"    wire [{count - 1}:0] count_{j} = {total};")
        lines += ["    always @* begin", "        assigned = 1'b1;"]
        lines.append(f"        case ({{{', '.join(f'count_{j}' for j in range(inputs))}}})")
        for levels in itertools.product(range(n + 1), repeat=inputs):
            label = int(self.classes[levels])
            if label >= 0:
                where = ", ".join(f"{count}'d{level}" for level in levels)
                lines.append(f"            {{{where}}}: category = {width}'d{label};")
        lines += [
            f"            default: begin category = {width}'d0; assigned = 1'b0; end",
            "        endcase",
            "    end",
            "endmodule",
        ]
        return "\n".join(lines) + "\n"
