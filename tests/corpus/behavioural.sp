* a threshold element made of behavioural sources
.subckt bneuron in out vdd vss th=0.5 k=20
Rmtj vdd mid 12k
B1 mid vss I=100u*(0.5+0.5*tanh({k}*(V(in,vss)-{th})))
Bo drv vss V=V(vdd,vss)*(0.5+0.5*tanh({k}*(V(mid,vss)-0.5*V(vdd,vss))))
Ro drv out 1k
Co out vss 1f
.ends
