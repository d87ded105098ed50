* Two-stage Miller amplifier with a nulling resistor.
.subckt miller_nulling_resistor inp inn out ibias vdd vss
M1 mir inn tail vss nmos           $ transconductance first
M2 o1 inp tail vss nmos            $ transconductance first
M3 mir mir vdd vdd pmos            $ load first
M4 o1 mir vdd vdd pmos             $ load first
M5 tail ibias vss vss nmos         $ bias first
M6 out o1 vdd vdd pmos             $ transconductance second
M7 out ibias vss vss nmos          $ bias second
M8 ibias ibias vss vss nmos        $ bias bias
RZ o1 z 2k                         $ compensation
CC z out 1p                        $ compensation
CL out vss 5p                      $ load_capacitance
.ends miller_nulling_resistor
