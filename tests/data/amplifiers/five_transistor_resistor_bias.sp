* Five-transistor OTA with PMOS input, biased through a resistor.
.subckt five_transistor_resistor_bias inp inn out vdd vss
M1 mir inp tail vdd pmos           $ transconductance first
M2 out inn tail vdd pmos           $ transconductance first
M3 mir mir vss vss nmos            $ load first
M4 out mir vss vss nmos            $ load first
M5 tail vbp vdd vdd pmos           $ bias first
M6 vbp vbp vdd vdd pmos            $ bias bias
RB vbp vss 50k                     $ bias bias
CL out vss 1p                      $ load_capacitance
.ends five_transistor_resistor_bias
