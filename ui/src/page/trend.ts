import uPlot from 'uplot';
import { trend, trend_labels } from '../api';
import type { Board, Panel } from '../board';
import { colour, h, set_attribute, set_text } from '../dom';
import { decimal, t, type TextKey } from '../lang';
import { TrendData } from '../trend-data';
import { instant_ms, local_clock, local_minute, tick_step_s, ticks_s, utc_offset_s } from '../time';
import { fixed, in_scale, Scaler, SpanRange } from '../units';
import { card, segments, select } from './card';

interface Group {
  key: string;
  name: TextKey;
  unit: string;
  labels: string[];
  /** So that noise is not blown up to the whole height. */
  span_min: number;
  decimals: number;
}

const groups: readonly Group[] = [
  { key: 'power', name: 'group_power', unit: 'kW', labels: ['kW tot', 'kVAR tot', 'kVA tot'], span_min: 0.02, decimals: 3 },
  { key: 'voltage', name: 'voltage_ln', unit: 'V', labels: ['Vln a', 'Vln b', 'Vln c'], span_min: 1, decimals: 2 },
  { key: 'voltage-ll', name: 'voltage_ll', unit: 'V', labels: ['Vll ab', 'Vll bc', 'Vll ca'], span_min: 1, decimals: 2 },
  { key: 'current', name: 'current', unit: 'A', labels: ['I a', 'I b', 'I c'], span_min: 0.05, decimals: 3 },
  { key: 'frequency', name: 'frequency', unit: 'Hz', labels: ['Freq'], span_min: 0.02, decimals: 3 },
  { key: 'factor', name: 'group_factor', unit: '', labels: ['PF sign tot'], span_min: 0.02, decimals: 3 },
  { key: 'unbalance', name: 'group_unbalance', unit: '%', labels: ['V unbal', 'I unbal'], span_min: 0.2, decimals: 2 },
  { key: 'thd-v', name: 'group_thd_voltage', unit: '%', labels: ['V1 THD', 'V2 THD', 'V3 THD'], span_min: 0.2, decimals: 2 },
  { key: 'thd-i', name: 'group_thd_current', unit: '%', labels: ['I1 THD', 'I2 THD', 'I3 THD'], span_min: 0.2, decimals: 2 },
];
const spans = { '300': 300, '900': 900, '3600': 3600 } as const;
type Span = keyof typeof spans;
const colours = ['--phase-a', '--phase-b', '--phase-c'];

export function trend_panel(changed: () => void): Panel {
  let kept: Set<string> | null = null;
  let group = groups[0]!;
  let span: Span = '3600';
  let data = new TrendData(group.labels.length, 3600);
  let range = new SpanRange(group.span_min);
  let scaler = new Scaler(group.unit, { digits: 5, decimals_max: group.decimals });
  let scale = scaler.scale(null);
  let plot: uPlot | null = null;
  let asked = 0;

  const place = h('div', { class: 'plot', role: 'img' });
  const empty = h('p', { class: 'plot-empty', hidden: true }, t('trend_none'));
  const legend = h('div', { class: 'legend' });
  let legend_values: HTMLElement[] = [];
  const legend_time = h('span', { class: 'note number' });
  const choice = select(t('group'), groups.map((g) => ({ value: g.key, text: t(g.name) })), group.key, (key) => {
    group = groups.find((g) => g.key === key)!;
    renew();
  });
  const element = card('trend', 'trend', [choice,
    segments(t('span'), [
      { value: '300', text: t('minutes', { n: 5 }) }, { value: '900', text: t('minutes', { n: 15 }) },
      { value: '3600', text: t('hour') }] as const, span as Span, (value) => { span = value; describe(); draw(); })],
  legend, h('div', { class: 'plot-frame' }, place, empty));

  const height = () => (innerWidth < 640 ? 220 : 262);
  const describe = () => set_attribute(place, 'aria-label',
    t('trend_picture', { group: t(group.name), span: span === '3600' ? t('hour') : t('minutes', { n: spans[span] / 60 }) }));
  const show_values = () => {
    const at = plot?.cursor.idx ?? null;
    const index = at === null ? data.length - 1 : at;
    const time = plot?.data[0][index];
    legend_values.forEach((cell, i) => {
      const value = plot ? (plot.data[1 + i] as (number | null)[])[index] : null;
      set_text(cell, `${in_scale(value, scale, decimal())} ${scale.unit}`);
    });
    set_text(legend_time, time === undefined ? '' : local_clock(time * 1000));
  };

  /** The names of the lines at their newest ends, apart from each other. */
  const name_lines = (u: uPlot) => {
    if (group.labels.length < 2) return;
    const ratio = devicePixelRatio;
    const gap = 14 * ratio;
    const names = group.labels.flatMap((label, i) => {
      const ys = u.data[1 + i] as (number | null)[];
      let last = ys.length - 1;
      while (last >= 0 && ys[last] === null) --last;
      const value = ys[last];
      return value === null || value === undefined ? [] : [{ label, i, y: u.valToPos(value, 'y', true) }];
    }).sort((a, b) => a.y - b.y);
    names.forEach((name, k) => { if (k > 0) name.y = Math.max(name.y, names[k - 1]!.y + gap); });
    const below = (names[names.length - 1]?.y ?? 0) - (u.bbox.top + u.bbox.height);
    if (below > 0) for (const name of names) name.y -= below;
    const context = u.ctx;
    context.save();
    context.font = `600 ${11 * ratio}px Inter, sans-serif`;
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    for (const { label, i, y } of names) {
      context.fillStyle = colour(colours[i]!);
      context.fillText(label, u.bbox.left + u.bbox.width + 6 * ratio, y);
    }
    context.restore();
  };

  const build = () => {
    plot?.destroy();
    plot = null;
    if (!place.clientWidth) return;
    const grid = { stroke: colour('--grid'), width: 1 };
    const axis = { stroke: colour('--muted'), font: '12px Inter, sans-serif', ticks: { show: false }, grid };
    plot = new uPlot({
      width: place.clientWidth, height: height(), legend: { show: false },
      padding: [8, group.labels.length > 1 ? 58 : 16, 0, 0],
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
      scales: {
        x: { time: false, range: () => [data.end_s - spans[span], data.end_s] },
        y: { range: () => {
          const [low, high] = data.extremes(spans[span]) ?? [0, 1];
          return range.follow(low, high);
        } },
      },
      axes: [
        { ...axis, size: 34, splits: (u, _, low, high) => ticks_s(low, high, Math.max(2, Math.floor(u.width / 80)), utc_offset_s(high)),
          values: (u, splits) => splits.map((v) => (tick_step_s(spans[span], Math.max(2, Math.floor(u.width / 80))) < 60 ? local_clock(v * 1000) : local_minute(v * 1000))) },
        { ...axis, size: 52, values: (_, splits, __, ___, step) => splits.map((v) =>
          fixed(v * scale.factor, Math.max(0, Math.min(4, Math.ceil(-Math.log10(step * scale.factor + 1e-12) - 1e-9))), decimal())) },
      ],
      series: [{}, ...group.labels.map((_, i): uPlot.Series => ({
        stroke: colour(colours[i]!), width: 1.75, points: { show: false }, spanGaps: false,
      }))],
      hooks: { setCursor: [show_values], draw: [name_lines] },
    }, data.columns() as uPlot.AlignedData, place);
  };
  const draw = () => {
    const extremes = data.extremes(spans[span]);
    empty.hidden = extremes !== null;
    place.classList.toggle('unseen', extremes === null);
    if (!extremes) return;
    range.follow(...extremes);
    scale = scaler.scale(Math.max(Math.abs(extremes[0]), Math.abs(extremes[1])));
    if (!plot) build();
    plot?.setData(data.columns() as uPlot.AlignedData, true);
    show_values();
  };

  const renew = () => {
    data = new TrendData(group.labels.length, 3600);
    range = new SpanRange(group.span_min);
    scaler = new Scaler(group.unit, { digits: 5, decimals_max: group.decimals });
    plot?.destroy();
    plot = null;
    legend_values = group.labels.map(() => h('span', { class: 'number' }));
    legend.replaceChildren(...group.labels.map((label, i) =>
      h('span', { class: `key phase-${'abc'[i]}` }, h('span', { class: 'line' }), label, legend_values[i]!)), legend_time);
    describe();
    changed();
    void load();
  };

  const load = async () => {
    const mine = ++asked;
    try {
      if (!kept) {
        kept = new Set(await trend_labels());
        for (const option of choice.options) {
          const its = groups.find((g) => g.key === option.value)!;
          option.disabled = !its.labels.some((label) => kept!.has(label));
        }
      }
      const labels = group.labels.filter((label) => kept!.has(label));
      if (labels.length === 0) return draw();
      const answer = await trend(labels, 3600);
      if (mine !== asked) return;
      const end = instant_ms(answer.time_end);
      if (end === null) return draw();
      data.fill(end / 1000, answer.step_s, group.labels.map((label) => answer.values[answer.labels.indexOf(label)] ?? []));
    } catch { /* the live values go on by themselves */ }
    if (mine === asked) draw();
  };

  const resize = new ResizeObserver(() => {
    if (plot && place.clientWidth) plot.setSize({ width: place.clientWidth, height: height() });
  });
  resize.observe(place);
  renew();

  return {
    element,
    labels: () => group.labels,
    connected: () => void load(),
    values(board: Board) {
      const ms = instant_ms(board.time);
      if (ms === null) return;
      if (data.append(Math.round(ms / 1000), group.labels.map((label) => board.value(label))) && !document.hidden) draw();
    },
    theme() {
      if (!plot) return;
      build();
      draw();
    },
    stop() {
      ++asked;
      resize.disconnect();
      plot?.destroy();
    },
  };
}
