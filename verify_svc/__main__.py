"""`python -m verify_svc` is `verify-svc`."""

import sys

from verify_svc.cli import main

sys.exit(main())
