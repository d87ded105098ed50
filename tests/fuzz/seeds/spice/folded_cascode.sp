* Folded-cascode operational amplifier with its bias, 15 MOSFETs
*
* Technology FreePDK45 (models NMOS_VTG and PMOS_VTG), supply 1.1 V.
* The port ibias takes 10 uA from the supply; inp is the non-inverting input.

.subckt folded_cascode inp inn out ibias vdd vss

* Input pair and its current source
M1  fold1 inp   tail  vss NMOS_VTG W=8u   L=0.2u
M2  fold2 inn   tail  vss NMOS_VTG W=8u   L=0.2u
M3  tail  ibias vss   vss NMOS_VTG W=2u   L=0.5u

* Bias: the reference diode, a copy of its current, and the stack of PMOS diodes that turns it into the
* two gate voltages of the upper half
M4  ibias ibias vss   vss NMOS_VTG W=1u   L=0.5u
M5  vbpc  ibias vss   vss NMOS_VTG W=1u   L=0.5u
M6  vbpc  vbpc  vbps  vdd PMOS_VTG W=50u  L=0.1u
M7  vbps  vbps  vdd   vdd PMOS_VTG W=12u  L=0.5u

* PMOS current sources and cascodes: they fold the signal current down
M8  fold1 vbps  vdd   vdd PMOS_VTG W=24u  L=0.5u
M9  fold2 vbps  vdd   vdd PMOS_VTG W=24u  L=0.5u
M10 mirr  vbpc  fold1 vdd PMOS_VTG W=8u   L=0.15u
M11 out   vbpc  fold2 vdd PMOS_VTG W=8u   L=0.15u

* Wide-swing NMOS current mirror
M12 casc1 mirr  vss   vss NMOS_VTG W=4u   L=0.5u
M13 casc2 mirr  vss   vss NMOS_VTG W=4u   L=0.5u
M14 mirr  ibias casc1 vss NMOS_VTG W=8u   L=0.1u
M15 out   ibias casc2 vss NMOS_VTG W=8u   L=0.1u

* Load
CL  out   vss   2p

.ends folded_cascode
