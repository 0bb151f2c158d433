"""The models of the probe that the process was started for."""

import os
import runpy

PROBE = runpy.run_path(os.environ["PROBE"], run_name=__name__)
globals().update({name: value for name, value in PROBE.items() if not name.startswith("__")})
