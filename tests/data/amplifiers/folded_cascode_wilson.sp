* Folded cascode with an improved Wilson mirror as load.
.subckt folded_cascode_wilson inp inn out ibias vcp vdd vss
M1 f1 inp tail vss nmos            $ transconductance first
M2 f2 inn tail vss nmos            $ transconductance first
M3 tail ibias vss vss nmos         $ bias first
M4 ibias ibias vss vss nmos        $ bias bias
M5 f1 vbp vdd vdd pmos             $ load first
M6 f2 vbp vdd vdd pmos             $ load first
M7 a vcp f1 vdd pmos               $ load first
M8 out vcp f2 vdd pmos             $ load first
M9 a a g1 vss nmos                 $ load first
M10 out a g2 vss nmos              $ load first
M11 g1 g2 vss vss nmos             $ load first
M12 g2 g2 vss vss nmos             $ load first
M13 vbp ibias vss vss nmos         $ bias bias
M14 vbp vbp vdd vdd pmos           $ bias bias
CL out vss 1p                      $ load_capacitance
.ends folded_cascode_wilson
