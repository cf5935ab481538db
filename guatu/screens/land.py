"""土地: the parcels brought back into use and those queued for acquisition."""

from guatu.room import open_room
from guatu.screens.browse import browse

browse(open_room(), ("revitalised_parcels", "acquisition_queue"), "land")
