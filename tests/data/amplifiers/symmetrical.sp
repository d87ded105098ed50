* Symmetrical amplifier.
.subckt symmetrical inp inn out ibias vdd vss
M1 a inp tail vss nmos             $ transconductance first
M2 b inn tail vss nmos             $ transconductance first
M3 a a vdd vdd pmos                $ load first
M4 b b vdd vdd pmos                $ load first
M5 tail ibias vss vss nmos         $ bias first
M6 out b vdd vdd pmos              $ transconductance second
M7 m a vdd vdd pmos                $ transconductance second
M8 m m vss vss nmos                $ bias second
M9 out m vss vss nmos              $ bias second
M10 ibias ibias vss vss nmos       $ bias bias
CL out vss 1p                      $ load_capacitance
.ends symmetrical
