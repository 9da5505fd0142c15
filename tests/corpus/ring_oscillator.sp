* a ring of five with an enable, loaded by a junction's divider
.model rn nmos level=54 version=4.8 toxe=1.9n vth0=0.33 u0=0.035 cgso=2e-10 cgdo=2e-10
.model rp pmos level=54 version=4.8 toxe=1.9n vth0=-0.33 u0=0.014 cgso=2e-10 cgdo=2e-10
.subckt inv a y vdd vss
Mp y a vdd vdd rp w=0.4u l=40n
Mn y a vss vss rn w=0.2u l=40n
.ends
.subckt ring in out vdd vss
Rmtj vdd vr 12k
Ms vr vr vss vss rn w=20n l=400n
Mpa a in vdd vdd rp w=0.4u l=40n
Mpb a out vdd vdd rp w=0.4u l=40n
Mna a in m vss rn w=0.4u l=40n
Mnb m out vss vss rn w=0.4u l=40n
X1 a b vdd vss inv
X2 b c1 vdd vss inv
X3 c1 d1 vdd vss inv
X4 d1 out vdd vss inv
Cl out vss 1f
.ends
