* Folded cascode followed by a common-source stage.
.subckt folded_two_stage inp inn out ibias vcn vcp vdd vss
M1 f1 inp tail vdd pmos            $ transconductance first
M2 f2 inn tail vdd pmos            $ transconductance first
M3 tail ibias vdd vdd pmos         $ bias first
M4 f1 vbn vss vss nmos             $ load first
M5 f2 vbn vss vss nmos             $ load first
M6 mir vcn f1 vss nmos             $ load first
M7 o1 vcn f2 vss nmos              $ load first
M8 mir mir vdd vdd pmos            $ load first
M9 o1 mir vdd vdd pmos             $ load first
M10 out o1 vss vss nmos            $ transconductance second
M11 out ibias vdd vdd pmos         $ bias second
M12 ibias ibias vdd vdd pmos       $ bias bias
M13 vbn ibias vdd vdd pmos         $ bias bias
M14 vbn vbn vss vss nmos           $ bias bias
CC o1 out 2p                       $ compensation
CL out vss 10p                     $ load_capacitance
.ends folded_two_stage
