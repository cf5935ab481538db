// Paints the features of a vector tile on its canvas, by the same path options that small layers give to Leaflet.
(function (guatu) {
  'use strict';

  const TILE_PX = 256;
  const ROOMY_PX = 24;
  const KINDS = [null, 'point', 'line', 'polygon'];
  const POINT = 1;
  const POLYGON = 3;

  /** Return the share of its weight that an outline keeps: round small polygons it would hide their colour. */
  function thinned({ geomType, bbox }, scale) {
    return geomType === POLYGON ? Math.min(1, Math.sqrt((bbox.maxX - bbox.minX) * (bbox.maxY - bbox.minY)) * scale / ROOMY_PX) : 1;
  }

  function trace(context, geometry, kind, radius) {
    context.beginPath();
    geometry.forEach((part) => part.forEach((point, i) => {
      if (kind === POINT) {
        context.moveTo(point.x + radius, point.y);
        context.arc(point.x, point.y, radius, 0, 2 * Math.PI);
      } else if (i) context.lineTo(point.x, point.y);
      else context.moveTo(point.x, point.y);
    }));
  }

  /** Paints features with the path options that small layers give to Leaflet; `scale` is screen pixels to a tile's. */
  class Brush {
    constructor(entry, layer) {
      Object.assign(this, { entry, layer, looks: new Map() });
    }

    look(value, kind) {
      const key = kind + '|' + value;
      if (!this.looks.has(key)) {
        const { style } = this.entry.spec;
        const paint = guatu.paintOf(style, { [style.by]: value });
        const options = guatu.pathOptions(paint, KINDS[kind], false);
        this.looks.set(key, {
          strokes: kind === POINT ? guatu.rings(options) : [options],
          hatch: kind === POLYGON ? guatu.hatched(paint, this.layer.devicePixelRatio) : null,
        });
      }
      return this.looks.get(key);
    }

    before(context) {
      context.canvas.scale = guatu.vectors.scale(this.layer);
    }

    draw(context, geometry, _, feature) {
      const { strokes, hatch } = this.look(feature.props[this.entry.spec.style.by], feature.geomType);
      const { scale } = context.canvas;
      strokes.forEach((options) => {
        trace(context, geometry, feature.geomType, options.radius * guatu.markerScale(this.layer._map.getZoom()) / scale);
        if (options.fill) this.fill(context, options, hatch);
        if (options.weight) this.stroke(context, options, scale / thinned(feature, scale));
      });
    }

    fill(context, options, hatch) {
      context.globalAlpha = hatch ? 1 : options.fillOpacity;
      context.fillStyle = hatch ? this.pattern(context, hatch) : options.fillColor;
      context.fill('evenodd');
    }

    // The hatch runs on from tile to tile, one of its pixels to one of the screen.
    pattern(context, hatch) {
      const { scale, key } = context.canvas;
      const [x, y] = key.split(':');
      const share = 1 / (this.layer.devicePixelRatio * scale);
      const pattern = context.createPattern(hatch, 'repeat');
      const shift = (n) => -((n * TILE_PX) % (hatch.width * share));
      pattern.setTransform(new DOMMatrix([share, 0, 0, share, shift(x), shift(y)]));
      return pattern;
    }

    stroke(context, options, scale) {
      context.globalAlpha = options.opacity;
      context.strokeStyle = options.color;
      context.lineWidth = options.weight / scale;
      context.lineCap = options.lineCap;
      context.lineJoin = 'round';
      context.setLineDash(options.dashArray ? options.dashArray.split(/[ ,]+/).map((n) => n / scale) : []);
      context.stroke();
    }
  }

  guatu.Brush = Brush;
})(window.guatu);
