* models in the style of a public memory compiler, and a bit line's sense inverter
.MODEL n NMOS (                                LEVEL   = 49
+VERSION = 3.3.0          TNOM    = 27             TOX     = 4.1E-9
+XJ      = 1E-7           NCH     = 2.35E17        VTH0    = 0.37
+K1      = 0.59           K2      = 2.4E-3         K3      = 1E-3
+NSUB    = 6E16
+DVT0W   = 0              DVT1W   = 0              DVT2W   = 0
+DVT0    = 1.36           DVT1    = 0.38           DVT2    = 0.05
+U0      = 260            UA      = -1.4E-9        UB      = 2.3E-18
+VSAT    = 1.0E5          A0      = 2              AGS     = 0.42
+RDSW    = 105            PRWG    = 0.5            NFACTOR = 2.4
+CGDO    = 7.8E-10        CGSO    = 7.8E-10        CGBO    = 1E-12
+CJ      = 9.6E-4         PB      = 0.8            MJ      = 0.38
+CJSW    = 2.6E-10        PBSW    = 0.8            MJSW    = 0.1
+CAPMOD  = 2              MOBMOD  = 1              NQSMOD  = 0     )
.MODEL p PMOS (                                LEVEL   = 49
+VERSION = 3.3.0          TNOM    = 27             TOX     = 4.1E-9
+XJ      = 1E-7           NCH     = 4.1E17         VTH0    = -0.39
+K1      = 0.57           K2      = 0.03           NSUB    = 5E16
+U0      = 118            UA      = 1.6E-9         UB      = 1E-21
+VSAT    = 2E5            RDSW    = 199            NFACTOR = 2
+CGDO    = 6.9E-10        CGSO    = 6.9E-10        CJ      = 1.2E-3
+CAPMOD  = 2              MOBMOD  = 1 )
.SUBCKT sense_inv bl out vdd gnd
Rmtj vdd n1 12k
Mn0 n1 bl gnd gnd n w=0.8u l=0.2u ad=0.4p as=0.4p pd=2.6u ps=2.6u
Mn1 out n1 gnd gnd n w=0.4u l=0.2u ad=0.2p as=0.2p pd=1.8u ps=1.8u
Mp1 out n1 vdd vdd p w=1.2u l=0.2u ad=0.6p as=0.6p pd=3.4u ps=3.4u
.ENDS sense_inv
