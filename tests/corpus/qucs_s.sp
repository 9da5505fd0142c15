* Qucs 24.4.1  /home/designer/QucsWorkspace/mtj_prj/divider.sch
.SUBCKT divider _net_in _net_out _net_vdd _net_vss

R1 _net_vdd _net0  12K tc1=0.0 tc2=0.0
M1 _net0 _net_in _net_vss _net_vss MMOD_M1 L=0.25U W=2U Ad=0 As=0 Pd=0 Ps=0 Temp=26.85
.MODEL MMOD_M1 nmos (Is=1e-14 Vto=0.4 Kp=2.2e-4 Gamma=0.4 Phi=0.7 Lambda=0.05 Rd=0 Rs=0 Cgso=2e-10 Cgdo=2e-10 Cgbo=0 Cbd=0 Cbs=0 Pb=0.8 Mj=0.5 Fc=0.5 Cjsw=0 Mjsw=0.33 Tox=5e-9 Nsub=1e16 Tpg=1 Ld=0 Uo=600 Kf=0 Af=1 Tnom=26.85)
C1 _net0 _net_vss 1F
E1 _net_buf _net_vss _net0 _net_vss 0.8
R2 _net_buf _net_out 1K tc1=0.0 tc2=0.0
.ENDS
