* Symmetrical operational transconductance amplifier with its bias, 10 MOSFETs
*
* Technology FreePDK45 (models NMOS_VTG and PMOS_VTG), supply 1.1 V.
* The port ibias takes 10 uA from the supply; inp is the non-inverting input.

.subckt symmetrical inp inn out ibias vdd vss

* Input pair and its current source
M1  left  inn   tail vss NMOS_VTG W=8u  L=0.2u
M2  right inp   tail vss NMOS_VTG W=8u  L=0.2u
M3  tail  ibias vss  vss NMOS_VTG W=4u  L=0.5u

* Load diodes, whose currents are passed on three times as large
M4  left  left  vdd  vdd PMOS_VTG W=4u  L=0.3u
M5  right right vdd  vdd PMOS_VTG W=4u  L=0.3u
M6  turn  left  vdd  vdd PMOS_VTG W=12u L=0.3u
M7  out   right vdd  vdd PMOS_VTG W=12u L=0.3u

* Mirror that turns one half around
M8  turn  turn  vss  vss NMOS_VTG W=6u  L=0.5u
M9  out   turn  vss  vss NMOS_VTG W=6u  L=0.5u

* Reference diode
M10 ibias ibias vss  vss NMOS_VTG W=2u  L=0.5u

* Load
CL  out   vss   2p

.ends symmetrical
