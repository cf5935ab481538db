// What the map says, how it writes numbers, and how elements are made. Text from data only ever enters as text.
(function (guatu) {
  'use strict';

  const WORDS = {
    zh: {
      panel: '图层与图例', layers: '图层', close: '收起', search: '按名称、编号、别名查找', clear: '清除',
      nothing: '没有找到“{query}”', more: '另有 {n} 个,请输入更多字', retry: '重试', failed: '未能载入',
      loading: '载入中…', area: '面积', length: '长度', mu: '亩', m2: 'm²', ha: '公顷', m: '米', km: '公里',
      schematic: '示意数据 非实测', also: '此处还有', zoomTo: '缩放至此', zoomIn: '放大', zoomOut: '缩小', home: '复位',
      measure: '量算', link: '复制链接', copied: '链接已复制', notCopied: '请手动复制:', measuring: '点击地图逐点量算',
      finish: '完成', forReference: '图上量算,仅供参考', centre: '中心', basemap: '底图', noBasemap: '无底图',
      tilesFailed: '底图未能载入', notGeojson: '返回的不是图层数据', noAnswer: '服务器没有应答', toggleGroup: '显示或隐藏整组',
      undo: '退回一点', other: '其他', yes: '是', no: '否', map: '地图',
    },
    en: {
      panel: 'Layers and legend', layers: 'Layers', close: 'Collapse', search: 'Find by name, number or alias',
      clear: 'Clear', nothing: 'Nothing found for “{query}”', more: '{n} more; type further', retry: 'Retry',
      failed: 'Not loaded', loading: 'Loading…', area: 'Area', length: 'Length', mu: 'mu', m2: 'm²', ha: 'ha', m: 'm',
      km: 'km', schematic: 'Schematic, not surveyed', also: 'Also here', zoomTo: 'Zoom to it', zoomIn: 'Zoom in',
      zoomOut: 'Zoom out', home: 'Home', measure: 'Measure', link: 'Copy link', copied: 'Link copied',
      notCopied: 'Copy this by hand:', measuring: 'Click points on the map', finish: 'Done',
      forReference: 'Measured on screen, for reference', centre: 'Centre', basemap: 'Basemap', noBasemap: 'No basemap',
      tilesFailed: 'The basemap couldn’t be loaded', notGeojson: 'What came back is no layer',
      noAnswer: 'The server doesn’t answer', toggleGroup: 'Show or hide the group', undo: 'Undo point', other: 'Other',
      yes: 'yes', no: 'no', map: 'Map',
    },
  };

  guatu.say = function (key, values) {
    const words = WORDS[guatu.language || 'zh'][key];
    return words.replace(/\{(\w+)\}/g, function (_, name) { return String(values[name]); });
  };

  /** Return a value in the map's language: data may hold {zh, en}. */
  guatu.told = function (value) {
    return value && typeof value === 'object' && 'zh' in value ? value[guatu.language] : value;
  };

  /** Make an element: attributes by name, `on…` as listeners, children as nodes or text. */
  guatu.make = function (tag, attributes, children) {
    const element = document.createElement(tag);
    Object.entries(attributes || {}).forEach(function ([name, value]) {
      if (value === null || value === undefined || value === false) return;
      if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
      else if (name === 'text') element.textContent = value;
      else element.setAttribute(name, value === true ? '' : value);
    });
    [].concat(children || []).forEach(function (child) {
      if (child !== null && child !== undefined) element.append(child);
    });
    return element;
  };

  /** Write a number with thousands apart; with `places`, exactly so many decimals. */
  guatu.number = function (value, places) {
    const fixed = places === undefined ? String(value) : value.toFixed(places);
    const parts = fixed.split('.');
    parts[0] = parts[0].replace(/\B(?=(\d{3})+(?!\d))/g, ',');
    return parts.join('.');
  };

  const MU_PER_M2 = 3 / 2000;

  guatu.showLength = function (metres) {
    return metres < 1000 ? guatu.number(metres, 1) + ' ' + guatu.say('m')
      : guatu.number(metres / 1000, 3) + ' ' + guatu.say('km');
  };

  guatu.showArea = function (m2) {
    return guatu.number(m2 * MU_PER_M2, 2) + ' ' + guatu.say('mu') + ' · ' + guatu.number(m2, m2 < 1e6 ? 1 : 0) + ' m²';
  };

  /** Return the one number a feature is known by: mu for an area, metres for a line; computed by the server. */
  guatu.headline = function (properties) {
    if (properties._mu !== undefined) return guatu.number(properties._mu, 2) + ' ' + guatu.say('mu');
    if (properties._m !== undefined) return guatu.number(properties._m, 1) + ' ' + guatu.say('m');
    return '';
  };

  guatu.nameOf = function (entry, properties) {
    const name = guatu.told(properties._name);
    return name === undefined || name === null || name === '' ? entry.spec.title + ' ' + properties._id : String(name);
  };

  guatu.isPhone = function () {
    return window.matchMedia('(max-width: 699px)').matches;
  };

  const ICONS = {
    plus: 'M12 5v14M5 12h14', minus: 'M5 12h14', home: 'M4 11l8-7 8 7M6 10v10h12V10',
    ruler: 'M3 16L16 3l5 5L8 21zM7 12l2 2M10 9l3 3M13 6l2 2',
    link: 'M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1',
    layers: 'M12 3l9 5-9 5-9-5zM3 12l9 5 9-5M3 16l9 5 9-5', search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5',
    close: 'M6 6l12 12M18 6L6 18', up: 'M6 15l6-6 6 6',
  };

  guatu.icon = function (name) {
    const svg = guatu.svg('svg', { viewBox: '0 0 24 24', class: 'guatu-icon', 'aria-hidden': 'true' });
    svg.append(guatu.svg('path', { d: ICONS[name] }));
    return svg;
  };

  guatu.svg = function (tag, attributes) {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
    Object.entries(attributes || {}).forEach(function ([name, value]) { element.setAttribute(name, value); });
    return element;
  };
})(window.guatu);
