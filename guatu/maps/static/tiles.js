// A layer too large to travel whole: pictures from afar, vectors from near, single features when they are asked for.
(function (guatu) {
  'use strict';

  const KNOWN_MOST = 200;
  const METRES_A_PIXEL = 156543.034;
  const FADE_MS = 250;
  const MARGIN = 0.02;

  function asked(url, more) {
    const given = Object.entries(more).filter(([, value]) => value !== null && value !== undefined);
    return [url, ...given.map(([name, value]) => name + '=' + encodeURIComponent(value))].join('&');
  }

  function hide(layer, hidden) {
    if (layer.getContainer()) layer.getContainer().style.visibility = hidden ? 'hidden' : '';
  }

  /** Return how far from the pointer a feature still counts, in pixels; as the small layers' renderers have it. */
  function reach() {
    return guatu.isPhone() ? 10 : 4;
  }

  class TiledEntry extends guatu.Entry {
    constructor(app, spec) {
      super(app, spec);
      this.known = new Map();
      this.counts = {};
      // Vectors have taken over from the overview.
      this.near = false;
      app.map.getPane(this.pane).style.pointerEvents = 'none';
    }

    get schematic() {
      return this.spec.tiles.schematic;
    }

    /** The filter as the server takes it. */
    get f() {
      return this.filter && JSON.stringify(Object.fromEntries(Object.entries(this.filter).sort()));
    }

    tally() {
      const { whole, kept } = this.counts;
      const all = whole ? whole.count : this.spec.tiles.count;
      if (!this.filter) return { all, seen: all };
      return { all, seen: kept ? kept.count : null };
    }

    tallyOf(value) {
      const { whole, kept } = this.counts;
      return { all: this.counted(whole, value), seen: this.counted(this.filter ? kept : whole, value) };
    }

    counted(counts, value) {
      if (!counts) return null;
      if (value !== null) return counts.by[value] || 0;
      return this.spec.style.classes.reduce((rest, one) => rest - (counts.by[one.value] || 0), counts.count);
    }

    /** Ask how many there are, in all and of each class; the legend does without where the server can't say. */
    async count() {
      const { counts } = this.spec.tiles;
      const { filter, f } = this;
      if (!counts) return;
      const found = await guatu.fetched(asked(counts, { f })).catch(() => null);
      if (filter && filter !== this.filter) return;
      this.counts[filter ? 'kept' : 'whole'] = found;
      this.app.changed();
    }

    /** Prepare the layer; nothing is fetched before the map knows what it will show. */
    async load() {
      this.error = null;
      this.state = this.shown ? 'loading' : 'ready';
      this.group.clearLayers();
      const { from } = this.spec.tiles;
      this.vectors = this.watched(guatu.vectors.layer(this, this.grid({ minZoom: from - 0.5, maxZoom: 20 }), (error) => this.fail(error)));
      this.overview = null;
      this.formers = [];
      this.group.addLayer(this.vectors);
      this.draw();
      this.count();
      this.app.inView.then(() => this.refresh());
    }

    grid(options) {
      return { pane: this.pane, bounds: this.bounds().pad(MARGIN), ...options };
    }

    watched(layer) {
      return layer.on('loading', () => { this.clean = true; }).on('load', () => this.arrived());
    }

    /** Draw the overview under the present filter; former ones stay until the new one is there. */
    draw() {
      if (this.overview) this.formers.push(this.overview);
      const { png, from } = this.spec.tiles;
      // It reaches a little into the zooms of vectors, to be seen until these have come.
      this.overview = this.watched(L.tileLayer(asked(png, { f: this.f }), this.grid({ maxNativeZoom: from - 1, maxZoom: from + 0.5 })));
      this.overview.on('tileerror', ({ tile }) => guatu.answer(tile.src).catch((error) => this.fail(error)));
      this.group.addLayer(this.overview);
      hide(this.overview, this.near);
      if (this.overview.isLoading()) this.overview.once('load', () => window.setTimeout(() => this.forget(), FADE_MS));
      else this.forget();
    }

    forget() {
      this.formers.splice(0).forEach((layer) => this.group.removeLayer(layer));
    }

    /** Tell once what went wrong; it is taken back when all tiles in view have come. */
    fail(error) {
      this.clean = false;
      if (this.error) return;
      this.error = error.message;
      this.state = 'error';
      this.app.changed();
    }

    arrived() {
      if (this.clean) Object.assign(this, { state: 'ready', error: null });
      // Tiles fade in; before that a change from the one kind to the other would be seen.
      window.setTimeout(() => this.handOver(), FADE_MS);
      this.app.changed();
    }

    refresh() {
      super.refresh();
      if (this.state === 'loading' && !this.overview.isLoading() && !this.vectors.isLoading()) this.state = 'ready';
      this.scale();
    }

    scale() {
      guatu.vectors.repaint(this.vectors);
      this.handOver();
    }

    /** Show pictures or vectors, whichever suit the zoom; where both are there, vectors once they are complete. */
    handOver() {
      const zoom = this.app.map.getZoom();
      const before = this.near;
      const alone = zoom > this.overview.options.maxZoom;
      this.near = Math.round(zoom) >= this.spec.tiles.from && (before || alone || guatu.vectors.complete(this.vectors));
      hide(this.vectors, !this.near);
      hide(this.overview, this.near);
      if (this.near) this.forget();
      if (this.near && !before) this.app.changed();
    }

    narrow(filter) {
      if (JSON.stringify(filter) === JSON.stringify(this.filter)) return;
      this.filter = filter;
      this.counts.kept = null;
      this.draw();
      guatu.vectors.repaint(this.vectors, { all: true });
      this.count();
      this.app.changed();
    }

    bounds() {
      const [west, south, east, north] = this.spec.tiles.bounds;
      return L.latLngBounds([south, west], [north, east]);
    }

    /** Return an item of a feature that the server told, and remember it. */
    whole(feature) {
      const { _id } = feature.properties;
      this.known.set(_id, feature);
      if (this.known.size > KNOWN_MOST) this.known.delete(this.known.keys().next().value);
      return { entry: this, feature, kind: guatu.kindOf(feature), paint: guatu.paintOf(this.spec.style, feature.properties), visible: true };
    }

    at(latlng) {
      if (!this.near || this.backdrop) return [];
      return guatu.vectors.at(this.vectors, this, latlng, reach()).map((item) => {
        const known = this.known.get(item.feature.properties._id);
        return known ? this.whole(known) : item;
      });
    }

    async ask(latlng) {
      if (this.backdrop) return [];
      const within = reach() * METRES_A_PIXEL * Math.cos(latlng.lat * Math.PI / 180) / 2 ** this.app.map.getZoom();
      // The parcel that holds the point comes before a smaller neighbour.
      const inside = this.spec.geometry === 'polygon' ? await this.told('at', { lon: latlng.lng, lat: latlng.lat, f: this.f }) : [];
      return inside.length ? inside : this.told('at', { lon: latlng.lng, lat: latlng.lat, within: within.toFixed(2), f: this.f });
    }

    async one(id) {
      const known = this.known.get(id);
      return known ? this.whole(known) : (await this.told('of', { id }))[0];
    }

    async told(what, question) {
      try {
        return (await guatu.fetched(asked(this.spec.tiles[what], question))).features.map((feature) => this.whole(feature));
      } catch (error) {
        this.fail(error);
        return [];
      }
    }

    /** Return what a text finds, as `guatu.search.find`. */
    async named(text) {
      const found = await guatu.fetched(asked(this.spec.tiles.named, { q: text })).catch((error) => { this.fail(error); return []; });
      return found.map(({ id, name, by, score, value }) => ({
        entry: this, id, name: guatu.nameOf(this, { _id: id, _name: name }), by, score, kind: this.kind,
        paint: guatu.paintOf(this.spec.style, { [this.spec.style.by]: value === null ? undefined : value }),
      }));
    }

    labelled() {
      return this.near ? guatu.vectors.items(this.vectors, this) : [];
    }
  }

  guatu.TiledEntry = TiledEntry;
})(window.guatu);
