* diode and bipolar references around a junction
.model qv pnp is=2e-17 bf=4 vaf=50 rb=200 re=10 rc=100 cje=20f cjc=15f tf=50p
.model qn npn is=1e-16 bf=90 vaf=60 rb=120 re=4 rc=40 cje=15f cjc=10f tf=10p
.model dz d is=4e-17 n=1.02 rs=20 cjo=5f vj=0.8 m=0.4
.subckt ptat in out vdd vss
Rmtj vdd e1 12k
Q1 vss vss e1 qv
R2 vdd e2 12k
R3 e2 e3 1.5k
Q2 vss vss e3 qv m=8
Gdiff vss o1 e2 e1 2m
Ro1 o1 vss 8k
D1 o1 o2 dz
R4 o2 vss 20k
Q3 out in e4 qn
R5 e4 vss 1k
R6 vdd out 4k
R7 o2 out 40k
.ends
