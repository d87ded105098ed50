* Complementary input pairs into one folded-cascode load.
.subckt complementary_input inp inn out ibn ibp vcn vcp vdd vss
M1 p1 inp tn vss nmos              $ transconductance first
M2 p2 inn tn vss nmos              $ transconductance first
M3 n1 inp tp vdd pmos              $ transconductance first
M4 n2 inn tp vdd pmos              $ transconductance first
M5 tn ibn vss vss nmos             $ bias first
M6 tp ibp vdd vdd pmos             $ bias first
M7 p1 ibp vdd vdd pmos             $ load first
M8 p2 ibp vdd vdd pmos             $ load first
M9 mir vcp p1 vdd pmos             $ load first
M10 out vcp p2 vdd pmos            $ load first
M11 mir vcn n1 vss nmos            $ load first
M12 out vcn n2 vss nmos            $ load first
M13 n1 mir vss vss nmos            $ load first
M14 n2 mir vss vss nmos            $ load first
M15 ibn ibn vss vss nmos           $ bias bias
M16 ibp ibp vdd vdd pmos           $ bias bias
CL out vss 2p                      $ load_capacitance
.ends complementary_input
