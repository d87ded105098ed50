.subckt mux a b s y vdd vss
mp1 sn s vdd vdd pmos w=1u l=50n
mn1 sn s vss vss nmos w=1u l=50n
mp2 a s x vdd pmos w=1u l=50n
mn2 a sn x vss nmos w=1u l=50n
mp3 b sn x vdd pmos w=1u l=50n
mn3 b s x vss nmos w=1u l=50n
mp4 y x vdd vdd pmos w=1u l=50n m=2
mn4 y x vss vss nmos w=1u l=50n nf=2
.ends
