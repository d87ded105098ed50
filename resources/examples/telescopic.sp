* Telescopic-cascode operational amplifier with its bias, 17 MOSFETs
*
* Technology FreePDK45 (models NMOS_VTG and PMOS_VTG), supply 1.1 V.
* The port ibias takes 10 uA from the supply; inp is the non-inverting input.

.subckt telescopic inp inn out ibias vdd vss

* Input pair, its current source and the cascodes
M1  fold1 inp   tail  vss NMOS_VTG W=20u L=0.1u
M2  fold2 inn   tail  vss NMOS_VTG W=20u L=0.1u
M3  tail  ibias vss   vss NMOS_VTG W=8u  L=0.3u
M4  mirr  vbn   fold1 vss NMOS_VTG W=10u L=0.1u
M5  out   vbn   fold2 vss NMOS_VTG W=10u L=0.1u

* Wide-swing PMOS current mirror
M6  mirr  vbp   high1 vdd PMOS_VTG W=20u L=0.1u
M7  out   vbp   high2 vdd PMOS_VTG W=20u L=0.1u
M8  high1 mirr  vdd   vdd PMOS_VTG W=12u L=0.3u
M9  high2 mirr  vdd   vdd PMOS_VTG W=12u L=0.3u

* Bias: the reference diode; the gate voltage of the PMOS cascodes from a long diode; a copy of the current
* for the stack of NMOS diodes that makes the gate voltage of the NMOS cascodes
M10 ibias ibias vss   vss NMOS_VTG W=4u  L=0.3u
M11 vbp   ibias vss   vss NMOS_VTG W=4u  L=0.3u
M12 vbp   vbp   vdd   vdd PMOS_VTG W=1u  L=0.4u
M13 copy  ibias vss   vss NMOS_VTG W=4u  L=0.3u
M14 copy  copy  vdd   vdd PMOS_VTG W=6u  L=0.3u
M15 vbn   copy  vdd   vdd PMOS_VTG W=6u  L=0.3u
M16 vbn   vbn   stack vss NMOS_VTG W=5u  L=0.1u
M17 stack stack vss   vss NMOS_VTG W=2.5u L=0.3u

* Load
CL  out   vss   2p

.ends telescopic
