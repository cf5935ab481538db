// Lengths and areas on screen, geodesic on the CGCS2000 ellipsoid; for reference, never of record.
(function (guatu) {
  'use strict';

  const A_M = 6378137;
  const F = 1 / 298.257222101;
  const COLOUR = '#8C1D18';
  const PANE = 'guatu-measure';
  const SAME_PX = 6;
  let ellipsoid = null;

  function geoid() {
    ellipsoid = ellipsoid || new window.geodesic.Geodesic.Geodesic(A_M, F);
    return ellipsoid;
  }

  /** Return {length, area} of a path of points: metres along it, and m² inside it from three points on. */
  function measured(points) {
    let length = 0;
    const ring = geoid().Polygon(false);
    points.forEach((point, i) => {
      ring.AddPoint(point.lat, point.lng);
      if (i) length += geoid().Inverse(points[i - 1].lat, points[i - 1].lng, point.lat, point.lng).s12;
    });
    return { length, area: points.length > 2 ? Math.abs(ring.Compute(false, true).area) : null };
  }

  class Measuring {
    constructor(app) {
      this.app = app;
      this.points = [];
      this.done = false;
      this.drawing = L.layerGroup();
      this.hint = guatu.make('div', { class: 'guatu-quiet' });
      this.result = guatu.make('output', { class: 'guatu-measured' });
      const button = (key, act) => guatu.make('button', { type: 'button', class: 'guatu-text', text: guatu.say(key), onclick: act });
      this.ender = button('finish', () => this.finish());
      this.card = guatu.make('div', { class: 'guatu-ui guatu-measure', hidden: true }, [
        this.hint, this.result, guatu.make('div', { class: 'guatu-actions' }, [
          button('undo', () => this.undo()), this.ender, button('clear', () => this.stop()),
        ]), guatu.make('div', { class: 'guatu-quiet', text: guatu.say('forReference') }),
      ]);
    }

    start() {
      this.clear();
      guatu.deselect(this.app, { tell: true });
      this.app.measuring = true;
      this.app.map.doubleClickZoom.disable();
      this.app.map.getContainer().classList.add('guatu-measuring');
      this.drawing.addTo(this.app.map);
      this.card.hidden = false;
      this.draw();
    }

    stop() {
      this.app.measuring = false;
      this.app.map.doubleClickZoom.enable();
      this.app.map.getContainer().classList.remove('guatu-measuring');
      this.drawing.remove();
      this.card.hidden = true;
      this.clear();
      this.button.setAttribute('aria-pressed', 'false');
    }

    clear() {
      this.points = [];
      this.done = false;
      this.drawing.clearLayers();
    }

    add(latlng) {
      if (this.done) this.clear();
      const last = this.points[this.points.length - 1];
      const map = this.app.map;
      this.repeated = Boolean(last) && map.latLngToContainerPoint(last).distanceTo(map.latLngToContainerPoint(latlng)) < SAME_PX;
      if (this.repeated) return;
      this.points.push(latlng);
      this.draw();
    }

    undo() {
      this.done = false;
      this.points.pop();
      this.draw();
    }

    finish() {
      this.done = true;
      this.draw();
    }

    draw(pointer) {
      const points = pointer && !this.done ? [...this.points, pointer] : this.points;
      const path = { pane: PANE, color: COLOUR, weight: 2.5, fillOpacity: 0.12, interactive: false };
      this.drawing.clearLayers();
      if (points.length > 2) this.drawing.addLayer(L.polygon(points, { ...path, dashArray: this.done ? null : '5 5' }));
      if (points.length > 1) this.drawing.addLayer(L.polyline(points, path));
      this.points.forEach((at) => this.drawing.addLayer(L.circleMarker(at, { ...path, radius: 4, fillColor: '#fff', fillOpacity: 1 })));
      this.tell(points);
    }

    tell(points) {
      const { length, area } = measured(points);
      const lines = points.length > 1 ? [guatu.say('length') + ' ' + guatu.showLength(length)] : [];
      if (area !== null) lines.push(guatu.say('area') + ' ' + guatu.showArea(area));
      this.ender.disabled = this.points.length < 2;
      this.hint.textContent = this.points.length ? '' : guatu.say('measuring');
      this.result.textContent = lines.join('\n');
    }
  }

  guatu.measure = {
    of: measured,
    install(app) {
      app.map.createPane(PANE).style.zIndex = 640;
      app.map.getPane(PANE).style.pointerEvents = 'none';
      const tool = new Measuring(app);
      app.measure = tool;
      app.place(tool.card);
      app.map.on('click', (event) => { if (app.measuring) tool.add(event.latlng); });
      // On a touch screen two quick taps count as a double click wherever they fall; only one place twice ends the path.
      app.map.on('dblclick', () => { if (app.measuring && tool.repeated) tool.finish(); });
      app.map.on('mousemove', (event) => { if (app.measuring && tool.points.length && !tool.done) tool.draw(event.latlng); });
      document.addEventListener('keydown', (event) => { if (event.key === 'Escape' && app.measuring) tool.stop(); });
      return tool;
    },
  };
})(window.guatu);
