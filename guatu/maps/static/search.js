// Find a feature by name, number or alias in every layer, shown or not; large layers are searched by the server.
(function (guatu) {
  'use strict';

  const MOST = 30;
  const TYPING_MS = 150;
  const SEPARATORS = /[;；,，、]/;

  function plain(text) {
    return String(text).normalize('NFKC').toLowerCase().replace(/\s+/g, '');
  }

  /** Return what a feature answers to: name, id, aliases. */
  function answersTo(entry, properties) {
    const aliases = entry.spec.aliases ? String(properties[entry.spec.aliases] || '').split(SEPARATORS) : [];
    return [guatu.told(properties._name), properties._id, ...aliases].filter(Boolean).map(String);
  }

  function score(query, words) {
    return Math.min(...words.map((word, i) => {
      const at = plain(word).indexOf(query);
      if (at < 0) return Infinity;
      return (plain(word) === query ? 0 : at === 0 ? 2 : 4) + (i > 1 ? 1 : 0);
    }));
  }

  function among(entry, query) {
    return entry.items.map((item) => {
      const { properties } = item.feature;
      const words = answersTo(entry, properties);
      const by = words.find((word) => plain(word).includes(query));
      return { entry, id: properties._id, name: guatu.nameOf(entry, properties), by, paint: item.paint, kind: item.kind, score: score(query, words) };
    }).filter((one) => Number.isFinite(one.score));
  }

  /** Return what a text finds, best first, each {entry, id, name, by, paint, kind, score}; as a promise. */
  async function find(app, text) {
    const query = plain(text);
    if (!query) return [];
    const found = await Promise.all([...app.entries.values()].map((entry) => (entry.named ? entry.named(text) : among(entry, query))));
    return found.flat().sort((one, other) => one.score - other.score || other.entry.rank - one.entry.rank);
  }

  function line({ entry, name, by, paint, kind }, act) {
    return guatu.make('button', { type: 'button', role: 'option', class: 'guatu-result', onclick: act }, [
      guatu.swatch(paint, kind),
      guatu.make('span', { class: 'guatu-title' }, [guatu.make('b', { text: name }), by !== name ? guatu.make('i', { text: by }) : null]),
      guatu.make('span', { class: 'guatu-quiet', text: entry.spec.title }),
    ]);
  }

  guatu.search = {
    find,
    install(app) {
      const input = guatu.make('input', {
        type: 'search', placeholder: guatu.say('search'), 'aria-label': guatu.say('search'), autocomplete: 'off', enterkeyhint: 'search',
      });
      const list = guatu.make('div', { class: 'guatu-results', role: 'listbox', hidden: true });
      const root = guatu.make('div', { class: 'guatu-ui guatu-search', role: 'search' }, [guatu.icon('search'), input, list]);

      // Answers may come in another order than the questions, or too late: only the latest question's counts.
      let latest = 0;
      const close = function () {
        latest += 1;
        list.hidden = true;
      };
      const choose = async function ({ entry, id }) {
        close();
        input.blur();
        const item = await entry.one(id);
        if (item) guatu.select(app, item, { from: 'search' });
      };
      const asked = async function (query) {
        latest += 1;
        const mine = latest;
        if ([...app.entries.values()].some((entry) => entry.named)) await new Promise((resolve) => { window.setTimeout(resolve, TYPING_MS); });
        const found = mine === latest && await find(app, query);
        return mine === latest ? found : null;
      };
      const show = async function () {
        const query = input.value.trim();
        if (!query) { close(); return; }
        const found = await asked(query);
        if (!found) return;
        const lines = found.slice(0, MOST).map((one) => line(one, () => choose(one)));
        if (!found.length) lines.push(guatu.make('p', { class: 'guatu-quiet', role: 'status', text: guatu.say('nothing', { query }) }));
        if (found.length > MOST) lines.push(guatu.make('p', { class: 'guatu-quiet', text: guatu.say('more', { n: found.length - MOST }) }));
        list.replaceChildren(...lines);
        list.hidden = false;
      };
      const move = function (step) {
        const lines = [...list.querySelectorAll('button')];
        const at = lines.indexOf(document.activeElement) + step;
        if (at < 0) input.focus();
        else if (lines[at]) lines[at].focus();
      };
      // While an input method composes, the text is not yet the user's: neither search it nor take its Enter.
      input.addEventListener('input', (event) => { if (!event.isComposing) show(); });
      input.addEventListener('compositionend', show);
      input.addEventListener('focus', show);
      root.addEventListener('keydown', (event) => {
        if (event.isComposing || event.keyCode === 229) return;
        if (event.key === 'ArrowDown') { event.preventDefault(); move(1); }
        if (event.key === 'ArrowUp') { event.preventDefault(); move(-1); }
        if (event.key === 'Escape') { input.focus(); close(); }
        if (event.key === 'Enter' && event.target === input) {
          const query = input.value.trim();
          asked(query).then((found) => { if (found && found.length) choose(found[0]); else if (found) show(); });
        }
      });
      app.map.on('click movestart', close);
      app.place(root);
    },
  };
})(window.guatu);
