// A made-up feeder: values, waveforms and events that look like a small factory at noon.

/** Numbers that are the same at every start. */
export function dice(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const voltage_orders = { 3: 0.6, 5: 2.4, 7: 1.6, 9: 0.3, 11: 0.9, 13: 0.6, 17: 0.35, 19: 0.3, 23: 0.2, 25: 0.18 };
const current_orders = { 3: 6.5, 5: 18, 7: 11, 9: 2.1, 11: 5.2, 13: 3.4, 17: 2, 19: 1.6, 23: 1.1, 25: 0.9, 29: 0.6, 31: 0.5, 35: 0.4, 37: 0.35, 41: 0.25, 43: 0.2, 47: 0.18, 49: 0.15 };

export class Feeder {
  constructor({ seed = 7, voltage = 230.4, current = 62 } = {}) {
    this.random = dice(seed);
    this.voltage = voltage;
    this.current = current;
    this.energy = { del: 128_430.21, rec: 12.4, var_del: 41_022.7, va: 136_002.5 };
    this.peak = 0;
    this.demand = 0;
    this.peak_time = new Date(Date.now() - 3_700_000).toISOString();
    this.walk = { v: [0, 0.4, -0.3], i: [0, -0.05, 0.06], f: 0, phi: 27 };
  }

  /** Of one second; `t` in seconds gives the slow swing of the load. */
  values(t) {
    const noise = () => this.random() - 0.5;
    const v = this.walk.v.map((was, k) => (this.walk.v[k] = was * 0.98 + 0.12 * noise()));
    const i = this.walk.i.map((was, k) => (this.walk.i[k] = was * 0.985 + 0.02 * noise() + [0, -0.0008, 0.0009][k]));
    this.walk.f = this.walk.f * 0.97 + 0.004 * noise();
    this.walk.phi = 27 + 4 * Math.sin(t / 300) + 0.3 * noise();
    const load = 1 + 0.22 * Math.sin(t / 420) + 0.08 * Math.sin(t / 61);
    const freq = 50.003 + this.walk.f + 0.015 * Math.sin(t / 200);
    const out = new Map([['Freq', freq]]);
    const names = ['a', 'b', 'c'];
    let p = 0, q = 0;
    const vs = [], is = [];
    names.forEach((name, k) => {
      const volts = this.voltage * (1 + v[k] / 230) - 0.6 * load;
      const amperes = this.current * load * (1 + i[k] + [0, -0.06, 0.05][k]);
      const phi = this.walk.phi + [0, 2.5, -1.8][k];
      const kw = (volts * amperes * Math.cos((phi * Math.PI) / 180)) / 1000 * 0.985;
      const kvar = (volts * amperes * Math.sin((phi * Math.PI) / 180)) / 1000;
      vs.push(volts); is.push(amperes); p += kw; q += kvar;
      out.set(`Vln ${name}`, volts).set(`I ${name}`, amperes).set(`kW ${name}`, kw).set(`kVAR ${name}`, kvar)
        .set(`kVA ${name}`, (volts * amperes) / 1000).set(`PF sign ${name}`, -kw / ((volts * amperes) / 1000))
        .set(`V${name} mag`, volts * 0.9995).set(`V${name} ang`, k === 0 ? 0 : -120 * k + 0.3 * v[k])
        .set(`I${name} mag`, amperes * 0.972).set(`I${name} ang`, -120 * k - phi);
      const thd = (orders, scale) => Math.sqrt(Object.values(orders).reduce((s, h) => s + (h * scale) ** 2, 0));
      out.set(`V${k + 1} THD`, thd(voltage_orders, 1 + 0.1 * k) + 0.05 * noise()).set(`I${k + 1} THD`, thd(current_orders, 1 + 0.1 * k) / load + 0.2 * noise());
    });
    const mean = (list) => list.reduce((a, b) => a + b, 0) / 3;
    const unbalance = (list) => (100 * Math.max(...list.map((x) => Math.abs(x - mean(list))))) / mean(list);
    const s = Math.hypot(p, q) * 1.012;
    out.set('Vln avg', mean(vs)).set('I avg', mean(is)).set('I 4', 3.1 * load + 0.2 * noise()).set('kW tot', p).set('kVAR tot', q).set('kVA tot', s)
      .set('PF sign tot', -p / s).set('V unbal', unbalance(vs)).set('I unbal', unbalance(is));
    const vll = [[0, 1], [1, 2], [2, 0]].map(([x, y]) => Math.sqrt(vs[x] ** 2 + vs[y] ** 2 + vs[x] * vs[y]));
    ['ab', 'bc', 'ca'].forEach((name, k) => out.set(`Vll ${name}`, vll[k]));
    out.set('Vll avg', mean(vll));
    for (let k = 1; k <= 3; ++k)
      for (let order = 2; order <= 63; ++order) {
        out.set(`V${k} H${order}`, (voltage_orders[order] ?? 0.03) * (1 + 0.1 * (k - 1)) * (1 + 0.06 * noise()));
        out.set(`I${k} H${order}`, ((current_orders[order] ?? 0.08) * (1 + 0.1 * (k - 1)) / load) * (1 + 0.06 * noise()));
      }
    this.demand += (p - this.demand) * (this.demand === 0 ? 1 : 0.01);
    if (this.demand > this.peak) { this.peak = this.demand * 1.25; }
    Object.assign(this.energy, { del: this.energy.del + p / 3600, var_del: this.energy.var_del + q / 3600, va: this.energy.va + s / 3600 });
    out.set('kWh del', this.energy.del).set('kWh rec', this.energy.rec).set('kWh del-rec', this.energy.del - this.energy.rec)
      .set('kVARh del', this.energy.var_del).set('kVAh del+rec', this.energy.va)
      .set('kW sd del-rec', this.demand).set('kW pd del-rec', this.demand * 0.35 + p * 0.65).set('kW sd mx del-rec', this.peak);
    this.load = load;
    return out;
  }

  /** The last four cycles. */
  scope(rate = 10_240) {
    const count = Math.round((4 * rate) / 50);
    const start = this.random();
    const channels = {};
    for (let k = 0; k < 3; ++k) {
      const wave = (size, shift, orders, scale) => Array.from({ length: count }, (_, n) => {
        const angle = 2 * Math.PI * (50 * (n / rate) + start) - (2 * Math.PI * k) / 3 - shift;
        let sum = Math.sin(angle);
        for (const [order, percent] of Object.entries(orders)) sum += ((percent * scale) / 100) * Math.sin(Number(order) * angle + (order % 4 === 1 ? Math.PI : 0));
        return Number((size * Math.SQRT2 * (sum + 0.002 * (this.random() - 0.5))).toPrecision(5));
      });
      channels[`V${k + 1}`] = wave(this.voltage, 0, voltage_orders, 1);
      channels[`I${k + 1}`] = wave(this.current * (this.load ?? 1) * [1, 0.94, 1.05][k], (this.walk.phi * Math.PI) / 180, current_orders, 0.8);
    }
    return { rate, channels };
  }
}

const happenings = [
  [200, 'DDA1 Disturbance', '1', 'SAG1 Sag', 'V1 71.2 % for 0.110 s'],
  [128, 'SP3 Over I a', '1', 'ALARM1 Over current', 'on'],
  [25, 'CLK1 Time Sync', '', 'CLK1 Clock', 'set by +0.002 s'],
  [64, 'SP7 THD V1', '1', 'ALARM4 Harmonics', 'on'],
  [10, 'WEB Setup', '', 'PM1 PT Prim', '400'],
  [128, 'SP3 Over I a', '0', 'ALARM1 Over current', 'off'],
  [255, 'LOG2 Data log', '', 'LOG2 Records', 'not kept: the disk is full'],
  [5, 'RST1 Reset', '', 'MXD3 Peak Demand', 'reset'],
];

export function happening(number, time_ms) {
  const [priority, cause, cause_value, effect, effect_value] = happenings[(number * 5 + (number >> 3)) % happenings.length];
  return { number, time: new Date(time_ms).toISOString().replace('Z', '412Z'), priority,
    actor: priority <= 10 ? 'USER1' : '', cause, cause_value, effect, effect_value };
}
