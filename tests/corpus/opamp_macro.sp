* Two-pole macromodel of an amplifier in the manner of Boyle: E, G, F, H and polynomials
.subckt ampneuron in out vdd vss
Rmtj vdd ref 12k
Rref ref vss 12k
Rid in ref 1meg
Gm1 vss p1 in ref 1m
Rp1 p1 vss 10k
Cp1 p1 vss 20f
Epol mid vss poly(2) p1 vss ref vss 0 0.9 0.05 0.02
Vsense mid s2 0
Rs2 s2 p2 2k
Cp2 p2 vss 10f
Rp2 p2 vss 50k
Fmir vss p3 Vsense 2
Rp3 p3 vss 5k
Hsum p4 p3 Vsense 500
Rp4 p4 vss 10k
Gpol vss out poly(1) p4 vss 0 1m 0.1m
Ro out vss 1k
Co out vss 5f
.ends
