// The vector tiles of one large layer: fetched, drawn sharp at any zoom, asked what lies under a point.
(function (guatu) {
  'use strict';

  const LAYER = 'features';
  const TILE_PX = 256;
  // A tile of this zoom has its vertices to three centimetres: closer, it is only drawn larger.
  const FINEST_ZOOM = 18;
  const KINDS = [null, 'point', 'line', 'polygon'];
  const POLYGON = 3;

  /** The tiles as protomaps-leaflet asks for them; what goes wrong is told, not drawn. */
  function source(url, failed) {
    return {
      async getZxy(z, x, y, signal) {
        try {
          const answer = await guatu.answer(url.replace('{z}', z).replace('{x}', x).replace('{y}', y), signal);
          return { data: await answer.arrayBuffer() };
        } catch (error) {
          if (error.name !== 'AbortError') failed(error);
          // Anything else protomaps-leaflet would write to the console, once a tile.
          throw new DOMException(error.message, 'AbortError');
        }
      },
    };
  }

  /** A point that stands for a polygon: in the middle of its widest stretch, half-way between north and south. */
  function inside(geometry, box) {
    const y = (box.minY + box.maxY) / 2;
    const crossings = geometry.flatMap((ring) => ring.flatMap((from, i) => {
      const to = ring[(i + 1) % ring.length];
      return (from.y > y) === (to.y > y) ? [] : [from.x + (to.x - from.x) * (y - from.y) / (to.y - from.y)];
    })).sort((one, other) => one - other);
    let best = [(box.minX + box.maxX) / 2, (box.minX + box.maxX) / 2];
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      if (crossings[i + 1] - crossings[i] > best[1] - best[0]) best = [crossings[i], crossings[i + 1]];
    }
    return { x: (best[0] + best[1]) / 2, y };
  }

  function size({ minX, minY, maxX, maxY }) {
    return (maxX - minX) * (maxY - minY);
  }

  /** Return a tile's feature as an item; of its properties it has the tags alone. */
  function item(entry, feature) {
    return {
      entry, kind: KINDS[feature.geomType], part: true, visible: true, feature: { properties: feature.props },
      size: size(feature.bbox), paint: guatu.paintOf(entry.spec.style, feature.props),
    };
  }

  /** Return the same with its place, as far as it lies in its tile. */
  function placed(layer, entry, feature, tile) {
    const latlng = (point) => layer._map.unproject([tile.x * TILE_PX + point.x, tile.y * TILE_PX + point.y], tile.z);
    feature.middle = feature.middle || (feature.geomType === POLYGON ? inside(feature.geom, feature.bbox) : feature.geom[0][0]);
    return {
      ...item(entry, feature),
      get anchor() { return latlng(feature.middle); },
      stretches: () => feature.geom.map((part) => part.map((point) => layer._map.latLngToLayerPoint(latlng(point)))),
    };
  }

  /** Return the data tiles that are drawn, each once. */
  function drawn(layer) {
    const view = layer.views.get('');
    const tiles = new Map();
    Object.values(layer._tiles).filter((tile) => tile.current && tile.loaded).forEach(({ coords }) => {
      const { dataTile } = view.dataTileForDisplayTile(coords);
      const key = [dataTile.x, dataTile.y, dataTile.z].join(':');
      const known = view.tileCache.cache.get(key);
      if (known) tiles.set(key, { ...dataTile, features: known.data.get(LAYER) || [] });
    });
    return [...tiles.values()];
  }

  guatu.vectors = {
    /** Return a Leaflet layer of an entry's vector tiles; `failed` is told what goes wrong. */
    layer(entry, options, failed) {
      const { mvt, from } = entry.spec.tiles;
      const layer = window.protomapsL.leafletLayer({
        ...options, url: source(mvt, failed), levelDiff: 0, maxDataZoom: Math.max(from, FINEST_ZOOM), attribution: '',
      });
      layer.paintRules = [{ dataLayer: LAYER, symbolizer: new guatu.Brush(entry, layer), filter: (_, feature) => entry.keeps(feature.props) }];
      // At a zoom between two whole ones Leaflet stretches the tiles; painted at the size they take, they stay sharp.
      Object.defineProperty(layer, 'tileSize', {
        get: () => Math.round(TILE_PX * layer.devicePixelRatio * guatu.vectors.scale(layer)), set() {},
      });
      return layer;
    },

    /** Return how many pixels of the screen a tile's pixel takes. */
    scale(layer) {
      const zoom = layer._map ? layer._map.getZoom() : 0;
      return 2 ** (zoom - Math.round(zoom));
    },

    /** Tell whether all tiles of the view are drawn. */
    complete(layer) {
      return Boolean(layer._map) && !layer.isLoading() && Object.values(layer._tiles).some((tile) => tile.current);
    },

    /** Paint the tiles anew, all of them or those of another zoom between the same whole ones. */
    repaint(layer, { all = false } = {}) {
      const scale = guatu.vectors.scale(layer);
      if (layer._map && (all || scale !== layer.painted)) layer.rerenderTiles();
      layer.painted = scale;
    },

    /** Return the items within some pixels of a point, the smallest first. */
    at(layer, entry, latlng, pixels) {
      const reach = (pixels + entry.spec.style.paint.weight / 2) / guatu.vectors.scale(layer);
      return layer.views.get('').queryFeatures(latlng.lng, latlng.lat, layer._map.getZoom(), reach)
        .filter(({ feature }) => entry.keeps(feature.props)).map(({ feature }) => item(entry, feature))
        .sort((one, other) => one.size - other.size);
    },

    /** Return the items of the drawn tiles with their places, each feature once, by its largest piece. */
    items(layer, entry) {
      const largest = new Map();
      drawn(layer).forEach((tile) => tile.features.filter((feature) => entry.keeps(feature.props)).forEach((feature) => {
        const known = largest.get(feature.props._id);
        if (!known || size(feature.bbox) > size(known.feature.bbox)) largest.set(feature.props._id, { feature, tile });
      }));
      return [...largest.values()].map(({ feature, tile }) => placed(layer, entry, feature, tile));
    },
  };
})(window.guatu);
