* BSN: ports vin, out, vdd, vss, mid; parameter seed of the junction
* Junction: faria2021: R. Faria, J. Kaiser, K. Y. Camsari, S. Datta, 'Hardware design for autonomous Bayesian networks', Front. Comput. Neurosci. 15, 584797 (2021)
* Transistors: generic (GPL-3.0-or-later, as the rest of spinspice)
* Sized for a supply of 0.8 V, vdd at +0.4 V and vss at -0.4 V
* Zero-volt sources vm_... are ammeters at the blocks
.subckt bsn vin out vdd vss mid seed=1
.model gen_nmos nmos level=54 version=4.8 binunit=1 paramchk=0 mobmod=0 capmod=2 igcmod=0 igbmod=0 geomod=0
+ diomod=1 rdsmod=0 rbodymod=0 rgatemod=0 permod=1 acnqsmod=0 trnqsmod=0 tnom=27 dtox=4e-10 epsrox=3.9 wint=0
+ lint=3e-09 xj=2.5e-08 ngate=2e+20 nsd=2e+20 k1=0.4 k2=0 k3=0 k3b=0 w0=2.5e-06 dvt0=0.8 dvt1=1.2 dvt2=0
+ dvt0w=0 dvt1w=0 dvt2w=0 dsub=0.5 minv=0 voffl=0 dvtp0=0 dvtp1=0 lpe0=0 lpeb=0 uc=0 a0=1 ags=0 a1=0 a2=1 b0=0
+ b1=0 keta=0 dwg=0 dwb=0 voff=-0.1 nfactor=1.5 cit=0 cdsc=0 cdscb=0 cdscd=0 etab=0 pdiblc1=0.001
+ pdiblc2=0.001 pdiblcb=0 drout=0.5 pvag=0 delta=0.01 pscbe1=814000000.0 pscbe2=1e-07 fprout=0 pdits=0
+ rdswmin=0 rsh=5 prwg=0 prwb=0 wr=1 alpha0=0 beta0=30 agidl=0 cgso=2e-10 cgdo=2e-10 cgbo=0 cgsl=0 cgdl=0
+ clc=0 cle=0.6 cf=0 ckappas=0.6 ckappad=0.6 noff=1 voffcv=0 moin=15 acde=1 jss=1e-07 jsws=1e-13 njs=1 mjs=0.5
+ pbs=0.9 cjsws=1e-10 mjsws=0.33 pbsws=0.9 cjswgs=2e-10 mjswgs=0.33 pbswgs=0.9 kt1=-0.11 kt1l=0 kt2=0.02
+ ua1=1e-09 ub1=-1e-18 uc1=0 at=33000 xtis=3 toxe=1.9e-09 toxp=1.5e-09 toxm=1.9e-09 ndep=2.4e+18 vth0=0.36
+ u0=0.03 ua=6e-10 ub=1.2e-18 eu=1.67 vsat=120000 eta0=0.03 pclm=0.6 rdsw=150 cjs=0.001 ute=-1.2
.model gen_pmos pmos level=54 version=4.8 binunit=1 paramchk=0 mobmod=0 capmod=2 igcmod=0 igbmod=0 geomod=0
+ diomod=1 rdsmod=0 rbodymod=0 rgatemod=0 permod=1 acnqsmod=0 trnqsmod=0 tnom=27 dtox=4e-10 epsrox=3.9 wint=0
+ lint=3e-09 xj=2.5e-08 ngate=2e+20 nsd=2e+20 k1=0.4 k2=0 k3=0 k3b=0 w0=2.5e-06 dvt0=0.8 dvt1=1.2 dvt2=0
+ dvt0w=0 dvt1w=0 dvt2w=0 dsub=0.5 minv=0 voffl=0 dvtp0=0 dvtp1=0 lpe0=0 lpeb=0 uc=0 a0=1 ags=0 a1=0 a2=1 b0=0
+ b1=0 keta=0 dwg=0 dwb=0 voff=-0.1 nfactor=1.5 cit=0 cdsc=0 cdscb=0 cdscd=0 etab=0 pdiblc1=0.001
+ pdiblc2=0.001 pdiblcb=0 drout=0.5 pvag=0 delta=0.01 pscbe1=814000000.0 pscbe2=1e-07 fprout=0 pdits=0
+ rdswmin=0 rsh=5 prwg=0 prwb=0 wr=1 alpha0=0 beta0=30 agidl=0 cgso=2e-10 cgdo=2e-10 cgbo=0 cgsl=0 cgdl=0
+ clc=0 cle=0.6 cf=0 ckappas=0.6 ckappad=0.6 noff=1 voffcv=0 moin=15 acde=1 jss=1e-07 jsws=1e-13 njs=1 mjs=0.5
+ pbs=0.9 cjsws=1e-10 mjsws=0.33 pbsws=0.9 cjswgs=2e-10 mjswgs=0.33 pbswgs=0.9 kt1=-0.11 kt1l=0 kt2=0.02
+ ua1=1e-09 ub1=-1e-18 uc1=0 at=33000 xtis=3 toxe=2e-09 toxp=1.6e-09 toxm=2e-09 ndep=2.2e+18 vth0=-0.36
+ u0=0.012 ua=8e-10 ub=8e-19 eu=1 vsat=100000 eta0=0.035 pclm=0.7 rdsw=220 cjs=0.0011 ute=-1
vm_mtj vdd mtj_i DC 0
xmtj mid mtj_i mx my mz mtj_macrospin B_k=0.0001 Bx=0 By=0 Bz=0 Ms=1100000.0 Nx=0 Ny=0 Nz=1 R_P=12700 T=300
+ TMR=1 V_half=0.5 alpha=0.01 area=3.8013271108436493e-16 dt=5e-12 field_like=0 kx=1 ky=0 kz=0
+ max_step=1.25e-12 phi0=1.5707963267948966 pol=0.5773502691896257 px=1 py=0 pz=0 seed='seed' t_free=2e-09
+ theta0=1.5707963267948966 vcma=0
vm_input_mid mid input_mid_i DC 0
vm_input_vin vin input_vin_i DC 0
vm_input vss input_i DC 0
min input_mid_i input_vin_i input_i input_i gen_nmos ad=7.71e-14 pd=1.742e-06 l=4e-08 as=7.71e-14 ps=1.742e-06
+ w=7.71e-07
vm_inverters_mid mid inverters_mid_i DC 0
vm_inverters vdd inverters_i DC 0
mp1 bar inverters_mid_i inverters_i inverters_i gen_pmos ad=4.89e-14 pd=1.178e-06 l=6e-08 as=4.89e-14
+ ps=1.178e-06 w=4.89e-07
vm_inverters_vss vss inverters_vss_i DC 0
mn1 bar inverters_mid_i inverters_vss_i inverters_vss_i gen_nmos ad=2e-14 pd=6e-07 l=6e-08 as=2e-14 ps=6e-07
+ w=2e-07
vm_inverters_out out inverters_out_i DC 0
mp2 inverters_out_i bar inverters_i inverters_i gen_pmos ad=4.89e-14 pd=1.178e-06 l=6e-08 as=4.89e-14
+ ps=1.178e-06 w=4.89e-07
mn2 inverters_out_i bar inverters_vss_i inverters_vss_i gen_nmos ad=2e-14 pd=6e-07 l=6e-08 as=2e-14 ps=6e-07
+ w=2e-07
.ends bsn
