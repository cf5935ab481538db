"""河道: the river chiefs' segments and the dredged stretches; the land steps back."""

from guatu.room import open_room
from guatu.screens.browse import browse
from layers import LAND, RIVERS

browse(open_room(), RIVERS, "river_segments", "rivers", hidden=(LAND,))
