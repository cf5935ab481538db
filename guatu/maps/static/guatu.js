// The door: `guatu.open(map, spec)` once, `guatu.state(told)` whenever something changes.
(function (guatu) {
  'use strict';

  const STYLE_WAIT_MS = 4000;
  const CHANGE = 'guatu:changed';
  let appOpened;
  guatu.opening = new Promise((resolve) => { appOpened = resolve; });

  class App {
    constructor(map, spec) {
      Object.assign(this, { map, spec, entries: new Map(), selected: null, item: null, reported: null, fromPython: null, fit: null });
      Object.assign(this, { measuring: false, clicks: 0, highlight: null, flag: null, popup: null, sheet: null, tiles: null });
      // Whether a layer is shown, by the link or by an earlier toggle, before the layer is there.
      this.wanted = new Map();
      // Resolved when the map shows what it opens on: tiles of any other view would be fetched in vain.
      this.inView = new Promise((resolve) => { this.arrive = resolve; });
      this.offline = window.location.protocol === 'file:';
    }

    /** Put an element over the map, so that it neither pans nor zooms it. */
    place(element) {
      L.DomEvent.disableClickPropagation(element);
      L.DomEvent.disableScrollPropagation(element);
      this.map.getContainer().append(element);
    }

    changed() {
      this.map.fire(CHANGE);
    }

    add(spec, extra) {
      const entry = spec.tiles ? new guatu.TiledEntry(this, spec) : new guatu.Entry(this, spec);
      entry.extra = extra;
      if (this.wanted.has(spec.key)) entry.shown = this.wanted.get(spec.key);
      this.entries.set(spec.key, entry);
      entry.loaded = entry.load();
      return entry;
    }

    drop(key) {
      this.wanted.set(key, this.entries.get(key).shown);
      this.entries.get(key).remove();
      this.entries.delete(key);
      if (this.selected && this.selected[0] === key) guatu.deselect(this, { tell: false });
    }
  }

  function fill(container) {
    // Folium gives the div a height in pixels; the map takes all of its frame, whose height the page sets.
    container.style.cssText += ';width:100%!important;height:100%!important';
    document.documentElement.classList.add('guatu-html');
    document.documentElement.lang = guatu.language === 'en' ? 'en' : 'zh-CN';
    container.classList.add('guatu-map');
  }

  /** Wait until our style sheet counts: streamlit-folium runs the map before its styles have come. */
  function styled() {
    const start = Date.now();
    return new Promise((resolve) => {
      const look = function () {
        const there = getComputedStyle(document.documentElement).getPropertyValue('--guatu-styled');
        if (there || Date.now() - start > STYLE_WAIT_MS) resolve();
        else window.setTimeout(look, 15);
      };
      look();
    });
  }

  function start(app) {
    const asked = guatu.address.read();
    const { map, spec } = app;
    new ResizeObserver(() => resized(app)).observe(map.getContainer());
    map.invalidateSize({ animate: false });
    if (asked.view) {
      map.setView(asked.view.center, asked.view.zoom, { animate: false });
      app.arrive();
    }
    map.on('zoomend', () => app.entries.forEach((entry) => entry.scale()));
    guatu.labels.install(app);
    guatu.details.install(app);
    asked.off.forEach((key) => app.wanted.set(key, false));
    asked.on.forEach((key) => app.wanted.set(key, true));
    const loads = spec.sources.map((source) => app.add(source, false).loaded);
    guatu.panel.install(app);
    guatu.search.install(app);
    guatu.frame.install(app, guatu.measure.install(app));
    appOpened(app);
    return Promise.all(loads).then(() => settled(app, asked));
  }

  function resized(app) {
    app.map.invalidateSize({ animate: false });
    if (app.unplaced && app.map.getSize().x > 0) {
      app.unplaced = false;
      guatu.home(app, { animate: false });
    }
  }

  async function settled(app, asked) {
    // In a folded part of a screen the map has no size yet, so nothing can be fitted to it.
    app.unplaced = app.map.getSize().x === 0;
    if (!asked.view && !app.fit && !app.fromPython) guatu.home(app, { animate: false });
    app.arrive();
    const entry = asked.selected && !app.fromPython && app.entries.get(asked.selected[0]);
    if (entry) await entry.loaded;
    const item = entry && await entry.one(asked.selected[1]);
    if (item && !app.fromPython) guatu.select(app, item, { from: 'search' });
    const write = () => guatu.address.write(app);
    app.map.on('moveend', write);
    guatu.resolveReady(app);
  }

  guatu.open = function (map, spec) {
    guatu.opened = true;
    guatu.unfail();
    guatu.language = spec.language;
    guatu.app = new App(map, spec);
    fill(map.getContainer());
    return styled().then(() => start(guatu.app)).catch((error) => guatu.fail(error.message));
  };

  /** Open a page that has no Folium: make the map, too. */
  guatu.start = function (options, spec) {
    const map = L.map('map_div', Object.assign({ zoomControl: false, attributionControl: false }, options));
    return guatu.open(map, spec);
  };

  function syncExtra(app, wanted) {
    const specs = wanted.map((one) => one[guatu.language]);
    const address = (spec) => spec.url || (spec.tiles && spec.tiles.mvt);
    const same = (entry, spec) => spec && address(entry.spec) === address(spec);
    [...app.entries].forEach(([key, entry]) => {
      if (entry.extra && !same(entry, specs.find((spec) => spec.key === key))) app.drop(key);
    });
    specs.forEach((spec) => { if (!app.entries.has(spec.key)) app.add(spec, true); });
    app.changed();
  }

  async function followSelection(app, pair) {
    const before = app.fromPython;
    app.fromPython = pair;
    const is = (other) => Boolean(pair && other && pair[0] === other[0] && pair[1] === other[1]);
    if (!pair) {
      if (before) guatu.deselect(app, { tell: false });
      return;
    }
    // What the map itself reported comes back by way of Python; it is selected already.
    if (is(app.selected) || (app.selected && is(app.reported))) return;
    const entry = app.entries.get(pair[0]);
    if (!entry) return;
    await entry.loaded;
    const item = await entry.one(pair[1]);
    if (item && app.fromPython === pair) guatu.select(app, item, { from: 'python' });
  }

  guatu.state = function (told) {
    return guatu.opening.then((app) => {
      syncExtra(app, told.extra);
      app.entries.forEach((entry, key) => entry.narrow(told.filters[key] || null));
      if (app.item && !app.item.entry.keeps(app.item.feature.properties)) guatu.deselect(app, { tell: true });
      if (told.fit && JSON.stringify(told.fit) !== JSON.stringify(app.fit)) {
        const [west, south, east, north] = told.fit;
        app.map.fitBounds([[south, west], [north, east]], { padding: [20, 20] });
      }
      app.fit = told.fit;
      return followSelection(app, told.selected);
    }).catch((error) => guatu.fail(error.message));
  };

  /** Return what a test or a curious person wants to know of the map. */
  guatu.inspect = function () {
    const { app } = guatu;
    const layers = {};
    app.entries.forEach((entry, key) => {
      const { all, seen } = entry.tally();
      layers[key] = { count: seen === null ? all : seen, all, shown: entry.shown, error: entry.error, state: entry.state };
    });
    const center = app.map.getCenter();
    return { layers, selected: app.selected, zoom: app.map.getZoom(), center: [center.lat, center.lng],
      measured: guatu.measure.of(app.measure.points), points: app.measure.points.map((at) => [at.lng, at.lat]) };
  };
})(window.guatu);
