* Common source stage of a textbook, resistor load
.MODEL CMOSN NMOS LEVEL=1 VTO=0.7 KP=110U GAMMA=0.4 LAMBDA=0.04 PHI=0.7
.MODEL CMOSP PMOS LEVEL=1 VTO=-0.7 KP=50U GAMMA=0.57 LAMBDA=0.05 PHI=0.8
.SUBCKT CS in out vdd vss
RMTJ vdd out 12K
M1 out in vss vss CMOSN W=10U L=1U
M2 vdd in vdd vdd CMOSP W=1U L=1U
CL out vss 10F
.ENDS CS
