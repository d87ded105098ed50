* Symmetrical amplifier with cascodes at the output.
.subckt symmetrical_cascoded inp inn out ibias vcn vcp vdd vss
M1 a inp tail vss nmos             $ transconductance first
M2 b inn tail vss nmos             $ transconductance first
M3 a a vdd vdd pmos                $ load first
M4 b b vdd vdd pmos                $ load first
M5 tail ibias vss vss nmos         $ bias first
M6 p6 b vdd vdd pmos               $ transconductance second
M7 p7 a vdd vdd pmos               $ transconductance second
M8 out vcp p6 vdd pmos             $ transconductance second
M9 m vcp p7 vdd pmos               $ transconductance second
M10 m vcn n10 vss nmos             $ bias second
M11 out vcn n11 vss nmos           $ bias second
M12 n10 m vss vss nmos             $ bias second
M13 n11 m vss vss nmos             $ bias second
M14 ibias ibias vss vss nmos       $ bias bias
CL out vss 1p                      $ load_capacitance
.ends symmetrical_cascoded
