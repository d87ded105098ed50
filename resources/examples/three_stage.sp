* Three-stage operational amplifier with nested Miller compensation, 14 MOSFETs
*
* Technology FreePDK45 (models NMOS_VTG and PMOS_VTG), supply 1.1 V.
* The port ibias gives 10 uA to ground; inp is the non-inverting input.

.subckt three_stage inp inn out ibias vdd vss

* First stage: input pair, its current source and the mirror load
M1  mirr  inn   tail vdd PMOS_VTG W=10u L=0.3u
M2  first inp   tail vdd PMOS_VTG W=10u L=0.3u
M3  mirr  mirr  vss  vss NMOS_VTG W=2u  L=0.5u
M4  first mirr  vss  vss NMOS_VTG W=2u  L=0.5u
M5  tail  ibias vdd  vdd PMOS_VTG W=6u  L=0.5u

* Second stage, turned around by a mirror so that it does not invert
M6  turn   first vss vss NMOS_VTG W=4u  L=0.5u
M7  turn   turn  vdd vdd PMOS_VTG W=6u  L=0.5u
M8  second turn  vdd vdd PMOS_VTG W=6u  L=0.5u
M9  second vbn   vss vss NMOS_VTG W=4u  L=0.5u

* Third stage and its current source
M10 out   second vss vss NMOS_VTG W=16u L=0.2u
M11 out   ibias  vdd vdd PMOS_VTG W=48u L=0.5u

* Reference diode of the PMOS current sources, and that of the second stage's NMOS one
M12 ibias ibias vdd  vdd PMOS_VTG W=6u  L=0.5u
M13 vbn   ibias vdd  vdd PMOS_VTG W=6u  L=0.5u
M14 vbn   vbn   vss  vss NMOS_VTG W=4u  L=0.5u

* Compensation and load
CM1 first  out   2p
CM2 second out   1p
CL  out    vss   2p

.ends three_stage
