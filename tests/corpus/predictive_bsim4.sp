* planar 65 nm, in the style of predictive cards (numbers of our own)
.model  nmos  nmos  level = 54
+version = 4.0             binunit = 1               paramchk= 1               mobmod  = 0
+capmod  = 2               igcmod  = 1               igbmod  = 1               geomod  = 1
+diomod  = 1               rdsmod  = 0               rbodymod= 1               rgatemod= 1
+permod  = 1               acnqsmod= 0               trnqsmod= 0
+tnom    = 27              toxe    = 1.95e-009       toxp    = 1.3e-009        toxm    = 1.95e-009
+dtox    = 6.5e-010        epsrox  = 3.9             wint    = 5e-009          lint    = 4.8e-009
+ll      = 0               wl      = 0               lln     = 1               wln     = 1
+xl      = -2.8e-8
+vth0    = 0.41            k1      = 0.42            k2      = 0.012           k3      = 0
+k3b     = 0               w0      = 2.4e-006        dvt0    = 1.1             dvt1    = 2.1
+dvt2    = -0.03           nfactor = 1.85            eta0    = 0.0055          etab    = 0
+u0      = 0.048           ua      = 6.2e-010        ub      = 1.1e-018        uc      = 0
+vsat    = 118000          a0      = 1               ags     = 1e-020          b0      = 0
+keta    = 0.04            pclm    = 0.045           pdiblc1 = 0.001           pdiblc2 = 0.001
+rdsw    = 160             cgso    = 1.4e-010        cgdo    = 1.4e-010        cgbo    = 2.5e-011
+ndep    = 2.6e+018        nsd     = 2e+020          xj      = 1.9e-008        voff    = -0.13
+aigbacc = 0.012           bigbacc = 0.0028          cigbacc = 0.002           nigbacc = 1
+aigc    = 0.021           bigc    = 0.0026          cigc    = 0.002           aigsd   = 0.021
+bigsd   = 0.0026          cigsd   = 0.002           nigc    = 1               poxedge = 1
+pigcd   = 1               ntox    = 1
+cjs     = 0.0005          mjs     = 0.5             pbs     = 1               cjsws   = 5e-010
.model  pmos  pmos  level = 54
+version = 4.0             binunit = 1               paramchk= 1               mobmod  = 0
+capmod  = 2               igcmod  = 1               igbmod  = 1               geomod  = 1
+diomod  = 1               rdsmod  = 0               rbodymod= 1               rgatemod= 1
+tnom    = 27              toxe    = 2.05e-009       toxp    = 1.3e-009        toxm    = 2.05e-009
+dtox    = 7.5e-010        epsrox  = 3.9             lint    = 4.8e-009        xl      = -2.8e-8
+vth0    = -0.36           k1      = 0.42            k2      = -0.01           nfactor = 1.9
+u0      = 0.0057          ua      = 2e-009          ub      = 5e-019          vsat    = 72000
+rdsw    = 160             cgso    = 1.4e-010        cgdo    = 1.4e-010        ndep    = 1.9e+018
+aigc    = 0.0112          bigc    = 0.00074         cigc    = 0.03            pigcd   = 1
+aigsd   = 0.0112          bigsd   = 0.00074         cigsd   = 0.03            poxedge = 1
.subckt dut in out vdd vss
Rmtj vdd mid 12k
Mn0 mid in vss vss nmos w=1u l=65n
Mn1 out mid vss vss nmos w=0.4u l=65n
Mp1 out mid vdd vdd pmos w=0.8u l=65n
.ends
