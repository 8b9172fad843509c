"""The scripts behind `./trato`; they may use every part of the house, and no part of it may use them."""
