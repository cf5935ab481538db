"""What stops the work. Each error is one sentence in both languages: what, which, what to do.

GuatuError
├── CrsError       no coordinate system, an impossible one, or two that must not be mixed
├── GeometryError  shapes that the calculation has no answer for
├── LayerError     a layer declared with a contradiction
├── DataError      a file or a layer that can't be read or isn't there
└── SettingsError  a setting, rule file or option that makes no sense
"""

from __future__ import annotations

from gis.text import Text


class GuatuError(Exception):
    """The work can't go on; `says` tells the user why and what to do."""

    def __init__(self, says: Text) -> None:
        super().__init__(f"{says.zh} {says.en}")
        self.says = says

    def __reduce__(self) -> tuple[type[GuatuError], tuple[Text]]:
        """Let the error cross from a worker's process to ours with its sentence."""
        return type(self), (self.says,)


class CrsError(GuatuError, ValueError):
    """A coordinate system is missing, impossible, or mixed with another datum."""


class GeometryError(GuatuError, ValueError):
    """The shapes are not of the kind that the calculation takes."""


class LayerError(GuatuError, ValueError):
    """A layer's declaration contradicts itself or another layer."""


class DataError(GuatuError, OSError):
    """A file or a layer's data is missing or can't be read."""


class SettingsError(GuatuError, ValueError):
    """A setting or a rule file makes no sense."""
