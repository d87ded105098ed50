* Symmetrical amplifier with a cross-coupled pair in its load.
.subckt symmetrical_positive_feedback inp inn out ibias vdd vss
M1 a inp tail vss nmos             $ transconductance first
M2 b inn tail vss nmos             $ transconductance first
M3 a a vdd vdd pmos                $ load first
M4 b b vdd vdd pmos                $ load first
M5 a b vdd vdd pmos                $ positive_feedback first
M6 b a vdd vdd pmos                $ positive_feedback first
M7 tail ibias vss vss nmos         $ bias first
M8 out b vdd vdd pmos              $ transconductance second
M9 m a vdd vdd pmos                $ transconductance second
M10 m m vss vss nmos               $ bias second
M11 out m vss vss nmos             $ bias second
M12 ibias ibias vss vss nmos       $ bias bias
CL out vss 1p                      $ load_capacitance
.ends symmetrical_positive_feedback
