* Two-stage Miller operational amplifier, 8 MOSFETs
*
* Technology FreePDK45 (models NMOS_VTG and PMOS_VTG), supply 1.1 V.
* The port ibias gives 10 uA to ground; inp is the non-inverting input.

.subckt miller inp inn out ibias vdd vss

* First stage: input pair, its current source and the mirror load
M1 mirr  inn   tail vdd PMOS_VTG W=10u L=0.3u
M2 first inp   tail vdd PMOS_VTG W=10u L=0.3u
M3 mirr  mirr  vss  vss NMOS_VTG W=2u  L=0.5u
M4 first mirr  vss  vss NMOS_VTG W=2u  L=0.5u
M5 tail  ibias vdd  vdd PMOS_VTG W=6u  L=0.5u

* Second stage and its current source
M6 out   first vss  vss NMOS_VTG W=16u L=0.5u
M7 out   ibias vdd  vdd PMOS_VTG W=24u L=0.5u

* Reference diode of the PMOS current sources
M8 ibias ibias vdd  vdd PMOS_VTG W=6u  L=0.5u

* Compensation and load
CC first out   1p
CL out   vss   2p

.ends miller
