"""The areal scale of a plane: how many square metres on the ellipsoid one square unit of the plane is."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from gis import crs
from gis.errors import CrsError
from gis.kernels import DEGREE, TERMS

CELL_M = 50_000.0
_STEP_M = 3_000.0
_NODES = 2 * DEGREE + 1
_TOLERANCE = 1e-10
_ROWS = 1 << 20

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]


def scales(plane: CRS, x: Floats, y: Floats, origin: tuple[float, float]) -> tuple[Positions, Floats]:
    """Return the areal scale around points of a plane, as one polynomial for each cell of 50 km that holds a point.

    Parameters
    ----------
    plane
        Any projected CRS.
    x, y, origin
        Points, in units of the plane, counted from `origin`.

    Returns
    -------
    cell : (n,)
        The row of `terms` for each point.
    terms : (m, 3 + 21)
        Cell centre x and y (counted from `origin`), 1 / half width, and the coefficients of u^i v^j.

    Raises
    ------
    CrsError
        The plane is not defined around a point.

    Notes
    -----
    The plane area A of a small shape and its ellipsoidal area are related by S = ∬ w dx dy, where w is the areal scale:
    the cross product of the derivatives of the point's place on the authalic sphere (Snyder, Map Projections, 1987,
    eq. 3-11 to 3-13: a sphere on which every area is what it is on the ellipsoid). Derivatives are central differences
    of fourth order, step 3 km: truncation (3 km / R)^4 / 30 = 2e-15, rounding under 2e-12. A polynomial of degree 5
    over 50 km departs from w by (35 km / R)^6 = 3e-14 where the plane is smooth, which every projection in use is.

    S = A w(centroid) + ½ w'' ∬ (x - centroid)² dx dy + …; with |w''| ≤ 2 / R² the second term is at most
    2.5e-14 L² / 12 of A for a shape L metres wide: 1.3e-10 at 250 m. Wider shapes are integrated exactly
    (`gis.kernels`), edge by edge.
    """
    metre = crs.metres(plane)
    size = CELL_M / metre
    column, row = (np.floor((at + start) / size).astype(np.int64) for at, start in zip((x, y), origin, strict=True))
    cells, cell = np.unique(column * _ROWS + row, return_inverse=True)
    column, row = np.divmod(cells + _ROWS // 2, _ROWS)
    row -= _ROWS // 2
    terms = np.empty((len(cells), 3 + TERMS))
    terms[:, 0], terms[:, 1] = (column + 0.5) * size - origin[0], (row + 0.5) * size - origin[1]
    terms[:, 2] = 1 / size
    for k in range(len(cells)):
        terms[k, 3:] = _fitted(plane, int(column[k]), int(row[k]))
    return cell.ravel(), terms


@lru_cache(maxsize=4096)
def _fitted(plane: CRS, column: int, row: int) -> Floats:
    """Return the coefficients, in the order u^i v^j by i, then j, over a square of twice the cell's width."""
    half, step = CELL_M / crs.metres(plane), _STEP_M / crs.metres(plane)
    centre = (np.array([column, row]) + 0.5) * half
    nodes = np.cos(np.pi * (np.arange(_NODES) + 0.5) / _NODES)
    u, v = (grid.ravel() for grid in np.meshgrid(nodes, nodes))
    w = _areal_scale(plane, centre + half * np.column_stack([u, v]), step)
    powers = np.column_stack([u**i * v**j for i in range(DEGREE + 1) for j in range(DEGREE + 1 - i)])
    coefficients, *_ = np.linalg.lstsq(powers, w, rcond=None)
    if np.abs(powers @ coefficients / w - 1).max() > _TOLERANCE:
        raise CrsError(crs.lost(plane))
    return np.asarray(coefficients)


def _areal_scale(plane: CRS, xy: Floats, step: float) -> Floats:
    """Return the areal scale at points x, y of the plane (m² per square unit)."""
    east, north = np.array([step, 0.0]), np.array([0.0, step])
    a_m, b_m = crs.axes_m(plane)
    along_x, along_y = (_difference(plane, xy, towards, a_m, b_m) for towards in (east, north))
    return np.asarray(np.linalg.norm(np.cross(along_x, along_y), axis=1)) / step**2


def _difference(plane: CRS, xy: Floats, towards: Floats, a_m: float, b_m: float) -> Floats:
    at = [_authalic(*crs.degrees_at(xy + k * towards, plane), a_m, b_m) for k in (-2, -1, 1, 2)]
    return (8 * (at[2] - at[1]) - (at[3] - at[0])) / 12


def _authalic(lon_deg: Floats, lat_deg: Floats, a_m: float, b_m: float) -> Floats:
    """Return places on the authalic sphere (m, from its centre)."""
    e = np.sqrt(1 - (b_m / a_m) ** 2)
    pole = _q(np.ones(1), e)
    sine = _q(np.sin(np.radians(lat_deg)), e) / pole
    cosine = np.sqrt(np.maximum(1 - sine**2, 0))
    lon = np.radians(lon_deg)
    sphere = np.column_stack([cosine * np.cos(lon), cosine * np.sin(lon), sine])
    return sphere * (a_m * np.sqrt(pole / 2))


def _q(sine: Floats, e: float) -> Floats:
    return (1 - e**2) * (sine / (1 - (e * sine) ** 2) + np.arctanh(e * sine) / e)
