* Recycling folded cascode.
.subckt recycling_folded_cascode inp inn out ibias vbn vcn vcp vdd vss
M1A f1 inp tail vdd pmos           $ transconductance first
M1B k2 inp tail vdd pmos           $ transconductance first
M2A f2 inn tail vdd pmos           $ transconductance first
M2B k1 inn tail vdd pmos           $ transconductance first
M0 tail ibias vdd vdd pmos         $ bias first
M3A f1 k1 vss vss nmos             $ load first
M3B k1 k1 vss vss nmos             $ load first
M4A f2 k2 vss vss nmos             $ load first
M4B k2 k2 vss vss nmos             $ load first
M5 mir vcn f1 vss nmos             $ load first
M6 out vcn f2 vss nmos             $ load first
M7 mir vcp y1 vdd pmos             $ load first
M8 out vcp y2 vdd pmos             $ load first
M9 y1 mir vdd vdd pmos             $ load first
M10 y2 mir vdd vdd pmos            $ load first
M11 ibias ibias vdd vdd pmos       $ bias bias
CL out vss 2p                      $ load_capacitance
.ends recycling_folded_cascode
