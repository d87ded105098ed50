* Five-transistor operational transconductance amplifier with its bias, 6 MOSFETs
*
* Technology FreePDK45 (models NMOS_VTG and PMOS_VTG), supply 1.1 V.
* The port ibias takes 10 uA from the supply; inp is the non-inverting input.

.subckt five_transistor inp inn out ibias vdd vss

* Input pair and its current source
M1 mirr  inp   tail vss NMOS_VTG W=8u L=0.3u
M2 out   inn   tail vss NMOS_VTG W=8u L=0.3u
M3 tail  ibias vss  vss NMOS_VTG W=4u L=0.5u

* Mirror load
M4 mirr  mirr  vdd  vdd PMOS_VTG W=6u L=0.5u
M5 out   mirr  vdd  vdd PMOS_VTG W=6u L=0.5u

* Reference diode
M6 ibias ibias vss  vss NMOS_VTG W=2u L=0.5u

* Load
CL out   vss   2p

.ends five_transistor
