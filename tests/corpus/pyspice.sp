.title binary neuron
.subckt neuron in out vdd vss
Rmtj vdd mid 12kOhm
Min mid in vss vss nch w=8e-07 l=4e-08
Mp1 x mid vdd vdd pch w=4e-07 l=4e-08
Mn1 x mid vss vss nch w=2e-07 l=4e-08
Mp2 out x vdd vdd pch w=4e-07 l=4e-08
Mn2 out x vss vss nch w=2e-07 l=4e-08
Cx x vss 0.2fF
.ends neuron
.model nch nmos (level=14 toxe=1.8e-09 vth0=0.32 version=4.8)
.model pch pmos (level=14 toxe=1.8e-09 version=4.8 vth0=-0.32)
