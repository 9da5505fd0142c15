* everything in one file: models, circuit, stimuli and what to do
.options reltol=1e-4
.temp 27
.model tn nmos level=1 vto=0.4 kp=300u lambda=0.06 gamma=0.3 phi=0.7 tox=4n cgso=0.2n cgdo=0.2n
.model tp pmos level=1 vto=-0.4 kp=120u lambda=0.08 gamma=0.3 phi=0.7 tox=4n cgso=0.2n cgdo=0.2n
.subckt dut in out vdd vss
Rmtj vdd mid 12k
M1 mid in vss vss tn w=1u l=0.2u
M2 out mid vss vss tn w=0.5u l=0.2u
M3 out mid vdd vdd tp w=1.5u l=0.2u
.ends dut
X1 in out vdd 0 dut
VDD vdd 0 1.0
VIN in 0 PWL(0 0 10n 1)
CL out 0 1f
.save all
.tran 20p 10n
.control
run
meas tran vmid find v(out) at=5n
.endc
.end
