* Telescopic amplifier, wide-swing load, cascode gates made inside.
.subckt telescopic_wide_swing inp inn out ibias vdd vss
M1 x1 inp tail vss nmos            $ transconductance first
M2 x2 inn tail vss nmos            $ transconductance first
M3 mir vcn x1 vss nmos             $ load first
M4 out vcn x2 vss nmos             $ load first
M5 mir vcp y1 vdd pmos             $ load first
M6 out vcp y2 vdd pmos             $ load first
M7 y1 mir vdd vdd pmos             $ load first
M8 y2 mir vdd vdd pmos             $ load first
M9 tail ibias vss vss nmos         $ bias first
M10 ibias ibias vss vss nmos       $ bias bias
M11 vcp ibias vss vss nmos         $ bias bias
M12 vcp vcp vdd vdd pmos           $ bias bias
M13 vbp ibias vss vss nmos         $ bias bias
M14 vbp vbp vdd vdd pmos           $ bias bias
M15 vcn vbp vdd vdd pmos           $ bias bias
M16 vcn vcn vcs vss nmos           $ bias bias
M17 vcs vcs vss vss nmos           $ bias bias
CL out vss 1p                      $ load_capacitance
.ends telescopic_wide_swing
