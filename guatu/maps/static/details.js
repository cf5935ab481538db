// One feature at a time: its name under the pointer, its fields on a click, its outline while it is selected.
(function (guatu) {
  'use strict';

  const ACCENT = '#0F5C6E';
  const HALO = '#FFFFFF';
  const PANE = 'guatu-highlight';
  const SELECTION_ZOOM = 17;
  const POINT_ZOOM = 18;
  const SHEET_SHARE = 0.5;
  const FREE_EDGE = 24;
  const POPUP_ROOM = 360;
  const POPUP_WIDTH = 320;
  const REST_MS = 80;

  function choice(field, value) {
    return field.choices[String(value)] || String(value);
  }

  function written(field, value) {
    const told = guatu.told(value);
    if (Object.keys(field.choices).length) return choice(field, told);
    if (typeof told === 'boolean') return guatu.say(told ? 'yes' : 'no');
    const text = field.kind === 'number' && typeof told === 'number' ? guatu.number(told) : String(told);
    return field.unit ? text + ' ' + field.unit : text;
  }

  guatu.written = written;

  function measures(properties) {
    const rows = [];
    if (properties._m2 !== undefined) {
      const parts = [[properties._mu, 2, 'mu'], [properties._m2, 2, 'm2'], [properties._ha, 4, 'ha']];
      rows.push([guatu.say('area'), parts.map(([n, places, unit]) => guatu.number(n, places) + ' ' + guatu.say(unit)).join('\n')]);
    }
    if (properties._m !== undefined) rows.push([guatu.say('length'), guatu.number(properties._m, 1) + ' ' + guatu.say('m')]);
    return rows;
  }

  function rows(entry, properties) {
    const said = entry.spec.fields
      .filter((field) => field.key !== entry.spec.name && properties[field.key] !== undefined)
      .filter((field) => !(field.basis && properties[field.key] === 'schematic'))
      .map((field) => [field.label, written(field, properties[field.key])]);
    return [...measures(properties), ...said];
  }

  function card(app, item, others) {
    const { entry, feature: { properties } } = item;
    const kicker = guatu.make('div', { class: 'guatu-kicker' }, [guatu.swatch(item.paint, item.kind), entry.spec.title]);
    const badge = properties.geom_basis === 'schematic'
      ? guatu.make('span', { class: 'guatu-mark', text: guatu.say('schematic') }) : null;
    const list = guatu.make('dl', {}, rows(entry, properties).flatMap(([label, value]) => [
      guatu.make('dt', { text: label }), guatu.make('dd', { text: value }),
    ]));
    const zoom = guatu.make('button', { type: 'button', class: 'guatu-text', text: guatu.say('zoomTo'), onclick: () => guatu.goTo(app, item) });
    return guatu.make('div', { class: 'guatu-card' }, [
      kicker, guatu.make('h2', { text: guatu.nameOf(entry, properties) }), badge, list, zoom, also(app, item, others),
    ]);
  }

  function also(app, shown, others) {
    if (!others.length) return null;
    const beside = (item) => [shown, ...others].filter((other) => other !== item);
    return guatu.make('div', { class: 'guatu-also' }, [guatu.make('div', { class: 'guatu-quiet', text: guatu.say('also') }),
      ...others.slice(0, 6).map((item) => guatu.make('button', {
        type: 'button', onclick: () => guatu.select(app, item, { from: 'map', at: app.popupAt, others: beside(item) }),
      }, [guatu.swatch(item.paint, item.kind), guatu.nameOf(item.entry, item.feature.properties)]))]);
  }

  /** Show a feature's card: a popup where it lies, or on a phone a sheet at the bottom. */
  function openCard(app, item, at, others) {
    app.popupAt = at;
    if (guatu.isPhone()) openSheet(app, card(app, item, others));
    else openPopup(app, card(app, item, others), at);
  }

  function openSheet(app, content) {
    const close = guatu.make('button', {
      type: 'button', class: 'guatu-close', 'aria-label': guatu.say('close'), onclick: () => guatu.deselect(app, { tell: true }),
    }, guatu.icon('close'));
    app.sheet = guatu.make('div', { class: 'guatu-ui guatu-sheet' }, [close, content]);
    app.place(app.sheet);
    // The sheet takes the lower half: what was tapped there comes up into the free one.
    const point = app.map.latLngToContainerPoint(app.popupAt);
    const free = app.map.getSize().y * (1 - SHEET_SHARE);
    if (point.y > free - FREE_EDGE) app.map.panBy([0, point.y - free / 2], { animate: false });
  }

  function openPopup(app, content, at) {
    const size = app.map.getSize();
    app.popup = L.popup({
      className: 'guatu-popup', maxWidth: Math.min(POPUP_WIDTH, size.x - 40), minWidth: Math.min(240, size.x - 60),
      maxHeight: Math.max(160, Math.min(420, size.y * 0.62)), autoPanPaddingTopLeft: [56, 56], autoPanPaddingBottomRight: [guatu.panel.width(app) + 12, 40],
      closeOnClick: false,
    }).setLatLng(at).setContent(content).openOn(app.map);
  }

  function outline(item) {
    const line = function (colour, weight) {
      return L.geoJSON(item.feature, {
        pane: PANE, interactive: false,
        style: { color: colour, weight, fill: false, opacity: 1, interactive: false },
        pointToLayer: (_, at) => L.circleMarker(at, { pane: PANE, radius: item.paint.radius + 4, color: colour, weight, fill: false, interactive: false }),
      });
    };
    const own = item.kind === 'line' ? item.paint.weight : 0;
    return item.kind === 'line'
      ? L.layerGroup([line(HALO, own + 9), line(ACCENT, own + 5), line(item.paint.colour, own)])
      : L.layerGroup([line(HALO, 8), line(ACCENT, 4)]);
  }

  function topOf(item) {
    const bounds = guatu.boundsOf(item);
    return [bounds.getNorth(), bounds.getCenter().lng];
  }

  function flag(app, item) {
    const text = guatu.nameOf(item.entry, item.feature.properties);
    return L.tooltip({ permanent: true, direction: 'top', className: 'guatu-tip guatu-flag', offset: [0, -6] })
      .setLatLng(item.kind === 'polygon' ? topOf(item) : guatu.anchorOf(item)).setContent(guatu.make('b', { text }));
  }

  function clear(app) {
    if (app.highlight) app.highlight.remove();
    if (app.flag) app.flag.remove();
    if (app.popup) app.popup.remove();
    if (app.sheet) app.sheet.remove();
    app.highlight = app.flag = app.popup = app.sheet = null;
    app.selected = app.item = null;
  }

  /** Go to an item; `above` leaves room over it for its popup. */
  guatu.goTo = function (app, item, { above = false } = {}) {
    const bounds = guatu.boundsOf(item);
    // A phone's card takes the lower half, so the feature goes into the upper one.
    const below = guatu.isPhone() ? [20, app.map.getSize().y * SHEET_SHARE + 10] : [guatu.panel.width(app) + 40, 60];
    const top = above && !guatu.isPhone() ? Math.min(POPUP_ROOM, app.map.getSize().y * 0.5) : 80;
    app.map.fitBounds(bounds, {
      animate: false, paddingTopLeft: guatu.isPhone() ? [60, 60] : [80, top], paddingBottomRight: below,
      maxZoom: item.kind === 'point' ? POINT_ZOOM : SELECTION_ZOOM,
    });
  };

  /** Tell Python what was clicked; in a page without Streamlit nobody is there to tell. */
  function report(app, pair) {
    app.clicks += 1;
    app.reported = pair;
    if (window.Streamlit) window.Streamlit.setComponentValue({ layer: pair && pair[0], feature: pair && pair[1], count: app.clicks });
  }

  /** Select an item: outline it, tell about it, and go there unless it was clicked where it is. */
  guatu.select = function (app, item, { from, at = null, others = [] }) {
    const { entry, feature: { properties } } = item;
    clear(app);
    entry.show(true);
    app.selected = [entry.spec.key, properties._id];
    app.item = item;
    app.highlight = outline(item).addTo(app.map);
    if (from !== 'map') guatu.goTo(app, item, { above: from !== 'python' });
    if (from === 'python') {
      app.flag = flag(app, item).addTo(app.map);
      // On a phone the table lies below the map: what was tapped there is shown up here.
      if (guatu.isPhone() && window.frameElement) window.frameElement.scrollIntoView({ block: 'center' });
    } else openCard(app, item, at || guatu.anchorOf(item), others);
    if (from !== 'python') report(app, referred(entry, properties));
    guatu.address.write(app);
  };

  function referred(entry, properties) {
    if (!entry.spec.refers || properties._feature === undefined) return [entry.spec.key, properties._id];
    return [entry.spec.refers, properties._feature];
  }

  guatu.deselect = function (app, { tell }) {
    if (!app.selected) return;
    clear(app);
    if (tell) report(app, null);
    guatu.address.write(app);
  };

  function hover(app) {
    const tip = L.tooltip({ className: 'guatu-tip', direction: 'top', offset: [0, -8] });
    let waiting = 0;
    let resting = 0;
    const stop = function () {
      cancelAnimationFrame(waiting);
      window.clearTimeout(resting);
      waiting = resting = 0;
    };
    const hide = function () {
      stop();
      tip.remove();
      app.map.getContainer().classList.remove('guatu-over');
    };
    const show = function (latlng, item) {
      app.map.getContainer().classList.toggle('guatu-over', Boolean(item));
      if (!item) {
        tip.remove();
        return;
      }
      const { properties } = item.feature;
      tip.setLatLng(latlng).setContent(guatu.make('div', {}, [
        guatu.make('b', { text: guatu.nameOf(item.entry, properties) }),
        guatu.make('span', { text: guatu.headline(properties) }),
      ]));
      if (!app.map.hasLayer(tip)) tip.addTo(app.map);
    };
    // What only the server knows, a large layer's areas or its overview, is asked for where the pointer rests.
    const rest = async function (latlng) {
      const mine = resting;
      const [item] = await guatu.askAt(app, latlng);
      if (resting === mine && !app.measuring) show(latlng, item);
    };
    const look = function (latlng) {
      const item = app.measuring ? null : guatu.itemsAt(app, latlng)[0];
      show(latlng, item);
      if (!app.measuring && guatu.asking(app, item)) resting = window.setTimeout(() => rest(latlng), REST_MS);
    };
    app.map.on('mousemove', (event) => {
      stop();
      if (app.map.dragging.moving()) return;
      const over = event.originalEvent.target;
      const onMap = !(over.closest && over.closest('.leaflet-control, .guatu-ui, .leaflet-popup'));
      waiting = requestAnimationFrame(() => (onMap ? look(event.latlng) : hide()));
    });
    app.map.on('mouseout zoomstart movestart', hide);
  }

  guatu.details = {
    install(app) {
      app.map.createPane(PANE).style.zIndex = 590;
      app.map.getPane(PANE).style.pointerEvents = 'none';
      if (window.matchMedia('(hover: hover)').matches) hover(app);
      let clicked = 0;
      app.map.on('click', async (event) => {
        if (app.measuring) return;
        clicked += 1;
        const mine = clicked;
        const [item, ...others] = await guatu.askAt(app, event.latlng);
        if (mine !== clicked || app.measuring) return;
        if (item) guatu.select(app, item, { from: 'map', at: event.latlng, others });
        else guatu.deselect(app, { tell: true });
      });
      document.addEventListener('keydown', (event) => { if (event.key === 'Escape' && !app.measuring) guatu.deselect(app, { tell: true }); });
      app.map.on('popupclose', (event) => {
        // Closing the popup by its own cross ends the selection; replacing it doesn't.
        if (event.popup === app.popup) window.setTimeout(() => { if (event.popup === app.popup) guatu.deselect(app, { tell: true }); });
      });
    },
  };
})(window.guatu);
