.title KiCad schematic
.save all
.probe alli
.tran 20p 10n
.subckt stage in out vdd vss
RMTJ1 vdd Net-_M1-D_ 12k
M1 Net-_M1-D_ in vss vss kn L=0.25u W=2u
M2 out Net-_M1-D_ vss vss kn L=0.25u W=1u
M3 out Net-_M1-D_ vdd vdd kp L=0.25u W=3u
.ends
.model kn nmos level=1 vto=0.4 kp=220u lambda=0.06 gamma=0.4 phi=0.75 tox=5n cgso=0.25n cgdo=0.25n
.model kp pmos level=1 vto=-0.4 kp=80u lambda=0.08 gamma=0.4 phi=0.75 tox=5n cgso=0.25n cgdo=0.25n
.end
