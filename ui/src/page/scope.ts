import uPlot from 'uplot';
import type { Panel } from '../board';
import { calm, colour, h, icon, set_attribute, set_text } from '../dom';
import { decimal, t } from '../lang';
import type { Message } from '../message';
import { name_place, rising_zero } from '../trigger';
import { AxisRange, fixed, Scaler } from '../units';
import { card } from './card';

type Scope = Extract<Message, { type: 'scope' }>;

const channels = ['V1', 'V2', 'V3', 'I1', 'I2', 'I3'] as const;
const phase_of = (i: number) => 'abc'[i % 3]!;
const is_voltage = (i: number) => i < 3;
/** Whole cycles behind the trigger in the last four that are sure to be there. */
const cycles_shown = 2.5;

export function scope_panel(changed: () => void): Panel {
  const shown = channels.map(() => true);
  let paused = false;
  let latest: Scope | null = null;
  let plot: uPlot | null = null;
  let ghosts: (number[] | null)[] = channels.map(() => null);
  let nominal_hz = 50;
  const range = { V: new AxisRange(1), A: new AxisRange(0.01) };
  const scaler = { V: new Scaler('V', { digits: 4, decimals_max: 1 }), A: new Scaler('A', { digits: 4, decimals_max: 2 }) };
  const scale = { V: scaler.V.scale(null), A: scaler.A.scale(null) };

  const place = h('div', { class: 'plot', role: 'img', 'aria-label': t('waveform_picture') });
  const empty = h('p', { class: 'plot-empty' }, t('no_waveform'));
  const note = h('p', { class: 'note number' }, '\u00a0');
  const toggles = channels.map((name, i) => {
    const value = h('span', { class: 'number' });
    const button = h('button', {
      type: 'button', 'aria-pressed': 'true', class: `toggle phase-${phase_of(i)} ${is_voltage(i) ? 'of-voltage' : 'of-current'}`,
      onclick: () => {
        shown[i] = !shown[i];
        set_attribute(button, 'aria-pressed', String(shown[i]));
        plot?.setSeries(1 + i, { show: shown[i]! });
        plot?.setSeries(1 + channels.length + i, { show: shown[i]! });
      },
    }, h('span', { class: 'line' }), name, value);
    return { button, value };
  });
  const pause = h('button', { type: 'button', class: 'button', 'aria-pressed': 'false', onclick: () => {
    paused = !paused;
    set_attribute(pause, 'aria-pressed', String(paused));
    pause.replaceChildren(icon(paused ? 'play' : 'pause'), h('span', {}, paused ? t('resume') : t('pause')));
    element.classList.toggle('is-paused', paused);
    changed();
  } }, icon('pause'), h('span', {}, t('pause')));
  const element = card('scope', 'waveforms', [pause],
    h('div', { class: 'toggles', role: 'group', 'aria-label': t('channels') }, ...toggles.map((b) => b.button)),
    h('div', { class: 'plot-frame' }, place, empty), note);

  const height = () => (innerWidth < 640 ? 240 : 318);

  /** The names of the traces, above their half waves: colour alone would not tell them apart. */
  const name_traces = (u: uPlot) => {
    const context = u.ctx;
    const ratio = devicePixelRatio;
    context.save();
    context.font = `600 ${11 * ratio}px Inter, sans-serif`;
    context.textAlign = 'center';
    channels.forEach((name, i) => {
      const ys = u.data[1 + i] as (number | null)[] | undefined;
      const zero = shown[i] && ys ? rising_zero(ys.map((y) => y ?? 0)) : null;
      if (zero === null || !ys) return;
      const cycle = ys.length / cycles_shown;
      const at = name_place(zero, cycle, is_voltage(i) ? 0 : 1);
      const near = ys.slice(Math.max(0, Math.round(at - cycle / 8)), Math.round(at + cycle / 8));
      const x = u.valToPos(u.data[0][Math.min(ys.length - 1, Math.round(at))]!, 'x', true);
      const y = u.valToPos(Math.max(...near.map((v) => v ?? 0)), is_voltage(i) ? 'V' : 'A', true) - 7 * ratio;
      context.lineWidth = 4 * ratio;
      context.strokeStyle = colour('--panel');
      context.strokeText(name, x, y);
      context.fillStyle = colour(`--phase-${phase_of(i)}`);
      context.fillText(name, x, y);
    });
    context.restore();
  };

  const build = () => {
    plot?.destroy();
    const grid = { stroke: colour('--grid'), width: 1 };
    const axis = { stroke: colour('--muted'), font: '12px Inter, sans-serif', ticks: { show: false } };
    const values = (kind: 'V' | 'A') => (_: uPlot, splits: number[]) =>
      splits.map((v, k) => `${fixed(v * scale[kind].factor, range[kind].half * scale[kind].factor < 4 ? 1 : 0, decimal())}${k === splits.length - 1 ? ` ${scale[kind].unit}` : ''}`);
    const quarters = (kind: 'V' | 'A') => () => [-1, -0.5, 0, 0.5, 1].map((part) => part * range[kind].half);
    const trace = (i: number, ghost: boolean): uPlot.Series => ({
      scale: is_voltage(i) ? 'V' : 'A', show: shown[i]!, points: { show: false },
      stroke: colour(`--phase-${phase_of(i)}`), width: is_voltage(i) ? 2 : 1.5,
      alpha: ghost ? 0.22 : 1, ...(is_voltage(i) ? {} : { dash: [7, 3] }),
    });
    plot = new uPlot({
      width: place.clientWidth || 600, height: height(), legend: { show: false }, pxAlign: false,
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      scales: {
        x: { time: false, range: () => [0, (1000 * cycles_shown) / nominal_hz] },
        V: { range: () => { const r = range.V.half; return [-r, r]; } },
        A: { range: () => { const r = range.A.half; return [-r, r]; } },
      },
      axes: [
        { ...axis, grid, size: 34, values: (_, splits) => splits.map((v) => `${v} ms`), space: 70 },
        { ...axis, grid, scale: 'V', size: 52, splits: quarters('V'), values: values('V') },
        { ...axis, grid: { show: false }, scale: 'A', side: 1, size: 52, splits: quarters('A'), values: values('A') },
      ],
      series: [{}, ...channels.map((_, i) => trace(i, false)), ...channels.map((_, i) => trace(i, true))],
      hooks: { draw: [name_traces], setCursor: [show_cursor] },
    }, [[], ...channels.map(() => []), ...channels.map(() => [])] as uPlot.AlignedData, place);
  };

  const show_cursor = (u: uPlot) => {
    const at = u.cursor.idx;
    toggles.forEach(({ value }, i) => {
      const v = at === null || at === undefined ? null : (u.data[1 + i] as (number | null)[])[at];
      const kind = is_voltage(i) ? 'V' : 'A';
      set_text(value, v === null || v === undefined ? '' : `${fixed(v * scale[kind].factor, is_voltage(i) ? 1 : 2, decimal())} ${scale[kind].unit}`);
    });
  };

  const draw = () => {
    if (!latest || !place.clientWidth) return;
    const { rate, channels: samples } = latest;
    const start = rising_zero(samples['V1'] ?? []) ?? rising_zero(samples['I1'] ?? []) ?? 0;
    const first = Math.ceil(start);
    const longest = Math.max(0, ...channels.map((name) => samples[name]?.length ?? 0));
    const count = Math.min(longest - first, Math.ceil((cycles_shown / nominal_hz) * rate) + 1);
    if (count < 2) return;
    const xs = Array.from({ length: count }, (_, k) => ((first + k - start) / rate) * 1000);
    const traces = channels.map((name) => samples[name]?.slice(first, first + count) ?? null);
    const peak = (kind: 'V' | 'A') => traces.reduce((most, trace, i) =>
      (is_voltage(i) === (kind === 'V') && trace ? trace.reduce((m, v) => Math.max(m, Math.abs(v) || 0), most) : most), 0);
    const peaks = { V: peak('V'), A: peak('A') };
    range.V.follow(peaks.V * 1.06);
    range.A.follow(peaks.A * 1.5);  // smaller than the voltages: the two do not lie on each other
    scale.V = scaler.V.scale(range.V.half);
    scale.A = scaler.A.scale(range.A.half);
    if (!plot) build();
    const blank = xs.map(() => null);
    const data = [xs, ...traces.map((trace) => trace ?? blank),
      ...ghosts.map((ghost) => (calm() ? blank : ghost ?? blank))] as uPlot.AlignedData;
    plot!.setData(data, false);
    plot!.redraw(true, true);
    plot!.setScale('x', { min: 0, max: (1000 * cycles_shown) / nominal_hz });
    ghosts = traces;
    empty.hidden = true;
    set_text(note, `${fixed(rate / 1000, 2, decimal())} kHz  ·  ± ${fixed(range.V.half * scale.V.factor, 1, decimal())} ${scale.V.unit}  ·  ± ${fixed(range.A.half * scale.A.factor, 1, decimal())} ${scale.A.unit}`);
  };

  const resize = new ResizeObserver(() => {
    if (plot && place.clientWidth) plot.setSize({ width: place.clientWidth, height: height() });
  });
  resize.observe(place);

  return {
    element,
    labels: () => ['Freq'],
    scope_wanted: () => !paused && !document.hidden,
    scope(message) {
      if (paused) return;
      latest = message;
      draw();
    },
    values(board) {
      const hz = board.value('Freq');
      if (hz !== null && hz > 30) nominal_hz = Math.abs(hz - 60) < Math.abs(hz - 50) ? 60 : 50;
    },
    theme() {
      if (!plot) return;
      build();
      draw();
    },
    stop() {
      resize.disconnect();
      plot?.destroy();
    },
  };
}
