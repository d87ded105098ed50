* Five-transistor OTA with NMOS input.
.subckt five_transistor_nmos inp inn out ibias vdd vss
M1 mir inp tail vss nmos           $ transconductance first
M2 out inn tail vss nmos           $ transconductance first
M3 mir mir vdd vdd pmos            $ load first
M4 out mir vdd vdd pmos            $ load first
M5 tail ibias vss vss nmos         $ bias first
M6 ibias ibias vss vss nmos        $ bias bias
CL out vss 1p                      $ load_capacitance
.ends five_transistor_nmos
