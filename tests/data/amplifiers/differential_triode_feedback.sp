* Fully differential telescopic amplifier, transistors in triode set the common mode.
.subckt differential_triode_feedback inp inn outp outn vbn vcn vcp vbp vdd vss
M1 x1 inp tail vss nmos            $ transconductance first
M2 x2 inn tail vss nmos            $ transconductance first
M3 outn vcn x1 vss nmos            $ load first
M4 outp vcn x2 vss nmos            $ load first
M5 outn vcp y1 vdd pmos            $ load first
M6 outp vcp y2 vdd pmos            $ load first
M7 y1 vbp vdd vdd pmos             $ load first
M8 y2 vbp vdd vdd pmos             $ load first
M9 tail vbn t vss nmos             $ bias first
M10 t outp vss vss nmos            $ common_mode_feedback feedback
M11 t outn vss vss nmos            $ common_mode_feedback feedback
C1 outp vss 1p                     $ load_capacitance
C2 outn vss 1p                     $ load_capacitance
.ends differential_triode_feedback
