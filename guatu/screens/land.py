"""土地: the parcels brought back into use and those queued for acquisition."""

from guatu.room import open_room
from guatu.screens.browse import browse
from layers import LAND

browse(open_room(), LAND, "revitalised_parcels", "land")
