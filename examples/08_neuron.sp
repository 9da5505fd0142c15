* A binary neuron as a designer may have it: a resistor stands for the magnetic tunnel junction.
* Divider of junction and transistor, then two inverters. The transistors' models come from the technology.
* Sizes are written digit by digit as spinspice writes those of its own cell, so that even the last bits agree.
.subckt neuron in q vcc vee m r=12.7k
Rmtj vcc m {r}  ; spinspice puts a junction here
Min  m in vee vee gen_nmos w=7.71e-07 l=4e-08 ad=7.71e-14 as=7.71e-14 pd=1.742e-06 ps=1.742e-06
* inverters
Mp1  bar m   vcc vcc gen_pmos w=4.89e-07 l=6e-08 ad=4.89e-14 as=4.89e-14 pd=1.178e-06 ps=1.178e-06
Mn1  bar m   vee vee gen_nmos w=2e-07 l=6e-08 ad=2e-14 as=2e-14 pd=6e-07 ps=6e-07
Mp2  q   bar vcc vcc gen_pmos w=4.89e-07 l=6e-08 ad=4.89e-14 as=4.89e-14 pd=1.178e-06 ps=1.178e-06
Mn2  q   bar vee vee gen_nmos w=2e-07 l=6e-08 ad=2e-14 as=2e-14 pd=6e-07 ps=6e-07
.ends neuron
