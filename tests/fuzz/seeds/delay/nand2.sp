.subckt nand2 a b y vdd vss
mpa y a vdd vdd pmos w=630n l=50n
mpb y b vdd vdd pmos w=630n l=50n
mna y a x vss nmos w=830n l=50n
mnb x b vss vss nmos w=830n l=50n
.ends
