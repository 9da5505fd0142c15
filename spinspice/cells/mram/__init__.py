"""ST-MRAM: 1T-1MTJ cells on word, bit and source lines, with write drivers, word drivers and sense amplifiers."""

from spinspice.cells.mram.array import MemoryArray
from spinspice.cells.mram.sizing import MemorySizing, size_memory

__all__ = ["MemoryArray", "MemorySizing", "size_memory"]
