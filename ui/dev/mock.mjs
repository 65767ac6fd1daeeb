// A meter made of paper: the whole HTTP API that the page uses, with live data of dev/feeder.mjs.
// node dev/mock.mjs [port]; then npm run dev, or open the built page at the printed address.

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { Feeder, happening } from './feeder.mjs';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };
const kept = ['Vln a', 'Vln b', 'Vln c', 'Vll ab', 'Vll bc', 'Vll ca', 'I a', 'I b', 'I c', 'kW tot', 'kVAR tot', 'kVA tot',
  'PF sign tot', 'Freq', 'V unbal', 'I unbal', 'V1 THD', 'V2 THD', 'V3 THD', 'I1 THD', 'I2 THD', 'I3 THD'];

const unit_of = (label) => /THD|unbal| H\d/.test(label) ? '%' : /ang/.test(label) ? 'deg' : label === 'Freq' ? 'Hz' : /^PF/.test(label) ? ''
  : /^(kWh|kVARh|kVAh|kW|kVAR|kVA)\b/.exec(label)?.[1] ?? (/^I/.test(label) ? 'A' : 'V');

/** `options`: password, default_password, seed, voltage, current, port. Returns how to steer it. */
export async function start_mock(options = {}) {
  const feeder = new Feeder(options);
  const meter = { password: options.password ?? '0', default_password: options.default_password ?? true, quality: {}, missing: new Set(),
    source_running: true, clock: false, store_trouble: '', sessions: new Set(), clients: new Set(), steady: null };
  const started = new Date(Date.now() - 93_784_000).toISOString();
  let values = new Map();
  const history = Object.fromEntries(kept.map((label) => [label, []]));
  const now_s = Math.floor(Date.now() / 1000);
  for (let t = now_s - 3600; t <= now_s; ++t) {
    values = feeder.values(t);
    // The meter was stopped for a minute: a gap.
    for (const label of kept) history[label].push(t > now_s - 2100 && t < now_s - 2040 ? null : values.get(label));
  }
  const events = Array.from({ length: 260 }, (_, i) => happening(i + 1, Date.now() - (260 - i) * 47_000 - 5_000));

  const status = () => ({
    name: 'Feeder 12 · Hall 3', version: '0.9.0', tier: 'advanced', started, last_second: new Date(Math.floor(Date.now() / 1000) * 1000).toISOString(),
    source: 'simulated feeder', source_running: meter.source_running, source_note: meter.source_running ? '8 channels at 10.24 kHz, 0 samples lost' : 'No samples for 12 s: is the merging unit connected?',
    clock_synchronised: meter.clock, frequency_locked: true, default_password: meter.default_password,
    store_bytes: 412_331_008, store_bytes_max: 1_073_741_824, store_trouble: meter.store_trouble, records_lost: 0,
    services: [
      { name: 'Web', state: 'up', address: '127.0.0.1:10443', reason: meter.default_password ? 'This machine only, until the password of USER1 is changed.' : '', connections: meter.clients.size },
      { name: 'Modbus TCP', state: 'up', address: '127.0.0.1:10502', reason: '', connections: 2 },
      { name: 'DNP3', state: 'off', address: '', reason: '', connections: 0 },
      { name: 'IEC 61850', state: 'failed', address: '0.0.0.0:10102', reason: 'Port 10102 is in use: end the other program or choose another port.', connections: 0 },
      { name: 'SNMP', state: 'starting', address: '127.0.0.1:10161', reason: '', connections: 0 },
    ],
  });

  const session_of = (request) => {
    const token = /polyphase_session=(\w+)/.exec(request.headers.cookie ?? '')?.[1];
    return token && meter.sessions.has(token) ? token : null;
  };
  const person = () => ({ user: 'USER1', rights: ['Read Access'], default_password: meter.default_password, idle_s_max: 300 });
  const body_of = async (request) => {
    let text = '';
    for await (const part of request) if ((text += part).length > 10_000) throw new Error('too long');
    return text ? JSON.parse(text) : {};
  };

  const answers = {
    'GET session': (request, url, send) => (session_of(request) ? send(200, person()) : send(401, { error: 'log in', code: 'refused' })),
    'POST session': async (request, url, send) => {
      const { user, password } = await body_of(request);
      if (user !== 'USER1' || password !== meter.password) return send(401, { error: 'user or password is wrong', code: 'refused' });
      const token = `t${Math.random().toString(36).slice(2)}`;
      meter.sessions.add(token);
      send(200, person(), { 'Set-Cookie': `polyphase_session=${token}; HttpOnly; SameSite=Strict; Path=/` });
    },
    'DELETE session': (request, url, send) => { meter.sessions.delete(session_of(request)); send(204); },
    'POST password': async (request, url, send) => {
      const { current, fresh } = await body_of(request);
      if (current !== meter.password) return send(403, { error: 'the current password is wrong', code: 'refused' });
      if (fresh.length < 4) return send(400, { error: 'at least 4 characters are needed', code: 'invalid_config' });
      Object.assign(meter, { password: fresh, default_password: false });
      send(204);
    },
    'GET status': (request, url, send) => send(200, status()),
    'GET values': (request, url, send) => {
      const labels = (url.searchParams.get('labels') ?? '').split(',');
      const unknown = labels.find((label) => !values.has(label));
      if (unknown !== undefined) return send(404, { error: `no register "${unknown}"`, code: 'not_found' });
      send(200, { time: new Date().toISOString(), values: labels.map((label) => ({ label, value: values.get(label), unit: unit_of(label), quality: [], time: / mx /.test(label) ? feeder.peak_time : new Date().toISOString() })) });
    },
    'GET events': (request, url, send) => {
      const from = Number(url.searchParams.get('from') ?? 0);
      const limit = Number(url.searchParams.get('limit') ?? 1000);
      let list = events.filter((e) => e.number >= from && e.priority >= Number(url.searchParams.get('priority_min') ?? 0));
      if (url.searchParams.get('newest') === '1') list = list.reverse();
      send(200, { events: list.slice(0, limit), more: list.length > limit });
    },
    'GET trend': (request, url, send) => {
      const labels = url.searchParams.get('labels')?.split(',');
      if (!labels) return send(200, { step_s: 1, labels: kept, units: kept.map(unit_of) });
      const seconds = Number(url.searchParams.get('seconds') ?? 3600);
      send(200, { step_s: 1, time_end: new Date(Math.floor(Date.now() / 1000) * 1000).toISOString(), labels, units: labels.map(unit_of), values: labels.map((label) => history[label].slice(-seconds)) });
    },
  };

  const page_headers = { 'Content-Security-Policy': "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'", 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, 'http://meter');
    const send = (code, content, headers = {}) => {
      response.writeHead(code, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers });
      response.end(content === undefined ? undefined : JSON.stringify(content));
    };
    try {
      if (url.pathname.startsWith('/api/v1/')) {
        const key = `${request.method} ${url.pathname.slice(8)}`;
        if (request.method !== 'GET' && request.headers['x-polyphase'] !== '1') return send(403, { error: 'header X-Polyphase is missing', code: 'refused' });
        if (!/ session$/.test(key) && !session_of(request)) return send(401, { error: 'log in', code: 'refused' });
        return answers[key] ? await answers[key](request, url, send) : send(404, { error: 'no such address', code: 'not_found' });
      }
      const path = normalize(join(dist, url.pathname === '/' ? 'index.html' : url.pathname));
      if (!path.startsWith(dist)) return send(404, { error: 'not here', code: 'not_found' });
      const content = await readFile(path);
      response.writeHead(200, { ...page_headers, 'Content-Type': types[extname(path)] ?? 'application/octet-stream' });
      response.end(content);
    } catch (error) {
      send(error.code === 'ENOENT' ? 404 : 400, { error: String(error.message), code: 'invalid_input' });
    }
  });

  const sockets = new WebSocketServer({ noServer: true, maxPayload: 100_000 });
  server.on('upgrade', (request, socket, head) => {
    if (request.url !== '/api/v1/live' || !session_of(request)) return socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
    sockets.handleUpgrade(request, socket, head, (client) => {
      const state = { client, wish: null };
      meter.clients.add(state);
      client.on('close', () => meter.clients.delete(state));
      client.on('message', (data) => {
        state.wish = JSON.parse(String(data));
        client.send(JSON.stringify({ type: 'units', units: state.wish.values.map(unit_of) }));
        send_values(state);
        client.send(JSON.stringify({ type: 'status', ...status() }));
      });
    });
  });
  const send_values = ({ client, wish }) => {
    if (!wish) return;
    client.send(JSON.stringify({ type: 'values', time: new Date(Math.floor(Date.now() / 1000) * 1000).toISOString().replace('Z', '000Z'),
      values: wish.values.map((label) => (meter.missing.has(label) ? null : values.get(label) ?? null)),
      quality: wish.values.map((label) => (meter.quality[label] ?? 0) | (meter.clock ? 0 : 4)) }));
  };
  const to_all = (message, wanted = () => true) => {
    const text = JSON.stringify(message);
    for (const { client, wish } of meter.clients) if (wish && wanted(wish)) client.send(text);
  };
  const tell_event = () => {
    const event = happening(events.length + 1, Date.now());
    events.push(event);
    to_all({ type: 'event', ...event }, (wish) => wish.events);
  };
  const second = () => {
    values = feeder.values(Date.now() / 1000);
    for (const label of kept) { history[label].shift(); history[label].push(values.get(label)); }
    for (const state of meter.clients) send_values(state);
  };
  const timers = [
    setInterval(second, 1000),
    setInterval(() => to_all({ type: 'status', ...status() }), 2000),
    setInterval(() => {
      if ([...meter.clients].some(({ wish }) => wish?.scope)) to_all({ type: 'scope', time: new Date().toISOString(), ...feeder.scope() }, (wish) => wish.scope);
    }, 200),
    setInterval(tell_event, options.event_ms ?? 15_000),
  ];
  await new Promise((resolve, reject) => server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve));

  return {
    meter, feeder, tell_event,
    url: `http://127.0.0.1:${server.address().port}/`,
    drop: () => { for (const { client } of meter.clients) client.terminate(); },
    end: (reason) => {
      meter.sessions.clear();
      to_all({ type: 'end', reason });
      for (const { client } of meter.clients) client.close();
    },
    stop: async () => {
      timers.forEach(clearInterval);
      for (const { client } of meter.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const mock = await start_mock({ port: Number(process.argv[2] ?? 18080) });
  console.log(`the mock meter is at ${mock.url} (USER1 / 0)`);
}
