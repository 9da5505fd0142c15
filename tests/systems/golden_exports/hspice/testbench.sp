* BSN at a constant input (faria2021), exported by spinspice VERSION
* What to change: input, seed of the junction
.param seed=3
.param vin=0.01
* A parameter given to a subcircuit is not overruled by one of the same name outside
.option parhier=local
* The junctions
.hdl "verilog_a/mtj_macrospin.va"
* The cell, with its transistor models
.include "bsn_cell.sp"
* The test bench
x1 vin out vdd vss mid bsn seed='seed'
vdd vdd 0 DC 0.4
vss vss 0 DC -0.4
vin vin 0 DC 'vin'
cload out 0 1e-15
* The run; the junctions bound the time step themselves
.temp 26.85
.option post=2 probe=1 delmax=5e-12
.tran 5e-12 4e-09
.print tran v(out) v(mid) v(x1.mx) v(x1.my) v(x1.mz) i(vdd)
.end
