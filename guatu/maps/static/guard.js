// Loaded before everything else: the namespace, and the message a user sees when another script doesn't arrive.
window.guatu = window.guatu || {};
(function (guatu) {
  'use strict';

  const WAIT_MS = 15000;
  const SAYS = {
    zh: ['地图脚本未能加载', '请刷新页面;若仍出现,请把下面一行告知维护人员。'],
    en: ['The map’s scripts couldn’t be loaded', 'Reload the page; if it happens again, report the line below.'],
  };

  function language() {
    try {
      return /[?&]lang=en\b/.test(window.parent.location.search) ? 'en' : 'zh';
    } catch (error) {
      return 'zh';
    }
  }

  /** Cover the page with a message; `reason` is shown as it is. */
  guatu.fail = function (reason) {
    if (document.getElementById('guatu-failed')) return;
    const box = document.createElement('div');
    box.id = 'guatu-failed';
    box.setAttribute('role', 'alert');
    // The style sheet may be what is missing, so the message brings its own look.
    box.style.cssText = 'position:fixed;inset:0;z-index:99999;display:flex;flex-direction:column;align-items:center;' +
      'justify-content:center;gap:8px;padding:24px;background:#F4F1EA;color:#1B2A2E;text-align:center;' +
      'font:16px/1.6 "Microsoft YaHei","PingFang SC",sans-serif';
    const words = SAYS[language()];
    [['strong', words[0]], ['span', words[1]], ['code', reason || '']].forEach(function (line) {
      const element = document.createElement(line[0]);
      element.textContent = line[1];
      box.appendChild(element);
    });
    document.body.appendChild(box);
  };

  /** Take the message away: the scripts came late, but they came. */
  guatu.unfail = function () {
    const box = document.getElementById('guatu-failed');
    if (box) box.remove();
  };

  window.addEventListener('error', function (event) {
    const target = event.target;
    if (target && target.tagName === 'SCRIPT') guatu.fail(target.getAttribute('src'));
    else if (!guatu.opened) guatu.fail(event.message);
  }, true);
  window.setTimeout(function () {
    if (!guatu.opened) guatu.fail('timeout');
  }, WAIT_MS);

  guatu.ready = new Promise(function (resolve) {
    guatu.resolveReady = resolve;
  });
})(window.guatu);
