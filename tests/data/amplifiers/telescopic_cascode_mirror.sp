* Telescopic amplifier with a cascode mirror as load.
.subckt telescopic_cascode_mirror inp inn out ibias vbn vdd vss
M1 x1 inp tail vss nmos            $ transconductance first
M2 x2 inn tail vss nmos            $ transconductance first
M3 mir vbn x1 vss nmos             $ load first
M4 out vbn x2 vss nmos             $ load first
M5 mir mir y1 vdd pmos             $ load first
M6 out mir y2 vdd pmos             $ load first
M7 y1 y1 vdd vdd pmos              $ load first
M8 y2 y1 vdd vdd pmos              $ load first
M9 tail ibias vss vss nmos         $ bias first
M10 ibias ibias vss vss nmos       $ bias bias
CL out vss 1p                      $ load_capacitance
.ends telescopic_cascode_mirror
