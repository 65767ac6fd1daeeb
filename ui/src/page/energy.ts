import { times_of } from '../api';
import type { Board, Panel } from '../board';
import { h, set_attribute, set_text } from '../dom';
import { t, type TextKey } from '../lang';
import { instant_ms, local_clock, local_date, utc_text } from '../time';
import { fixed, largest_of, not_available, Scaler } from '../units';
import { card } from './card';
import { ValueCell } from './value-cell';

const energies: readonly [TextKey, string, string][] = [
  ['energy_delivered', 'kWh del', 'kWh'],
  ['energy_received', 'kWh rec', 'kWh'],
  ['energy_net', 'kWh del-rec', 'kWh'],
  ['energy_reactive', 'kVARh del', 'kvarh'],
  ['energy_apparent', 'kVAh del+rec', 'kVAh'],
];
const peak_label = 'kW sd mx del-rec';
const demands: readonly [TextKey, string][] = [
  ['demand_present', 'kW sd del-rec'],
  ['demand_predicted', 'kW pd del-rec'],
  ['demand_peak', peak_label],
];
const narrow_space = '\u202f';

interface Line {
  cell: ValueCell;
  unit: HTMLElement;
}

function line(list: HTMLElement, name: TextKey, label: string, unit_text = ''): Line {
  const value = h('span');
  const unit = h('span', { class: 'unit' }, unit_text);
  list.append(h('div', {}, h('dt', {}, t(name)), h('dd', {}, value, unit)));
  return { cell: new ValueCell(value, label), unit };
}

export function energy_panel(): Panel {
  const energy_list = h('dl', { class: 'lines' });
  const demand_list = h('dl', { class: 'lines' });
  // Energies keep their unit and count on: a register that is read, not a gauge.
  const energy_lines = energies.map(([name, label, unit]) => ({
    ...line(energy_list, name, label, unit), scale: { factor: 1, decimals: 2, unit },
  }));
  const demand_lines = demands.map(([name, label]) => line(demand_list, name, label));
  const demand_scaler = new Scaler('kW');

  const peak_at = h('time', {}, not_available);
  demand_list.append(h('div', { class: 'peak-at' }, h('dt', {}, t('demand_peak_at')), h('dd', {}, peak_at)));
  const fill = h('span', { class: 'fill' });
  const bar = h('div', { class: 'bar', role: 'meter', 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-label': t('demand') }, fill);
  const bar_text = h('p', { class: 'note' }, '\u00a0');

  let peak_known: number | null = null;
  const ask_peak_time = async () => {
    const [time] = await times_of([peak_label]).catch(() => [null]);
    const ms = instant_ms(time);
    set_text(peak_at, ms === null ? not_available : `${local_date(ms)} ${local_clock(ms)}`);
    set_attribute(peak_at, 'data-tip', time ? utc_text(time) : null);
    set_attribute(peak_at, 'tabindex', time ? '0' : null);
  };

  return {
    element: card('energy', 'energy_demand', [],
      h('h3', {}, t('energy')), energy_list, h('h3', {}, t('demand')), demand_list, bar, bar_text),
    labels: () => [...energy_lines, ...demand_lines].map((l) => l.cell.label),
    values(board: Board) {
      for (const { cell, scale } of energy_lines) cell.show(board.reading(cell.label), scale, narrow_space);
      const readings = demand_lines.map((l) => board.reading(l.cell.label));
      const scale = demand_scaler.scale(largest_of(readings.map((r) => r.value)));
      demand_lines.forEach((l, i) => {
        l.cell.show(readings[i]!, scale);
        set_text(l.unit, scale.unit);
      });
      const present = board.value('kW sd del-rec');
      const peak = board.value(peak_label);
      const percent = present !== null && peak !== null && peak > 0
        ? Math.min(100, Math.max(0, (100 * present) / peak)) : null;
      fill.style.width = `${percent ?? 0}%`;
      const text = t('demand_of_peak', { percent: fixed(percent, 0) });
      set_text(bar_text, text);
      set_attribute(bar, 'aria-valuenow', percent === null ? null : percent.toFixed(0));
      set_attribute(bar, 'aria-valuetext', text);
      if (peak !== peak_known) {
        peak_known = peak;
        void ask_peak_time();
      }
    },
  };
}
