* Folded cascode with a class-AB output of Monticelli's kind.
.subckt class_ab_monticelli inp inn out ibias vbn vcn vcp van vap vdd vss
M1 f1 inp tail vdd pmos            $ transconductance first
M2 f2 inn tail vdd pmos            $ transconductance first
M3 tail ibias vdd vdd pmos         $ bias first
M4 f1 vbn vss vss nmos             $ load first
M5 f2 vbn vss vss nmos             $ load first
M6 mir vcn f1 vss nmos             $ load first
M7 gn vcn f2 vss nmos              $ load first
M8 mir vcp y1 vdd pmos             $ load first
M9 gp vcp y2 vdd pmos              $ load first
M10 y1 mir vdd vdd pmos            $ load first
M11 y2 mir vdd vdd pmos            $ load first
M12 gp van gn vss nmos             $ load first
M13 gn vap gp vdd pmos             $ load first
M14 out gn vss vss nmos            $ transconductance second
M15 out gp vdd vdd pmos            $ transconductance second
M16 ibias ibias vdd vdd pmos       $ bias bias
CC1 gn out 1p                      $ compensation
CC2 gp out 1p                      $ compensation
CL out vss 10p                     $ load_capacitance
.ends class_ab_monticelli
