* Fully differential Miller amplifier with common-mode feedback to the first stage.
.subckt differential_two_stage inp inn outp outn vcm ibias vdd vss
M1 a inp tail vdd pmos             $ transconductance first
M2 b inn tail vdd pmos             $ transconductance first
M3 tail ibias vdd vdd pmos         $ bias first
M4 a cmc vss vss nmos              $ load first
M5 b cmc vss vss nmos              $ load first
M6 outp a vss vss nmos             $ transconductance second
M7 outn b vss vss nmos             $ transconductance second
M8 outp ibias vdd vdd pmos         $ bias second
M9 outn ibias vdd vdd pmos         $ bias second
M10 ibias ibias vdd vdd pmos       $ bias bias
R1 outp cms 100k                   $ common_mode_feedback feedback
R2 outn cms 100k                   $ common_mode_feedback feedback
M11 cmc cms ft vdd pmos            $ transconductance feedback
M12 fm vcm ft vdd pmos             $ transconductance feedback
M13 cmc cmc vss vss nmos           $ load feedback
M14 fm fm vss vss nmos             $ load feedback
M15 ft ibias vdd vdd pmos          $ bias feedback
CC1 a outp 1p                      $ compensation
CC2 b outn 1p                      $ compensation
C1 outp vss 5p                     $ load_capacitance
C2 outn vss 5p                     $ load_capacitance
.ends differential_two_stage
