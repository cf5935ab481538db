"""河道: the river chiefs' segments and the dredged stretches."""

from guatu.room import open_room
from guatu.screens.browse import browse

browse(open_room(), ("river_segments", "dredged_stretches"), "rivers")
