* levels 2 and 3, a JFET follower
.model m2 nmos level=2 vto=0.45 uo=450 tox=8n nsub=6e16 xj=0.15u ld=30n ucrit=5e4 uexp=0.15 cgso=0.3n cgdo=0.3n
.model m3 nmos level=3 vto=0.45 uo=420 tox=8n nsub=5e16 xj=0.15u theta=0.1 eta=0.05 kappa=0.3 vmax=1.2e5 cgso=0.3n cgdo=0.3n
.model j1 njf vto=-0.6 beta=2m lambda=0.02 rd=10 rs=10 cgs=20f cgd=20f
.subckt dut in out vdd vss
Rmtj vdd a 12k
M1 a in vss vss m2 w=4u l=1u
R2 vdd b 12k
M2 b in vss vss m3 w=4u l=1u
J1 vdd a out j1
Ro out vss 4k
.ends
