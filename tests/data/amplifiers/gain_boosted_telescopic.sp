* Telescopic amplifier with regulated NMOS cascodes.
.subckt gain_boosted_telescopic inp inn outp outn ibias vbp vcp vdd vss
M1 x1 inp tail vss nmos            $ transconductance first
M2 x2 inn tail vss nmos            $ transconductance first
M3 outn g1 x1 vss nmos             $ load first
M4 outp g2 x2 vss nmos             $ load first
M5 outn vcp y1 vdd pmos            $ load first
M6 outp vcp y2 vdd pmos            $ load first
M7 y1 vbp vdd vdd pmos             $ load first
M8 y2 vbp vdd vdd pmos             $ load first
M9 tail ibias vss vss nmos         $ bias first
M10 ibias ibias vss vss nmos       $ bias bias
M11 g1 x1 vss vss nmos             $ auxiliary first
M12 g2 x2 vss vss nmos             $ auxiliary first
M13 g1 vbp vdd vdd pmos            $ auxiliary first
M14 g2 vbp vdd vdd pmos            $ auxiliary first
C1 outp vss 1p                     $ load_capacitance
C2 outn vss 1p                     $ load_capacitance
.ends gain_boosted_telescopic
