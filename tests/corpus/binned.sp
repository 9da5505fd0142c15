* models of three ranges of sizes
.model nb.1 nmos level=54 version=4.5 toxe=1.9n vth0=0.33 u0=0.03 lmin=40n lmax=60n wmin=0.1u wmax=1u
.model nb.2 nmos level=54 version=4.5 toxe=1.9n vth0=0.38 u0=0.03 lmin=60n lmax=240n wmin=0.1u wmax=1u
.model nb.3 nmos level=54 version=4.5 toxe=1.9n vth0=0.43 u0=0.03 lmin=40n lmax=240n wmin=1u wmax=10u
.model pb.1 pmos level=54 version=4.5 toxe=1.9n vth0=-0.33 u0=0.012 lmin=40n lmax=100n wmin=0.1u wmax=1u
.model pb.2 pmos level=54 version=4.5 toxe=1.9n vth0=-0.40 u0=0.012 lmin=40n lmax=100n wmin=1u wmax=5u
.subckt dut in out vdd vss
Rmtj vdd mid 12k
M1 mid in vss vss nb w=0.8u l=60n
M2 out mid vss vss nb w=0.2u l=40n
M3 out mid vss vss nb w=1.5u l=240n
M4 out mid vdd vdd pb w=0.9u l=40n
M5 out mid vdd vdd pb w=1.2u l=50n
.ends
