* Miller amplifier with cascodes in both stages and an internal bias chain.
.subckt cascoded_miller inp inn out ibias vdd vss
M1 x1 inn tail vss nmos            $ transconductance first
M2 x2 inp tail vss nmos            $ transconductance first
M3 mir vcn x1 vss nmos             $ load first
M4 o1 vcn x2 vss nmos              $ load first
M5 mir mir y1 vdd pmos             $ load first
M6 o1 mir y2 vdd pmos              $ load first
M7 y1 y1 vdd vdd pmos              $ load first
M8 y2 y1 vdd vdd pmos              $ load first
M9 tail vcb b9 vss nmos            $ bias first
M10 b9 vbn vss vss nmos            $ bias first
M11 out o1 vdd vdd pmos            $ transconductance second
M12 out vcb b12 vss nmos           $ bias second
M13 b12 vbn vss vss nmos           $ bias second
M14 ibias ibias vdd vdd pmos       $ bias bias
M15 vcb ibias vdd vdd pmos         $ bias bias
M16 vcb vcb vbn vss nmos           $ bias bias
M17 vbn vbn vss vss nmos           $ bias bias
M18 vcn ibias vdd vdd pmos         $ bias bias
M19 vcn vcn v1 vss nmos            $ bias bias
M20 v1 v1 vss vss nmos             $ bias bias
CC o1 out 1p                       $ compensation
CL out vss 5p                      $ load_capacitance
.ends cascoded_miller
