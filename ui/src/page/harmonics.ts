import type { Board, Panel } from '../board';
import { h, set_attribute, set_text } from '../dom';
import { decimal, t } from '../lang';
import { AxisRange, fixed, not_available } from '../units';
import { card, segments } from './card';
import { card_doubt } from './value-cell';

const order_min = 2;
const order_max = 50;
const orders = Array.from({ length: order_max - order_min + 1 }, (_, i) => i + order_min);

/** Labels under the axis: the odd orders that matter, where there is room. */
const labelled = new Set([3, 5, 7, 11, 13, 17, 19, 23, 25, 29, 31, 35, 37, 41, 43, 47, 49]);
const roomy = new Set([5, 11, 17, 23, 29, 35, 41, 47]);

export function harmonics_panel(changed: () => void): Panel {
  let kind: 'V' | 'I' = 'V';
  let channel: '1' | '2' | '3' = '1';
  let pointed = 5;
  let values: (number | null)[] = orders.map(() => null);
  let frequency: number | null = null;
  let axis = new AxisRange(0.5);

  const bars = orders.map((order) => {
    const fill = h('i', { class: order % 2 ? 'odd' : 'even' });
    return { order, fill, slot: h('span', { class: 'slot', 'data-order': order }, fill) };
  });
  const grid = h('div', { class: 'grid', 'aria-hidden': 'true' });
  const lines = [1, 0.75, 0.5, 0.25, 0].map((part) => {
    const text = h('span');
    const element = h('div', { class: 'grid-line' }, text);
    element.style.bottom = `${part * 100}%`;
    grid.append(element);
    return { part, text };
  });
  const plot = h('div', {
    class: 'bars', role: 'slider', tabindex: 0, 'aria-label': t('harmonic_order'),
    'aria-valuemin': order_min, 'aria-valuemax': order_max,
    onkeydown: (event: KeyboardEvent) => {
      const step: Record<string, number> = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: 10, PageDown: -10 };
      const by = step[event.key];
      if (event.key === 'Home') point(order_min);
      else if (event.key === 'End') point(order_max);
      else if (by !== undefined) point(pointed + by);
      else return;
      event.preventDefault();
    },
    onpointermove: (event: PointerEvent) => {
      const order = (event.target as Element).closest<HTMLElement>('[data-order]')?.dataset['order'];
      if (order) point(Number(order));
    },
    onpointerdown: (event: PointerEvent) => {
      const order = (event.target as Element).closest<HTMLElement>('[data-order]')?.dataset['order'];
      if (order) point(Number(order));
    },
  }, ...bars.map((b) => b.slot));
  const ticks = h('div', { class: 'ticks', 'aria-hidden': 'true' },
    ...orders.map((order) => h('span', { class: roomy.has(order) ? null : 'narrow' }, labelled.has(order) ? String(order) : '')));
  const readout = h('p', { class: 'readout' });
  const doubt = card_doubt();
  const thd = h('strong', { class: 'number' }, not_available);
  const cells = orders.map(() => ({ percent: h('td', { class: 'number' }, not_available), hertz: h('td', { class: 'number' }, not_available) }));
  const table = h('details', {},
    h('summary', {}, t('as_table')),
    h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': t('harmonics') },
      h('table', { class: 'small-table' },
        h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t('order')), h('th', { scope: 'col' }, 'Hz'), h('th', { scope: 'col' }, '%'))),
        h('tbody', {}, ...orders.map((order, i) => h('tr', {}, h('th', { scope: 'row' }, String(order)), cells[i]!.hertz, cells[i]!.percent))))));

  const show_readout = () => {
    const value = values[pointed - order_min] ?? null;
    const text = value === null ? t('harmonic_missing', { order: pointed }) : t('harmonic_at', {
      order: pointed, value: fixed(value, 2, decimal()),
      frequency: frequency === null ? not_available : `${fixed(frequency * pointed, 1, decimal())} Hz`,
    });
    set_text(readout, text);
    set_attribute(plot, 'aria-valuenow', String(pointed));
    set_attribute(plot, 'aria-valuetext', text);
  };
  const point = (order: number) => {
    pointed = Math.min(order_max, Math.max(order_min, order));
    bars.forEach((b) => b.slot.classList.toggle('pointed', b.order === pointed));
    show_readout();
  };
  const choose = () => {
    element.dataset['phase'] = 'abc'['123'.indexOf(channel)]!;
    values = orders.map(() => null);
    axis = new AxisRange(0.5);
    changed();
  };
  const element = card('harmonics', 'harmonics', [
    doubt.element,
    segments(`${t('voltages')} / ${t('currents')}`, [{ value: 'V', text: 'V' }, { value: 'I', text: 'I' }], kind,
      (value) => { kind = value; choose(); }),
    segments(t('channel'), (['1', '2', '3'] as const).map((value, i) => ({ value, text: 'abc'[i]! })), channel,
      (value) => { channel = value; choose(); }),
  ],
  h('div', { class: 'harmonic-head' }, readout, h('p', { class: 'note' }, 'THD ', thd, ' %')),
  h('div', { class: 'bar-plot' }, grid, plot), ticks,
  h('p', { class: 'note axis-name' }, `${t('order')} · ${t('of_fundamental')}`), table);
  element.dataset['phase'] = 'a';
  point(pointed);

  return {
    element,
    labels: () => [`${kind}${channel} THD`, ...orders.map((order) => `${kind}${channel} H${order}`)],
    values(board: Board) {
      frequency = board.value('Freq');
      values = orders.map((order) => board.value(`${kind}${channel} H${order}`));
      doubt.show(orders.map((order) => board.reading(`${kind}${channel} H${order}`)));
      const top = axis.follow(Math.max(0, ...values.map((v) => v ?? 0)));
      bars.forEach(({ fill }, i) => {
        fill.style.transform = `scaleY(${Math.min(1, (values[i] ?? 0) / top).toFixed(4)})`;
      });
      lines.forEach(({ part, text }) => set_text(text, part === 0 ? '0' : `${fixed(part * top, top < 4 ? 2 : top < 40 ? 1 : 0, decimal())}`));
      set_text(thd, fixed(board.value(`${kind}${channel} THD`), 2, decimal()));
      if (table.open)
        cells.forEach(({ percent, hertz }, i) => {
          set_text(percent, fixed(values[i], 2, decimal()));
          set_text(hertz, fixed(frequency === null ? null : frequency * orders[i]!, 1, decimal()));
        });
      show_readout();
    },
  };
}
