* NGSPICE file created from neuron_flat.ext - technology: sky130A

.subckt neuron_flat in out vdd gnd
X0 a_130_n60# in gnd gnd sky130_fd_pr__nfet_01v8 ad=0.29 pd=2.58 as=0.29 ps=2.58 w=1 l=0.15
Rmtj vdd a_130_n60# 12k
X1 out a_130_n60# vdd vdd sky130_fd_pr__pfet_01v8 ad=0.58 pd=4.58 as=0.58 ps=4.58 w=2 l=0.15
X2 out a_130_n60# gnd gnd sky130_fd_pr__nfet_01v8 ad=0.29 pd=2.58 as=0.29 ps=2.58 w=1 l=0.15
C0 in a_130_n60# 0.113fF
C1 vdd a_130_n60# 0.42fF
C2 out a_130_n60# 0.207fF
C3 out vdd 0.31fF
C4 a_130_n60# gnd 0.95fF
C5 out gnd 0.66fF
C6 in gnd 0.24fF
.ends
