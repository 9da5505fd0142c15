"""Physical constants, SI (CODATA 2022 values as in ``scipy.constants``, repeated here so that importing stays light).

`tests/unit/test_constants.py` compares them with scipy's, and with the copies in the Verilog-A models.
"""

#: Boltzmann constant [J/K] (exact).
k_B = 1.380649e-23
#: Elementary charge [C] (exact).
e = 1.602176634e-19
#: Reduced Planck constant [J s] (exact).
hbar = 1.0545718176461565e-34
#: Vacuum permeability [T m/A].
mu_0 = 1.25663706127e-6
#: Gyromagnetic ratio of the electron, absolute value [rad/(s T)].
gamma = 1.76085962784e11
