"""ST-MRAM as a system: operations on an array, energy and delay per bit, write errors, disturbs, retention."""
