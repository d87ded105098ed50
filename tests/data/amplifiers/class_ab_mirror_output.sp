* Two-stage amplifier whose second stage drives both ways through a mirror.
.subckt class_ab_mirror_output inp inn out ibias vdd vss
M1 mir inn tail vss nmos           $ transconductance first
M2 o1 inp tail vss nmos            $ transconductance first
M3 mir mir vdd vdd pmos            $ load first
M4 o1 mir vdd vdd pmos             $ load first
M5 tail ibias vss vss nmos         $ bias first
M6 out o1 vdd vdd pmos             $ transconductance second
M7 m o1 vdd vdd pmos               $ transconductance second
M8 m m vss vss nmos                $ bias second
M9 out m vss vss nmos              $ bias second
M10 ibias ibias vss vss nmos       $ bias bias
CC o1 out 1p                       $ compensation
CL out vss 5p                      $ load_capacitance
.ends class_ab_mirror_output
