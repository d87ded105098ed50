* Two-stage amplifier, telescopic first stage, compensated into its cascode.
.subckt miller_cascode_compensation inp inn out ibias vcn vdd vss
M1 x1 inn tail vss nmos            $ transconductance first
M2 x2 inp tail vss nmos            $ transconductance first
M3 mir vcn x1 vss nmos             $ load first
M4 o1 vcn x2 vss nmos              $ load first
M5 mir mir vdd vdd pmos            $ load first
M6 o1 mir vdd vdd pmos             $ load first
M7 tail ibias vss vss nmos         $ bias first
M8 out o1 vdd vdd pmos             $ transconductance second
M9 out ibias vss vss nmos          $ bias second
M10 ibias ibias vss vss nmos       $ bias bias
CC x2 out 1p                       $ compensation
CL out vss 5p                      $ load_capacitance
.ends miller_cascode_compensation
