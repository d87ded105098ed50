* Two-stage Miller amplifier with a transistor in triode in series with its compensation.
.subckt miller_nulling_transistor inp inn out ibias vdd vss
M1 mir inn tail vss nmos           $ transconductance first
M2 o1 inp tail vss nmos            $ transconductance first
M3 mir mir vdd vdd pmos            $ load first
M4 o1 mir vdd vdd pmos             $ load first
M5 tail ibias vss vss nmos         $ bias first
M6 out o1 vdd vdd pmos             $ transconductance second
M7 out ibias vss vss nmos          $ bias second
M8 ibias ibias vss vss nmos        $ bias bias
M9 z vz o1 vdd pmos                $ compensation
M10 vz vz s10 vdd pmos             $ bias bias
M11 s10 s10 vdd vdd pmos           $ bias bias
M12 vz ibias vss vss nmos          $ bias bias
CC z out 1p                        $ compensation
CL out vss 5p                      $ load_capacitance
.ends miller_nulling_transistor
