* Differential pair with resistors as load.
.subckt differential_resistor_load inp inn outp outn ibias vdd vss
M1 outn inp tail vss nmos          $ transconductance first
M2 outp inn tail vss nmos          $ transconductance first
R1 vdd outn 10k                    $ load first
R2 vdd outp 10k                    $ load first
M3 tail ibias vss vss nmos         $ bias first
M4 ibias ibias vss vss nmos        $ bias bias
.ends differential_resistor_load
