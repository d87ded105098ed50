* Folded cascode with PMOS input and a wide-swing PMOS mirror.
.subckt folded_cascode_pmos inp inn out ibias vdd vss
M1 f1 inp tail vdd pmos            $ transconductance first
M2 f2 inn tail vdd pmos            $ transconductance first
M3 tail ibias vdd vdd pmos         $ bias first
M4 f1 vbn vss vss nmos             $ load first
M5 f2 vbn vss vss nmos             $ load first
M6 mir vcn f1 vss nmos             $ load first
M7 out vcn f2 vss nmos             $ load first
M8 mir vcp y1 vdd pmos             $ load first
M9 out vcp y2 vdd pmos             $ load first
M10 y1 mir vdd vdd pmos            $ load first
M11 y2 mir vdd vdd pmos            $ load first
M12 ibias ibias vdd vdd pmos       $ bias bias
M13 vbn ibias vdd vdd pmos         $ bias bias
M14 vbn vbn vss vss nmos           $ bias bias
M15 vcn ibias vdd vdd pmos         $ bias bias
M16 vcn vcn vss vss nmos           $ bias bias
M17 vcp vbn vss vss nmos           $ bias bias
M18 vcp vcp vdd vdd pmos           $ bias bias
CL out vss 1p                      $ load_capacitance
.ends folded_cascode_pmos
