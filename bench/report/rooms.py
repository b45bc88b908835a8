"""The rooms that there are. A new one is a folder bench/<room> with a room.py, and a line here."""

from bench.barrier.room import ROOM as BARRIER
from bench.hazard.room import ROOM as HAZARD
from bench.nt.room import ROOM as NT
from bench.rcu.room import ROOM as RCU

ROOMS = {room.name: room for room in [BARRIER, RCU, HAZARD, NT]}
