"""How many times a crash test kills the real program. The simulation covers far more moments."""
import os

KILLS = int(os.environ.get("SLUICE_KILLS", "4"))
