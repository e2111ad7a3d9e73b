/* zhiyin.js: page, click, dwell, form and cart events. <script async src=".../zhiyin.js" data-key="zyw_..."></script>
   data-consent="required": nothing is sent or stored before zhiyin.consent(true).
   Do-Not-Track or Global Privacy Control: nothing at all. */
((w, d, n) => {
  const tag = d.currentScript, set = tag.dataset, url = (set.url || new URL(tag.src).origin) + '/v1/batch', memory = {};
  const never = n.globalPrivacyControl === true || n.doNotTrack === '1', required = set.consent === 'required';
  const early = Array.isArray(w.zhiyin) ? w.zhiyin : [];
  let queue = [], busy, timer, tries = 0, since = 0, shown = 0, path, seen;
  const get = k => { try { return localStorage.getItem('zy_' + k) } catch { return memory[k] } };
  const put = (k, v) => {
    try { v == null ? localStorage.removeItem('zy_' + k) : localStorage.setItem('zy_' + k, v) } catch { memory[k] = v }
  };
  let ok = !never && (required ? get('c') === '1' : get('c') !== '0');
  const id = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), x => (x + 256).toString(16).slice(1)).join('');
  const save = () => put('q', queue.length ? JSON.stringify(queue = queue.slice(-200)) : null);
  const origin = u => { try { return new URL(u).origin } catch { return '' } };
  const utm = () => '' + new URLSearchParams([...new URLSearchParams(location.search)].filter(p => /^utm_/.test(p[0])));
  const send = (type, more) => {
    if (!ok) return;
    if (!get('a')) put('a', id());
    queue.push({
      type, messageId: id(), timestamp: new Date().toISOString(), anonymousId: get('a'), userId: get('u') || undefined,
      context: {
        page: { path: location.pathname, search: utm(), referrer: origin(d.referrer) },
        locale: n.language, library: { name: 'zhiyin.js', version: '1' }
      },
      ...more
    });
    save();
    wait(queue.length < 20 ? 1000 : 0);
  };
  const wait = ms => { if (!busy) { clearTimeout(timer); timer = setTimeout(flush, ms) } };
  const body = part => JSON.stringify({ batch: part, writeKey: set.key, sentAt: new Date().toISOString() });
  const flush = () => {
    if (busy || !ok || !queue.length) return;
    const part = queue.slice(0, 50);
    busy = true;
    // text/plain asks no permission in advance (CORS), as sendBeacon.
    fetch(url, { method: 'POST', body: body(part), keepalive: true, headers: { 'Content-Type': 'text/plain' } }).then(r => {
      if (r.status === 429 || r.status >= 500) throw +r.headers.get('Retry-After');
      busy = tries = 0;
      queue = queue.filter(e => !part.includes(e));
      if (ok) save();
      if (queue.length) wait(0);
    }).catch(s => {
      busy = 0;
      wait(s > 0 ? s * 1000 : Math.min(6e4, 1000 * 2 ** tries++));
    });
  };
  const track = (event, properties = {}) => send('track', { event, properties });
  const left = () => {
    if (since) shown += Date.now() - since;
    if (seen && shown >= 100) track('Page Left', { seconds: Math.round(shown / 100) / 10, path });
    since = shown = 0;
  };
  // Nobody says whether a beacon arrived: its events stay in the queue, and the server knows them by their ids.
  const leave = () => {
    left();
    for (let at = 0; ok && at < queue.length; at += 50) n.sendBeacon(url, new Blob([body(queue.slice(at, at + 50))], { type: 'text/plain' }));
  };
  const back = () => { if (!d.hidden && !since) since = Date.now() };
  const product = (e, key) => {
    const told = { product_id: e.dataset[key] };
    for (const k of ['Price', 'Quantity', 'Name', 'Category', 'Currency']) if (e.dataset['zy' + k]) told[k.toLowerCase()] = e.dataset['zy' + k];
    return told;
  };
  const page = (name, properties) => {
    left();
    path = location.pathname;
    seen = ok;
    back();
    send('page', { name, properties: { path, ...properties } });
    d.querySelectorAll('[data-zy-view]').forEach(e => track('Product Viewed', product(e, 'zyView')));
  };
  const api = w.zhiyin = {
    track, page, flush,
    identify: (user, traits = {}) => {
      if (user && typeof user === 'object') [user, traits] = [null, user];
      if (ok && user) put('u', user);
      send('identify', { traits });
    },
    group: (group, traits = {}) => send('group', { groupId: '' + group, traits }),
    reset: () => { put('u'); put('a') },
    consent: yes => {
      const was = ok;
      ok = !never && !!yes;
      if (ok) {
        put('c', 1);
        if (!was) page();
      } else {
        queue = [];
        for (const k of 'auqc') put(k);
        if (!required && !never) put('c', 0);
      }
    },
    push: call => api[call[0]](...call.slice(1))
  };
  if (!never) {
    if (ok) try { queue = JSON.parse(get('q')) || []; wait(0) } catch { }
    d.addEventListener('click', event => {
      const e = event.target.closest('[data-zy-add],[data-zy-remove],[data-zy-event],a,button,[type=submit],[type=button]'), s = e && e.dataset;
      if (!e) return;
      if (s.zyAdd) track('Product Added', product(e, 'zyAdd'));
      else if (s.zyRemove) track('Product Removed', product(e, 'zyRemove'));
      else if (s.zyEvent) track(s.zyEvent, s.zyProduct ? product(e, 'zyProduct') : {});
      else track('Element Clicked', { path, element: e.tagName + (e.id && '#' + e.id) });
    }, true);
    d.addEventListener('submit', event => track('Form Submitted', { path, form: event.target.id }), true);
    d.addEventListener('visibilitychange', () => d.hidden ? leave() : back());
    w.addEventListener('pagehide', leave);
    w.addEventListener('online', flush);
    const moved = () => location.pathname !== path && page(), push = history.pushState;
    history.pushState = (...to) => { push.apply(history, to); moved() };
    w.addEventListener('popstate', moved);
    if (set.page !== 'off') page();
  }
  early.forEach(api.push);
})(window, document, navigator);
