// Quiet names on the map: haloed, turned along lines, and none over another.
(function (guatu) {
  'use strict';

  const FONT = '12px "Noto Sans SC","Source Han Sans SC","Microsoft YaHei","PingFang SC",sans-serif';
  const HEIGHT = 16;
  const GAP = 3;
  const MOST = 300;
  const PALE_ORDER = 70;
  const DARKER = 0.6;
  const PANE = 'guatu-labels';
  const context = document.createElement('canvas').getContext('2d');

  // Set once: a canvas reads its font anew at each assignment, and there may be thousands of names.
  context.font = FONT;

  function width(text) {
    return context.measureText(text).width + 2;
  }

  function box(x, y, w, h, angle) {
    const cos = Math.abs(Math.cos(angle));
    const sin = Math.abs(Math.sin(angle));
    const halfWidth = (w * cos + h * sin) / 2 + GAP;
    const halfHeight = (w * sin + h * cos) / 2 + GAP;
    return { left: x - halfWidth, right: x + halfWidth, top: y - halfHeight, bottom: y + halfHeight };
  }

  function meets(one, other) {
    return one.left < other.right && one.right > other.left && one.top < other.bottom && one.bottom > other.top;
  }

  /** Return the middle of a line's longest stretch in view and its direction there, read from left to right. */
  function alongLine(stretches, view) {
    let best = [];
    stretches.forEach((part) => {
      const inside = part.filter((point) => view.contains(point));
      if (length(inside) > length(best)) best = inside;
    });
    if (best.length < 2) return null;
    let left = length(best) / 2;
    for (let i = 1; i < best.length; i += 1) {
      const step = best[i].distanceTo(best[i - 1]);
      if (step >= left) {
        const share = left / step;
        const x = best[i - 1].x + (best[i].x - best[i - 1].x) * share;
        const y = best[i - 1].y + (best[i].y - best[i - 1].y) * share;
        let angle = Math.atan2(best[i].y - best[i - 1].y, best[i].x - best[i - 1].x);
        if (angle > Math.PI / 2) angle -= Math.PI;
        if (angle <= -Math.PI / 2) angle += Math.PI;
        return { x, y, angle, room: length(best) };
      }
      left -= step;
    }
    return null;
  }

  function length(points) {
    return points.reduce((sum, point, i) => (i ? sum + point.distanceTo(points[i - 1]) : 0), 0);
  }

  /** Return the places along a line: on a pale one its name stands on it, beside a dark one on either side. */
  function beside(at, item) {
    if (item.entry.spec.order >= PALE_ORDER) return [at];
    const away = item.paint.weight / 2 + HEIGHT / 2;
    return [-away, away].map((side) => ({ ...at, x: at.x - Math.sin(at.angle) * side, y: at.y + Math.cos(at.angle) * side }));
  }

  /** Return where a label may stand, best place first. */
  function places(app, item, text, view) {
    if (item.kind === 'line') {
      const at = alongLine(guatu.stretchesOf(item), view);
      return at && at.room > width(text) ? beside(at, item) : [];
    }
    const at = app.map.latLngToLayerPoint(guatu.anchorOf(item));
    if (!view.contains(at)) return [];
    if (item.kind === 'polygon') return [{ x: at.x, y: at.y, angle: 0 }];
    const radius = item.paint.radius * guatu.markerScale(app.map.getZoom()) + 2;
    const away = radius + width(text) / 2 + 3;
    const up = radius + HEIGHT / 2 + 1;
    return [[away, 0], [-away, 0], [0, -up], [0, up]].map(([dx, dy]) => ({ x: at.x + dx, y: at.y + dy, angle: 0 }));
  }

  function wanted(app) {
    const zoom = app.map.getZoom();
    return [...app.entries.values()]
      .filter((entry) => entry.shown && entry.spec.style.label && zoom >= entry.spec.style.labelZoom)
      .sort((one, other) => other.rank - one.rank)
      .flatMap((entry) => entry.labelled()
        .map((item) => ({ item, text: textOf(entry, item) }))
        .filter((one) => one.text)
        .sort((one, other) => size(other.item) - size(one.item)));
  }

  function textOf(entry, item) {
    const field = entry.spec.fields.find((one) => one.key === entry.spec.style.label);
    const { properties } = item.feature;
    const value = entry.spec.style.label === entry.spec.name ? properties._name : properties[entry.spec.style.label];
    return field && value !== undefined ? guatu.written(field, value) : '';
  }

  /** Return a colour dark enough to read: line colours are made for lines. */
  function readable(colour) {
    return '#' + [1, 3, 5].map((i) => Math.round(parseInt(colour.slice(i, i + 2), 16) * DARKER).toString(16).padStart(2, '0')).join('');
  }

  function size(item) {
    return item.size || item.feature.properties._m2 || item.feature.properties._m || 0;
  }

  /** The boxes that markers take, which no name may cover. */
  function taken(app) {
    return [...app.entries.values()]
      .filter((entry) => entry.shown && entry.spec.geometry === 'point' && entry.items.length < 500)
      .flatMap((entry) => entry.visible.map((item) => {
        const at = app.map.latLngToLayerPoint(guatu.anchorOf(item));
        const size = item.paint.radius * 2 * guatu.markerScale(app.map.getZoom());
        return box(at.x, at.y, size, size, 0);
      }));
  }

  function draw(app) {
    const pane = app.map.getPane(PANE);
    const origin = app.map.containerPointToLayerPoint([0, 0]);
    const view = L.bounds(origin, origin.add(app.map.getSize()).subtract([guatu.panel.width(app), 0]));
    const boxes = taken(app);
    const names = new Set();
    const drawn = document.createDocumentFragment();
    for (const { item, text } of wanted(app)) {
      const once = item.kind === 'line' ? item.entry.spec.key + text : null;
      if (boxes.length > MOST) break;
      if (names.has(once)) continue;
      const where = places(app, item, text, view);
      if (!where.length) continue;
      const w = width(text);
      const free = where.find((at) => !boxes.some((other) => meets(box(at.x, at.y, w, HEIGHT, at.angle), other)));
      if (!free) continue;
      boxes.push(box(free.x, free.y, w, HEIGHT, free.angle));
      if (once) names.add(once);
      const label = guatu.make('div', { class: 'guatu-label guatu-label-' + item.kind, text: String(text) });
      label.style.transform = `translate(${free.x}px,${free.y}px) translate(-50%,-50%) rotate(${free.angle}rad)`;
      if (item.kind === 'line') label.style.color = item.entry.spec.order >= PALE_ORDER ? '#5B564A' : readable(item.paint.colour);
      drawn.append(label);
    }
    pane.replaceChildren(drawn);
  }

  guatu.labels = {
    install(app) {
      const pane = app.map.createPane(PANE);
      pane.style.zIndex = 610;
      pane.style.pointerEvents = 'none';
      let waiting = 0;
      const soon = function () {
        cancelAnimationFrame(waiting);
        // While the map is dragged, its names move along; at the end they are placed anew.
        if (app.map.dragging.moving()) return;
        waiting = requestAnimationFrame(() => {
          pane.style.visibility = '';
          draw(app);
        });
      };
      app.map.on('moveend zoomend viewreset resize guatu:changed', soon);
      app.map.on('zoomstart', () => { pane.style.visibility = 'hidden'; });
      app.map.on('zoomanim', () => { pane.style.visibility = 'hidden'; });
    },
  };
})(window.guatu);
