* a grid
R1 n1_m1_0_0 n1_m1_4000_0 1.5
R2 n1_m1_4000_0 n1_m1_8000_0 R=2k
+ 
Rz n1_m4_0_0 n1_m1_0_0 0
V0 n1_m4_0_0 0 DC 1.1
I1 n1_m1_8000_0 0 1m ; load
.op
.end
