"""How simulators write a circuit: one walk and one set of checks (:mod:`~spinspice.netlist.dialects.base`), and what is
said differently, one class for each dialect."""
