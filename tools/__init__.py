"""The scripts behind `./trato`; they may use every part of the house, and no part of it may use them."""

import warnings

# eventlet announces its own retirement; docs/decisions/0012-eventlet.md says what that means here.
warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated.*")
