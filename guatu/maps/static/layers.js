// The layers of the map: each fetched by its own URL, drawn in its own pane, and failing on its own.
// An Entry holds all its features; a layer too large for that is a TiledEntry (tiles.js), with the same interface.
(function (guatu) {
  'use strict';

  const CANVAS_FROM = 2000;
  const PANE_BASE = 400;
  const BACKDROP_ORDER = 90;
  const RING_COLOUR = '#FFFFFF';

  /** One layer: its spec, its features and shapes, whether it is shown, what is wrong with it. */
  class Entry {
    constructor(app, spec) {
      this.app = app;
      this.spec = spec;
      this.state = 'loading';
      this.error = null;
      this.shown = spec.shown;
      this.filter = null;
      this.items = [];
      this.group = L.layerGroup();
      this.pane = 'guatu-' + spec.key;
      this.rank = 100 - Math.min(spec.order, 100);
      // Under an area that holds everything else lies nothing to click: only its outline answers.
      this.backdrop = spec.geometry === 'polygon' && spec.order >= BACKDROP_ORDER;
      const pane = app.map.getPane(this.pane) || app.map.createPane(this.pane);
      pane.style.zIndex = PANE_BASE + this.rank;
    }

    get visible() {
      return this.items.filter((item) => item.visible);
    }

    get schematic() {
      return this.items.some((item) => item.feature.properties.geom_basis === 'schematic');
    }

    get kind() {
      return this.spec.geometry || (this.items[0] ? this.items[0].kind : 'polygon');
    }

    /** Return {all, seen}: how many features there are, and how many of them the filter keeps. */
    tally() {
      return { all: this.items.length, seen: this.visible.length };
    }

    /** Return the tally of one class of the style, or with null that of all the others. */
    tallyOf(value) {
      const { by, classes } = this.spec.style;
      const is = (item) => (value === null
        ? !classes.some((one) => one.value === String(item.feature.properties[by]))
        : String(item.feature.properties[by]) === value);
      return { all: this.items.filter(is).length, seen: this.visible.filter(is).length };
    }

    /** Tell whether the filter keeps a feature. */
    keeps(properties) {
      return !this.filter || Object.entries(this.filter).every(([field, values]) => values.includes(String(properties[field])));
    }

    /** Return the items at a point of the screen, as far as they are known without asking the server. */
    at(latlng) {
      const point = this.app.map.latLngToLayerPoint(latlng);
      return this.visible.filter((item) => hit(this, item, point)).sort(smallestFirst);
    }

    /** Return the items at a point, each with all its properties; as a promise, for others must ask. */
    async ask(latlng) {
      return this.at(latlng);
    }

    /** Return the item of an id, or nothing; as a promise. */
    async one(id) {
      return this.items.find((item) => item.feature.properties._id === id);
    }

    /** Return the items that bear a label in view. */
    labelled() {
      return this.visible;
    }

    /** Fetch and draw; never rejects: what went wrong is told in `error`. */
    async load() {
      this.state = 'loading';
      this.error = null;
      this.app.changed();
      try {
        this.draw(await collection(this.spec));
        this.state = 'ready';
      } catch (error) {
        this.state = 'error';
        this.error = error.message;
      }
      this.refresh();
    }

    draw(data) {
      const canvas = data.features.length >= CANVAS_FROM;
      const options = { pane: this.pane, padding: 0.3, tolerance: guatu.isPhone() ? 10 : 4 };
      const renderer = canvas ? L.canvas(options) : L.svg(options);
      // A canvas would swallow the pointer for every layer below it; hits are found by geometry instead.
      this.app.map.getPane(this.pane).style.pointerEvents = canvas ? 'none' : '';
      this.group.clearLayers();
      this.items = data.features.map((feature) => this.item(feature, renderer, canvas));
      this.scale();
    }

    item(feature, renderer, canvas) {
      const paint = guatu.paintOf(this.spec.style, feature.properties);
      const kind = guatu.kindOf(feature);
      const options = Object.assign(guatu.pathOptions(paint, kind, !canvas), {
        pane: this.pane, renderer, interactive: !canvas && !this.backdrop,
      });
      const layer = L.geoJSON(feature, {
        pane: options.pane, renderer, interactive: options.interactive, style: kind === 'point' ? null : options,
        pointToLayer: (_, at) => point(at, options),
      });
      return { entry: this, feature, kind, paint, layer, visible: true };
    }

    refresh() {
      this.items.forEach((item) => {
        item.visible = this.keeps(item.feature.properties);
        const there = this.group.hasLayer(item.layer);
        if (item.visible && !there) this.group.addLayer(item.layer);
        if (!item.visible && there) this.group.removeLayer(item.layer);
      });
      // A layer may have been dropped while its data was on its way.
      if (this.shown && this.app.entries.get(this.spec.key) === this) this.group.addTo(this.app.map);
      else this.group.remove();
      this.app.changed();
    }

    show(shown) {
      if (this.shown === shown) return;
      this.shown = shown;
      this.refresh();
    }

    narrow(filter) {
      if (JSON.stringify(filter) === JSON.stringify(this.filter)) return;
      this.filter = filter;
      this.refresh();
    }

    /** Give markers the size that suits the zoom. */
    scale() {
      if (this.spec.geometry && this.spec.geometry !== 'point') return;
      const share = guatu.markerScale(this.app.map.getZoom());
      this.items.filter((item) => item.kind === 'point').flatMap((item) => drawn(item.layer)).forEach((path) => {
        path.full = path.full || path.getRadius();
        path.setRadius(path.full * share);
      });
    }

    remove() {
      this.group.remove();
      this.items = [];
    }

    bounds() {
      const bounds = L.latLngBounds([]);
      this.visible.forEach((item) => bounds.extend(guatu.boundsOf(item)));
      return bounds;
    }
  }

  function leaves(group) {
    return group.getLayers().flatMap((layer) => (layer.getLayers ? layer.getLayers() : [layer]));
  }

  /** Return how much of their size markers keep at a zoom: from afar, neighbours would cover each other. */
  guatu.markerScale = function (zoom) {
    return Math.max(0.45, Math.min(1, 1 - (16 - zoom) * 0.2));
  };

  /** Return the circles that make a marker, the lowest first. */
  guatu.rings = function (options) {
    if (options.color.toUpperCase() !== RING_COLOUR) return [options];
    // A white ring alone would vanish on pale paper: a thin dark line goes round it.
    return [Object.assign({}, options, { radius: options.radius + 1.5, weight: 1, color: '#33413F', fillColor: '#FFFFFF' }), options];
  };

  function point(at, options) {
    const circles = guatu.rings(options).map((ring) => L.circleMarker(at, ring));
    return circles.length > 1 ? L.featureGroup(circles) : circles[0];
  }

  guatu.kindOf = function ({ geometry: { type } }) {
    if (type.endsWith('Polygon')) return 'polygon';
    return type.endsWith('LineString') ? 'line' : 'point';
  };

  async function collection(spec) {
    const inside = document.getElementById('data-' + spec.key);
    const data = inside && !spec.url ? JSON.parse(inside.textContent) : await guatu.fetched(spec.url);
    if (!data || data.type !== 'FeatureCollection') throw new Error(guatu.say('notGeojson'));
    return data;
  }

  /** Return what a URL answers, a Response; rejects with the sentence to show, or as aborted. */
  guatu.answer = async function (url, signal) {
    let response;
    try {
      response = await fetch(url, { credentials: 'same-origin', signal });
    } catch (error) {
      throw error.name === 'AbortError' ? error : new Error(guatu.say('noAnswer'));
    }
    if (response.ok) return response;
    const said = await response.json().catch(() => null);
    throw new Error(guatu.told(said) || 'HTTP ' + response.status);
  };

  /** Return the JSON that a URL answers; rejects with the sentence to show. */
  guatu.fetched = async function (url) {
    const response = await guatu.answer(url);
    return response.json().catch(() => { throw new Error(guatu.say('notGeojson')); });
  };

  guatu.Entry = Entry;

  /** Tell whether the server may know more of a point than the uppermost item that is known here. */
  guatu.asking = function (app, item) {
    return uppermost(app).some((entry) => entry.spec.tiles && (!item || item.part || (entry.rank > item.entry.rank && !entry.near)));
  };

  guatu.boundsOf = function (item) {
    return L.geoJSON(item.feature).getBounds();
  };

  /** Return the point that a feature's popup and label hang on. */
  guatu.anchorOf = function (item) {
    if (item.anchor) return item.anchor;
    const at = item.feature.properties._at;
    if (at) return L.latLng(at[1], at[0]);
    if (item.kind !== 'line') return guatu.boundsOf(item).getCenter();
    const lines = leaves(L.geoJSON(item.feature)).flatMap((line) => {
      const points = line.getLatLngs();
      return Array.isArray(points[0]) ? points : [points];
    });
    const longest = lines.reduce((best, line) => (line.length > best.length ? line : best), []);
    return longest[Math.floor(longest.length / 2)];
  };

  function uppermost(app) {
    return [...app.entries.values()].filter((entry) => entry.shown).sort((one, other) => other.rank - one.rank);
  }

  /** Return the items at a point of the screen that are known here, the uppermost first. */
  guatu.itemsAt = function (app, latlng) {
    return uppermost(app).flatMap((entry) => entry.at(latlng));
  };

  /** Return the same with all that the server knows of them; as a promise. */
  guatu.askAt = async function (app, latlng) {
    return (await Promise.all(uppermost(app).map((entry) => entry.ask(latlng)))).flat();
  };

  function smallestFirst(one, other) {
    return (one.feature.properties._m2 || 0) - (other.feature.properties._m2 || 0);
  }

  // Leaflet's own test of a path, which its canvas uses; asked of every renderer so that all layers answer alike.
  function hit(entry, item, at) {
    return drawn(item.layer).some((path) => {
      if (!path._map || !path._pxBounds || !path._pxBounds.isValid() || !path._pxBounds.contains(at)) return false;
      if (entry.backdrop) return L.Polyline.prototype._containsPoint.call(path, at, true);
      return path._containsPoint(at);
    });
  }

  function drawn(layer) {
    return layer.getLayers ? layer.getLayers().flatMap(drawn) : [layer];
  }

  /** Return a line's stretches as points of the screen. */
  guatu.stretchesOf = function (item) {
    return item.stretches ? item.stretches() : drawn(item.layer).flatMap((path) => path._parts || []);
  };
})(window.guatu);
