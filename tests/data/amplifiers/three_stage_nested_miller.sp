* Three-stage amplifier with nested Miller compensation.
.subckt three_stage_nested_miller inp inn out ibias vdd vss
M1 mir inn tail vdd pmos           $ transconductance first
M2 o1 inp tail vdd pmos            $ transconductance first
M3 mir mir vss vss nmos            $ load first
M4 o1 mir vss vss nmos             $ load first
M5 tail ibias vdd vdd pmos         $ bias first
M6 a o1 vss vss nmos               $ transconductance second
M7 a a vdd vdd pmos                $ bias second
M8 o2 a vdd vdd pmos               $ bias second
M9 o2 vbn vss vss nmos             $ bias second
M10 out o2 vss vss nmos            $ transconductance third
M11 out ibias vdd vdd pmos         $ bias third
M12 ibias ibias vdd vdd pmos       $ bias bias
M13 vbn ibias vdd vdd pmos         $ bias bias
M14 vbn vbn vss vss nmos           $ bias bias
CM1 o1 out 2p                      $ compensation
CM2 o2 out 1p                      $ compensation
CL out vss 20p                     $ load_capacitance
.ends three_stage_nested_miller
