* Fully differential amplifier, resistors sense the common mode.
.subckt differential_resistive_sense inp inn outp outn vcm ibias vdd vss
M1 outn inp tail vss nmos          $ transconductance first
M2 outp inn tail vss nmos          $ transconductance first
M3 outn cmc vdd vdd pmos           $ load first
M4 outp cmc vdd vdd pmos           $ load first
M5 tail ibias vss vss nmos         $ bias first
M6 ibias ibias vss vss nmos        $ bias bias
R1 outp cms 100k                   $ common_mode_feedback feedback
R2 outn cms 100k                   $ common_mode_feedback feedback
M7 fm cms ft vss nmos              $ transconductance feedback
M8 cmc vcm ft vss nmos             $ transconductance feedback
M9 fm fm vdd vdd pmos              $ load feedback
M10 cmc cmc vdd vdd pmos           $ load feedback
M11 ft ibias vss vss nmos          $ bias feedback
C1 outp vss 1p                     $ load_capacitance
C2 outn vss 1p                     $ load_capacitance
.ends differential_resistive_sense
