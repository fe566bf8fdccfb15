"""`make chaos`: a crowd writes while the processes are killed, and then every line is accounted for."""
