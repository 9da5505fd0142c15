* the slow corner of a library that includes a section of itself
.lib 'corner_models.lib' ss
.subckt dut in out vdd vss
Rmtj vdd mid 12k
M1 mid in vss vss cn w=0.8u l=60n
M2 out mid vss vss cn w=0.2u l=60n
M3 out mid vdd vdd cp w=0.5u l=60n
.ends
