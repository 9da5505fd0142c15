** sch_path: /foss/designs/divider/divider.sch
.subckt divider in out vdd vss
*.iopin in
*.iopin out
Rmtj vdd mid 12k m=1
XM1 mid in vss vss sg13_lv_nmos w=1.0u l=0.13u ng=1 m=1
XM2 out mid vss vss sg13_lv_nmos w=2.0u l=0.13u ng=2 m=1
XM3 out mid vdd vdd sg13_lv_pmos w=4.0u l=0.13u ng=2 m=1
.ends
.end
