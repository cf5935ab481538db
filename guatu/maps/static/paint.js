// The style table of a layer, read once for the map, the legend and the highlight.
(function (guatu) {
  'use strict';

  const HATCH_PX = 8;
  const HATCH_OPACITY = 0.75;
  const HATCHES = {
    '/': 'M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4', '\\': 'M-2,6 l4,4 M0,0 l8,8 M6,-2 l4,4',
    x: 'M0,8 l8,-8 M0,0 l8,8', '-': 'M0,4 h8', '|': 'M4,0 v8', '.': 'M4,4 h0.01',
  };
  const patterns = new Map();

  /** Return the paint of a feature: its class's, else the layer's. */
  guatu.paintOf = function (style, properties) {
    if (!style.by) return style.paint;
    const value = String(properties[style.by]);
    const found = style.classes.find(function (one) { return one.value === value; });
    return found ? found.paint : style.paint;
  };

  function hatchLine(paint) {
    return paint.hatch === '.' ? { lineWidth: 2.2, lineCap: 'round' } : { lineWidth: 1, lineCap: 'butt' };
  }

  function definitions() {
    let svg = document.getElementById('guatu-hatches');
    if (!svg) {
      svg = guatu.svg('svg', { id: 'guatu-hatches', width: 0, height: 0, 'aria-hidden': 'true' });
      svg.style.position = 'absolute';
      document.body.append(svg);
    }
    return svg;
  }

  /** Return the id of the SVG pattern of a hatched paint, made on first use. */
  function pattern(paint) {
    const key = [paint.hatch, paint.colour, paint.fill, paint.fillOpacity].join('|');
    if (!patterns.has(key)) {
      const id = 'guatu-hatch-' + patterns.size;
      const element = guatu.svg('pattern', { id, width: HATCH_PX, height: HATCH_PX, patternUnits: 'userSpaceOnUse' });
      element.append(
        guatu.svg('rect', { width: HATCH_PX, height: HATCH_PX, fill: paint.fill, 'fill-opacity': paint.fillOpacity }),
        guatu.svg('path', {
          d: HATCHES[paint.hatch], stroke: paint.colour, 'stroke-opacity': HATCH_OPACITY, fill: 'none',
          'stroke-width': hatchLine(paint).lineWidth, 'stroke-linecap': hatchLine(paint).lineCap,
        }));
      definitions().append(element);
      patterns.set(key, id);
    }
    return patterns.get(key);
  }

  function fill(paint, hatched) {
    return hatched && paint.hatch ? { fillColor: 'url(#' + pattern(paint) + ')', fillOpacity: 1 }
      : { fillColor: paint.fill, fillOpacity: paint.fillOpacity };
  }

  /** Return a hatched paint as a small picture, `share` pixels to a pixel of the screen; null where there is no hatch. */
  guatu.hatched = function (paint, share) {
    if (!paint.hatch) return null;
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = Math.round(HATCH_PX * share);
    const context = canvas.getContext('2d');
    context.scale(canvas.width / HATCH_PX, canvas.height / HATCH_PX);
    context.globalAlpha = paint.fillOpacity;
    context.fillStyle = paint.fill;
    context.fillRect(0, 0, HATCH_PX, HATCH_PX);
    context.globalAlpha = HATCH_OPACITY;
    Object.assign(context, { strokeStyle: paint.colour, ...hatchLine(paint) });
    context.stroke(new Path2D(HATCHES[paint.hatch]));
    return canvas;
  };

  /** Return Leaflet's path options for a paint; hatches need SVG. */
  guatu.pathOptions = function (paint, kind, hatched) {
    return Object.assign({
      color: paint.colour, weight: paint.weight, opacity: paint.opacity, dashArray: paint.dash || null,
      fill: kind !== 'line', radius: paint.radius, lineCap: paint.dash ? 'butt' : 'round',
    }, fill(paint, hatched));
  };

  const SWATCH = { width: 26, height: 16 };

  /** Return a small drawing of a paint for the legend. */
  guatu.swatch = function (paint, kind) {
    const { width, height } = SWATCH;
    const svg = guatu.svg('svg', { width, height, viewBox: `0 0 ${width} ${height}`, class: 'guatu-swatch', 'aria-hidden': 'true' });
    const stroke = { stroke: paint.colour, 'stroke-width': Math.min(paint.weight, 7), 'stroke-opacity': paint.opacity };
    if (paint.dash) stroke['stroke-dasharray'] = paint.dash;
    const filled = paint.hatch ? { fill: 'url(#' + pattern(paint) + ')' } : { fill: paint.fill, 'fill-opacity': paint.fillOpacity };
    if (kind === 'line') svg.append(guatu.svg('path', Object.assign({ d: 'M1,8 H25', fill: 'none' }, stroke)));
    else if (kind === 'point') {
      const radius = Math.min(paint.radius, 7) - paint.weight / 2;
      svg.append(guatu.svg('circle', { cx: 13, cy: 8, r: Math.min(paint.radius, 7) + 0.5, fill: '#8A9699' }));
      svg.append(guatu.svg('circle', Object.assign({ cx: 13, cy: 8, r: radius }, filled, stroke)));
    } else {
      svg.append(guatu.svg('rect', Object.assign({ x: 1.5, y: 1.5, width: width - 3, height: height - 3 }, filled, stroke,
        { 'stroke-width': Math.min(paint.weight, 2) })));
    }
    return svg;
  };
})(window.guatu);
