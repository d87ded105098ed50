* Five-transistor OTA of stacked and split units with dummies and decoupling.
.subckt series_stacked inp inn out ibias vdd vss
M1A mir inp tail vss nmos          $ transconductance first
M1B mir inp tail vss nmos          $ transconductance first
M2A out inn tail vss nmos          $ transconductance first
M2B out inn tail vss nmos          $ transconductance first
M3A mir mir u1 vdd pmos            $ load first
M3B u1 mir vdd vdd pmos            $ load first
M4A out mir u2 vdd pmos            $ load first
M4B u2 mir vdd vdd pmos            $ load first
M5A tail ibias t1 vss nmos         $ bias first
M5B t1 ibias vss vss nmos          $ bias first
M6A ibias ibias t2 vss nmos        $ bias bias
M6B t2 ibias vss vss nmos          $ bias bias
M7 vss vss vss vss nmos            $ auxiliary
M8 vdd vdd vdd vdd pmos            $ auxiliary
M9 vdd vss vdd vdd pmos            $ auxiliary
CL out vss 1p                      $ load_capacitance
.ends series_stacked
