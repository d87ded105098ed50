* Miller amplifier with a source follower as its output.
.subckt three_stage_follower inp inn out ibias vdd vss
M1 mir inn tail vss nmos           $ transconductance first
M2 o1 inp tail vss nmos            $ transconductance first
M3 mir mir vdd vdd pmos            $ load first
M4 o1 mir vdd vdd pmos             $ load first
M5 tail ibias vss vss nmos         $ bias first
M6 o2 o1 vdd vdd pmos              $ transconductance second
M7 o2 ibias vss vss nmos           $ bias second
M8 ibias ibias vss vss nmos        $ bias bias
M9 vdd o2 out vss nmos             $ transconductance third
M10 out ibias vss vss nmos         $ bias third
CC o1 o2 1p                        $ compensation
CL out vss 10p                     $ load_capacitance
.ends three_stage_follower
