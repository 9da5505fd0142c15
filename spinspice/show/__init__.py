"""How results look: one module a study, with its tables and its panels; studies know none of them."""
