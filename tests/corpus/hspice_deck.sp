* library deck of a standard cell group
.param wmin='120n' lg='40n' fan='3'   $ drawn sizes
.subckt latchcell in out vdd vss wn='2*wmin' wp='fan*wmin'
Rmtj vdd mid '4k*fan'
M1 mid in vss vss nmod w='2*wn' l=lg
M2 out mid vss vss nmod w=wn l=lg $ pull down
M3 out mid vdd vdd pmod w=wp l=lg
Ebuf sense vss vol='0.5*v(out)+0.25*v(mid)'
Gleak out vss cur='1n*v(out)'
Rs sense vss 1meg
.ends latchcell
.model nmod nmos level=54 version=4.5 toxe=1.8n vth0=0.35 u0=0.035
+ vsat=1.2e5 cgso=2e-10 cgdo=2e-10
.model pmod pmos level=54 version=4.5 toxe=1.8n vth0=-0.35 u0=0.013 vsat=1e5
+ cgso=2e-10 cgdo=2e-10
