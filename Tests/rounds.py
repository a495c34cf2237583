"""How many times a test of crashes kills its program. The simulation has many more; here it is the real program that dies."""
import os

KILLS = int(os.environ.get("SLUICE_KILLS", "10"))
