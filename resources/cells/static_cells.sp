* Twelve static CMOS cells. Stacks of n transistors are n times as wide as those of the inverter, so that all
* cells drive alike; models are named by polarity, so that any technology can stand in.

.subckt inv a y vdd vss
mp y a vdd vdd pmos w=630n l=50n
mn y a vss vss nmos w=415n l=50n
.ends

.subckt buf a y vdd vss
mp1 x a vdd vdd pmos w=315n l=50n
mn1 x a vss vss nmos w=210n l=50n
mp2 y x vdd vdd pmos w=630n l=50n
mn2 y x vss vss nmos w=415n l=50n
.ends

.subckt nand2 a b y vdd vss
mpa y a vdd vdd pmos w=630n l=50n
mpb y b vdd vdd pmos w=630n l=50n
mna y a x vss nmos w=830n l=50n
mnb x b vss vss nmos w=830n l=50n
.ends

.subckt nand3 a b c y vdd vss
mpa y a vdd vdd pmos w=630n l=50n
mpb y b vdd vdd pmos w=630n l=50n
mpc y c vdd vdd pmos w=630n l=50n
mna y a x1 vss nmos w=1245n l=50n
mnb x1 b x2 vss nmos w=1245n l=50n
mnc x2 c vss vss nmos w=1245n l=50n
.ends

.subckt nor2 a b y vdd vss
mpa x a vdd vdd pmos w=1260n l=50n
mpb y b x vdd pmos w=1260n l=50n
mna y a vss vss nmos w=415n l=50n
mnb y b vss vss nmos w=415n l=50n
.ends

.subckt nor3 a b c y vdd vss
mpa x1 a vdd vdd pmos w=1890n l=50n
mpb x2 b x1 vdd pmos w=1890n l=50n
mpc y c x2 vdd pmos w=1890n l=50n
mna y a vss vss nmos w=415n l=50n
mnb y b vss vss nmos w=415n l=50n
mnc y c vss vss nmos w=415n l=50n
.ends

.subckt and2 a b y vdd vss
xnand a b n vdd vss nand2
xinv n y vdd vss inv
.ends

.subckt or2 a b y vdd vss
xnor a b n vdd vss nor2
xinv n y vdd vss inv
.ends

.subckt xor2 a b y vdd vss
xa a na vdd vss inv
xb b nb vdd vss inv
mp1 p a vdd vdd pmos w=1260n l=50n
mp2 p b vdd vdd pmos w=1260n l=50n
mp3 y na p vdd pmos w=1260n l=50n
mp4 y nb p vdd pmos w=1260n l=50n
mn1 y a n1 vss nmos w=830n l=50n
mn2 n1 b vss vss nmos w=830n l=50n
mn3 y na n2 vss nmos w=830n l=50n
mn4 n2 nb vss vss nmos w=830n l=50n
.ends

.subckt xnor2 a b y vdd vss
xa a na vdd vss inv
xb b nb vdd vss inv
mp1 p a vdd vdd pmos w=1260n l=50n
mp2 p nb vdd vdd pmos w=1260n l=50n
mp3 y na p vdd pmos w=1260n l=50n
mp4 y b p vdd pmos w=1260n l=50n
mn1 y a n1 vss nmos w=830n l=50n
mn2 n1 nb vss vss nmos w=830n l=50n
mn3 y na n2 vss nmos w=830n l=50n
mn4 n2 b vss vss nmos w=830n l=50n
.ends

.subckt aoi21 a1 a2 b y vdd vss
mp1 x a1 vdd vdd pmos w=1260n l=50n
mp2 x a2 vdd vdd pmos w=1260n l=50n
mp3 y b x vdd pmos w=1260n l=50n
mn1 y a1 n1 vss nmos w=830n l=50n
mn2 n1 a2 vss vss nmos w=830n l=50n
mn3 y b vss vss nmos w=415n l=50n
.ends

* A mirror adder: the carry's complement, the sum's complement from it, and two inverters.
.subckt fulladder a b ci co s vdd vss
mp1 p1 a vdd vdd pmos w=1260n l=50n
mp2 p1 b vdd vdd pmos w=1260n l=50n
mp3 nco ci p1 vdd pmos w=1260n l=50n
mp4 p2 a vdd vdd pmos w=1260n l=50n
mp5 nco b p2 vdd pmos w=1260n l=50n
mn1 n1 a vss vss nmos w=830n l=50n
mn2 n1 b vss vss nmos w=830n l=50n
mn3 nco ci n1 vss nmos w=830n l=50n
mn4 n2 a vss vss nmos w=830n l=50n
mn5 nco b n2 vss nmos w=830n l=50n
mp6 p3 a vdd vdd pmos w=1260n l=50n
mp7 p3 b vdd vdd pmos w=1260n l=50n
mp8 p3 ci vdd vdd pmos w=1260n l=50n
mp9 ns nco p3 vdd pmos w=1260n l=50n
mp10 p4 a vdd vdd pmos w=1890n l=50n
mp11 p5 b p4 vdd pmos w=1890n l=50n
mp12 ns ci p5 vdd pmos w=1890n l=50n
mn6 n3 a vss vss nmos w=830n l=50n
mn7 n3 b vss vss nmos w=830n l=50n
mn8 n3 ci vss vss nmos w=830n l=50n
mn9 ns nco n3 vss nmos w=830n l=50n
mn10 n4 a vss vss nmos w=1245n l=50n
mn11 n5 b n4 vss nmos w=1245n l=50n
mn12 ns ci n5 vss nmos w=1245n l=50n
xco nco co vdd vss inv
xs ns s vdd vss inv
.ends
