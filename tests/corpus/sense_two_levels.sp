* current sense amplifier: a mirror inside a branch inside the amplifier
.param wl=0.2u
.model sn nmos level=54 version=4.5 toxe=1.9n vth0=0.33 u0=0.035
.model sp pmos level=54 version=4.5 toxe=1.9n vth0=-0.33 u0=0.014
.subckt mirror i o vdd k=1
M1 i i vdd vdd sp w='4*wl' l=60n
M2 o i vdd vdd sp w='4*wl*k' l=60n
.ends
.subckt branch g x y vdd vss
.param gain=2
Xm x y vdd mirror k='gain'
Mc x g vss vss sn w='2*wl' l=60n
.ends
.subckt senseamp in out vdd vss
Rmtj vdd tap 12k
Mt tap in vss vss sn w=0.4u l=60n
Xa tap xa ya vdd vss branch
Xb in xb out vdd vss branch
Mm ya ya vss vss sn w=0.2u l=60n
Mo out ya vss vss sn w=0.2u l=60n
.ends
