* Two-stage amplifier in bipolar transistors.
.subckt bipolar_two_stage inp inn out ibias vdd vss
Q1 mir inn tail pnp                $ transconductance first
Q2 o1 inp tail pnp                 $ transconductance first
Q3 mir mir vss npn                 $ load first
Q4 o1 mir vss npn                  $ load first
Q5 tail ibias vdd pnp              $ bias first
Q6 out o1 vss npn                  $ transconductance second
Q7 out ibias vdd pnp               $ bias second
Q8 ibias ibias vdd pnp             $ bias bias
CC o1 out 5p                       $ compensation
CL out vss 20p                     $ load_capacitance
.ends bipolar_two_stage
