// The one panel: groups, layers, their signs and counts, what couldn't be loaded; the legend is the switchboard.
(function (guatu) {
  'use strict';

  // Narrower than this, an open panel would hide a quarter of the map.
  const ROOMY_PX = 1100;

  // What only the server can count isn't known at once: null.
  function count({ seen, all }) {
    const known = [seen, all].filter((n) => n !== null).map((n) => guatu.number(n));
    return seen === all ? known.slice(1).join() : known.join(' / ');
  }

  function classRows(entry) {
    const { style } = entry.spec;
    if (!style.by) return [];
    const listed = style.classes.map((one) => [one.value, one.label, one.paint]);
    return [...listed, [null, guatu.say('other'), style.paint]]
      .map(([value, label, paint]) => ({ label, paint, tally: entry.tallyOf(value) }))
      .filter((row) => row.tally.all !== 0)
      .map((row) => guatu.make('li', {}, [
        guatu.swatch(row.paint, entry.kind), guatu.make('span', { text: row.label }),
        guatu.make('span', { class: 'guatu-count', text: count(row.tally) }),
      ]));
  }

  /** One layer's row; `update` brings it to the layer's present state without rebuilding it, so focus stays. */
  function row(app, entry) {
    const box = guatu.make('input', { type: 'checkbox', onchange: () => { entry.show(box.checked); guatu.address.write(app); } });
    const sign = guatu.make('span', { class: 'guatu-sign' });
    const number = guatu.make('span', { class: 'guatu-count' });
    const classes = guatu.make('ul', { class: 'guatu-classes' });
    const reason = guatu.make('span');
    const retry = guatu.make('button', { type: 'button', class: 'guatu-text', text: guatu.say('retry'), onclick: () => entry.load() });
    const trouble = guatu.make('div', { class: 'guatu-trouble', role: 'status' }, [reason, ' ', retry]);
    const element = guatu.make('div', { class: 'guatu-layer', 'data-layer': entry.spec.key }, [
      guatu.make('label', {}, [box, sign, guatu.make('span', { class: 'guatu-title', text: entry.spec.title }), number]),
      classes, trouble,
    ]);
    const update = function () {
      box.checked = entry.shown;
      element.classList.toggle('guatu-off', !entry.shown);
      const rows = entry.shown ? classRows(entry) : [];
      sign.replaceChildren(...(rows.length ? [] : [guatu.swatch(entry.spec.style.paint, entry.kind)]));
      classes.replaceChildren(...rows);
      number.textContent = entry.state === 'ready' ? count(entry.tally()) : '';
      if (entry.state === 'loading') number.textContent = guatu.say('loading');
      trouble.hidden = entry.state !== 'error';
      reason.textContent = entry.error ? guatu.say('failed') + ': ' + entry.error : '';
    };
    return { element, update };
  }

  function group(app, title, entries) {
    const box = guatu.make('input', {
      type: 'checkbox', 'aria-label': guatu.say('toggleGroup') + ' ' + title,
      onchange: () => { entries.forEach((entry) => entry.show(box.checked)); guatu.address.write(app); },
    });
    const rows = entries.map((entry) => row(app, entry));
    const element = guatu.make('section', {}, [
      guatu.make('label', { class: 'guatu-group' }, [box, guatu.make('h3', { text: title })]), ...rows.map((one) => one.element),
    ]);
    const update = function () {
      const shown = entries.filter((entry) => entry.shown).length;
      box.checked = shown === entries.length;
      box.indeterminate = shown > 0 && shown < entries.length;
      rows.forEach((one) => one.update());
    };
    return { element, update };
  }

  function basemaps(app) {
    if (!app.spec.basemaps.length) return null;
    const trouble = guatu.make('div', { class: 'guatu-trouble', role: 'status', hidden: true, text: guatu.say('tilesFailed') });
    const choose = function (spec) {
      if (app.tiles) app.tiles.remove();
      trouble.hidden = true;
      app.tiles = spec && L.tileLayer(spec.url, { maxNativeZoom: spec.maxZoom, maxZoom: 20, attribution: '' })
        .on('tileerror', () => { trouble.hidden = false; }).addTo(app.map);
      app.credit.textContent = spec ? spec.attribution : '';
    };
    const options = [null, ...app.spec.basemaps].map((spec, i) => guatu.make('label', {}, [
      guatu.make('input', { type: 'radio', name: 'guatu-basemap', checked: i === 0, onchange: () => choose(spec) }),
      guatu.make('span', { class: 'guatu-title', text: spec ? spec.title : guatu.say('noBasemap') }),
    ]));
    return guatu.make('section', {}, [
      guatu.make('div', { class: 'guatu-group' }, guatu.make('h3', { text: guatu.say('basemap') })),
      guatu.make('div', { class: 'guatu-layer' }, options), trouble,
    ]);
  }

  function grouped(app) {
    const groups = new Map();
    [...app.entries.values()].sort((one, other) => Number(other.extra || 0) - Number(one.extra || 0)).forEach((entry) => {
      if (!groups.has(entry.spec.group)) groups.set(entry.spec.group, []);
      groups.get(entry.spec.group).push(entry);
    });
    return groups;
  }

  guatu.panel = {
    /** Return how much of the map's right side the open panel covers; on a phone it is only ever open to be used. */
    width(app) {
      const open = app.map.getContainer().querySelector('.guatu-panel:not(.guatu-folded)');
      return open && !guatu.isPhone() ? open.offsetWidth + 10 : 0;
    },

    install(app) {
      const body = guatu.make('div', { class: 'guatu-body', id: 'guatu-panel-body' });
      const toggle = guatu.make('button', {
        type: 'button', class: 'guatu-fold', 'aria-controls': 'guatu-panel-body', onclick: () => { fold(!panel.classList.contains('guatu-folded')); app.changed(); },
      }, [guatu.icon('layers'), guatu.make('span', { text: guatu.say('panel') }), guatu.icon('up')]);
      const panel = guatu.make('aside', { class: 'guatu-ui guatu-panel', 'aria-label': guatu.say('panel') }, [toggle, body]);
      const fold = function (folded) {
        panel.classList.toggle('guatu-folded', folded);
        toggle.setAttribute('aria-expanded', String(!folded));
      };
      let groups = [];
      let known = '';
      const update = function () {
        const now = [...app.entries.keys()].join();
        if (now !== known) {
          known = now;
          groups = [...grouped(app)].map(([title, entries]) => group(app, title, entries));
          body.replaceChildren(...groups.map((one) => one.element), ...[basemaps(app)].filter(Boolean));
        }
        groups.forEach((one) => one.update());
      };
      fold(app.map.getContainer().offsetWidth < ROOMY_PX);
      app.place(panel);
      app.map.on('guatu:changed', update);
      update();
    },
  };
})(window.guatu);
