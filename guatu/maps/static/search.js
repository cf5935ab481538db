// Find a feature by name, number or alias in every layer, shown or not.
(function (guatu) {
  'use strict';

  const MOST = 30;
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

  function find(app, text) {
    const query = plain(text);
    if (!query) return [];
    return [...app.entries.values()].flatMap((entry) => entry.items.map((item) => {
      const words = answersTo(entry, item.feature.properties);
      return { item, words, score: score(query, words), rank: entry.rank };
    })).filter((one) => Number.isFinite(one.score)).sort((one, other) => one.score - other.score || other.rank - one.rank);
  }

  function line(app, found, query, choose) {
    const { item, words } = found;
    const { entry, feature: { properties } } = item;
    const name = guatu.nameOf(entry, properties);
    const by = words.find((word) => plain(word).includes(plain(query)));
    return guatu.make('button', { type: 'button', role: 'option', class: 'guatu-result', onclick: () => choose(item) }, [
      guatu.swatch(item.paint, item.kind),
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

      const close = function () { list.hidden = true; };
      const choose = function (item) {
        close();
        input.blur();
        guatu.select(app, item, { from: 'search' });
      };
      const show = function () {
        const query = input.value.trim();
        if (!query) { close(); return; }
        const found = find(app, query);
        const lines = found.slice(0, MOST).map((one) => line(app, one, query, choose));
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
          const found = find(app, input.value.trim());
          if (found.length) choose(found[0].item);
          else show();
        }
      });
      app.map.on('click movestart', close);
      app.place(root);
    },
  };
})(window.guatu);
