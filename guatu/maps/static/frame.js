// Around the map: the tool bar, the scale, the coordinates under the pointer, and the badge of schematic data.
(function (guatu) {
  'use strict';

  const DEGREE_DECIMALS = 6;
  const METRE_DECIMALS = 1;
  const NOTICE_MS = 2500;
  const MARGIN = 14;
  const TOOLS_WIDTH = 56;

  function notice(app, text, more) {
    const line = guatu.make('div', { class: 'guatu-ui guatu-notice', role: 'status' }, [text, more]);
    app.place(line);
    window.setTimeout(() => line.remove(), more ? NOTICE_MS * 6 : NOTICE_MS);
  }

  async function copyLink(app) {
    const link = guatu.address.link(app);
    try {
      await navigator.clipboard.writeText(link);
      notice(app, guatu.say('copied'));
    } catch (error) {
      if (copiedOldWay(link)) notice(app, guatu.say('copied'));
      else notice(app, guatu.say('notCopied'), guatu.make('input', { readonly: true, value: link, onfocus: (event) => event.target.select() }));
    }
  }

  // The clipboard API asks for HTTPS, which an intranet page seldom has.
  function copiedOldWay(text) {
    const area = guatu.make('textarea', { class: 'guatu-offscreen' });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand && document.execCommand('copy');
    area.remove();
    return done;
  }

  function button(icon, title, act) {
    return guatu.make('button', { type: 'button', title, 'aria-label': title, onclick: act }, guatu.icon(icon));
  }

  function toolbar(app, tool) {
    const ruler = button('ruler', guatu.say('measure'), () => {
      if (app.measuring) { tool.stop(); return; }
      ruler.setAttribute('aria-pressed', 'true');
      tool.start();
    });
    ruler.setAttribute('aria-pressed', 'false');
    tool.button = ruler;
    const link = app.offline ? null : button('link', guatu.say('link'), () => copyLink(app));
    app.place(guatu.make('div', { class: 'guatu-ui guatu-tools', role: 'toolbar', 'aria-label': guatu.say('map') }, [
      button('plus', guatu.say('zoomIn'), () => app.map.zoomIn()), button('minus', guatu.say('zoomOut'), () => app.map.zoomOut()),
      button('home', guatu.say('home'), () => guatu.home(app)), ruler, link,
    ]));
  }

  /** Fit the data: the shown layers of the map itself, or whatever there is. */
  guatu.home = function (app, { animate = true } = {}) {
    const entries = [...app.entries.values()].filter((entry) => !entry.extra && entry.shown);
    const bounds = L.latLngBounds([]);
    entries.forEach((entry) => { const own = entry.bounds(); if (own.isValid()) bounds.extend(own); });
    const beside = guatu.isPhone() ? [MARGIN, MARGIN] : [TOOLS_WIDTH, guatu.panel.width(app) + MARGIN];
    if (bounds.isValid()) app.map.fitBounds(bounds, { animate, paddingTopLeft: [beside[0], MARGIN], paddingBottomRight: [beside[1], MARGIN * 2] });
  };

  function coordinates(app, element) {
    const show = function (latlng, prefix) {
      const [east, north] = window.proj4(app.spec.plane.proj, [latlng.lng, latlng.lat]);
      element.replaceChildren(
        guatu.make('span', { text: `${prefix}${latlng.lng.toFixed(DEGREE_DECIMALS)}, ${latlng.lat.toFixed(DEGREE_DECIMALS)} CGCS2000` }),
        guatu.make('span', { text: `${app.spec.plane.name} X ${north.toFixed(METRE_DECIMALS)} Y ${east.toFixed(METRE_DECIMALS)}` }));
    };
    const centre = () => show(app.map.getCenter(), guatu.say('centre') + ' ');
    const hovers = window.matchMedia('(hover: hover)').matches && !guatu.isPhone();
    let over = false;
    if (hovers) {
      app.map.on('mousemove', (event) => { over = true; show(event.latlng, ''); });
      app.map.on('mouseout', () => { over = false; centre(); });
    }
    app.map.on('moveend', () => { if (!over) centre(); });
    centre();
  }

  guatu.frame = {
    install(app, tool) {
      toolbar(app, tool);
      const where = guatu.make('span', { class: 'guatu-where' });
      const scale = L.control.scale({ imperial: false, maxWidth: 120 }).addTo(app.map).getContainer();
      app.credit = guatu.make('span', { class: 'guatu-credit' });
      app.place(guatu.make('div', { class: 'guatu-ui guatu-strip' }, [scale, where, app.credit]));
      coordinates(app, where);
      const badge = guatu.make('div', { class: 'guatu-ui guatu-badge', hidden: true, text: guatu.say('schematic') });
      app.place(badge);
      app.map.on('guatu:changed', () => { badge.hidden = ![...app.entries.values()].some((entry) => entry.schematic); });
    },
  };
})(window.guatu);
