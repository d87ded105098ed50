* Fully differential folded cascode, two pairs sense the common mode.
.subckt differential_folded_two_pairs inp inn outp outn vcm ibias vbn vcn vcp vdd vss
M1 f1 inp tail vdd pmos            $ transconductance first
M2 f2 inn tail vdd pmos            $ transconductance first
M3 tail ibias vdd vdd pmos         $ bias first
M4 f1 cmc vss vss nmos             $ load first
M5 f2 cmc vss vss nmos             $ load first
M6 outn vcn f1 vss nmos            $ load first
M7 outp vcn f2 vss nmos            $ load first
M8 outn vcp y1 vdd pmos            $ load first
M9 outp vcp y2 vdd pmos            $ load first
M10 y1 ibias vdd vdd pmos          $ load first
M11 y2 ibias vdd vdd pmos          $ load first
M12 ibias ibias vdd vdd pmos       $ bias bias
M13 cmc outp s1 vdd pmos           $ transconductance feedback
M14 fd vcm s1 vdd pmos             $ transconductance feedback
M15 cmc outn s2 vdd pmos           $ transconductance feedback
M16 fd vcm s2 vdd pmos             $ transconductance feedback
M17 s1 ibias vdd vdd pmos          $ bias feedback
M18 s2 ibias vdd vdd pmos          $ bias feedback
M19 cmc cmc vss vss nmos           $ load feedback
M20 fd fd vss vss nmos             $ load feedback
C1 outp vss 1p                     $ load_capacitance
C2 outn vss 1p                     $ load_capacitance
.ends differential_folded_two_pairs
