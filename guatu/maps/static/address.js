// View, toggles and selection in the address, so that a link opens the same map. Written without a rerun.
(function (guatu) {
  'use strict';

  const DECIMALS = 6;

  /** Return the window whose address the user sees: the app's around the map, or the page itself. */
  function bar() {
    try {
      if (window.parent !== window && window.parent.location.href) return window.parent;
    } catch (error) {
      // Another origin around us: its address isn't ours to read.
    }
    return window;
  }

  function parameters() {
    return new URLSearchParams(bar().location.search);
  }

  function keys(text) {
    return text ? text.split(',').filter(Boolean) : [];
  }

  guatu.address = {
    /** Return what the link asks for: {view: {center, zoom} or null, on, off, selected}. */
    read() {
      const given = parameters();
      const point = (given.get('ll') || '').split(',').map(Number);
      const zoom = Number(given.get('z'));
      const sel = given.get('sel') || '';
      const colon = sel.indexOf(':');
      return {
        view: point.length === 2 && point.every(Number.isFinite) && zoom > 0 && Math.abs(point[0]) <= 90
          ? { center: point, zoom } : null,
        on: keys(given.get('on')),
        off: keys(given.get('off')),
        selected: colon > 0 ? [sel.slice(0, colon), sel.slice(colon + 1)] : null,
      };
    },

    /** Return the address with the map's view, toggles and selection, all other parameters kept. */
    link(app) {
      const given = parameters();
      const center = app.map.getCenter();
      const entries = [...app.entries.values()];
      const set = function (name, value) {
        if (value) given.set(name, value);
        else given.delete(name);
      };
      const off = entries.filter((one) => one.spec.shown && !one.shown).map((one) => one.spec.key);
      const on = entries.filter((one) => !one.spec.shown && one.shown).map((one) => one.spec.key);
      set('ll', center.lat.toFixed(DECIMALS) + ',' + center.lng.toFixed(DECIMALS));
      set('z', String(app.map.getZoom()));
      set('off', off.join(','));
      set('on', on.join(','));
      set('sel', app.selected ? app.selected.join(':') : '');
      // Commas and colons are readable in a query and need no escape there.
      const query = given.toString().replace(/%2C/g, ',').replace(/%3A/g, ':');
      const location = bar().location;
      return location.href.split(/[?#]/)[0] + '?' + query + location.hash;
    },

    write(app) {
      const target = bar();
      try {
        target.history.replaceState(target.history.state, '', guatu.address.link(app));
      } catch (error) {
        // A page opened from disk may not rewrite its address; the map works without.
      }
    },
  };
})(window.guatu);
