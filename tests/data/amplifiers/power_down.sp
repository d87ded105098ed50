* Miller amplifier with power-down transistors.
.subckt power_down inp inn out ibias en vdd vss
M1 mir inn tail vss nmos           $ transconductance first
M2 o1 inp tail vss nmos            $ transconductance first
M3 mir mir vdd vdd pmos            $ load first
M4 o1 mir vdd vdd pmos             $ load first
M5 tail ibias vss vss nmos         $ bias first
M6 out o1 vdd vdd pmos             $ transconductance second
M7 out ibias vss vss nmos          $ bias second
M8 ibias ibias vss vss nmos        $ bias bias
M9 enb en vdd vdd pmos             $ auxiliary
M10 enb en vss vss nmos            $ auxiliary
M11 ibias enb vss vss nmos         $ auxiliary
M12 o1 en vdd vdd pmos             $ auxiliary
CC o1 out 1p                       $ compensation
CL out vss 5p                      $ load_capacitance
.ends power_down
