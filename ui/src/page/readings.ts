import type { Board, Panel } from '../board';
import { h, set_text } from '../dom';
import { t, type TextKey } from '../lang';
import { largest_of, Scaler, type ScalerOptions } from '../units';
import { card } from './card';
import { ValueCell } from './value-cell';

interface RowPlan {
  name: TextKey;
  unit: string;
  labels: readonly (string | null)[];
  options?: ScalerOptions;
  /** First of a group: a line above. */
  group?: boolean;
}

const per_phase = (prefix: string, last: string): string[] => ['a', 'b', 'c', last].map((p) => `${prefix} ${p}`);
const percent: ScalerOptions = { digits: 4, decimals_max: 2 };

const rows: readonly RowPlan[] = [
  { name: 'voltage_ln', unit: 'V', labels: per_phase('Vln', 'avg'), options: { decimals_max: 2 } },
  { name: 'voltage_ll', unit: 'V', labels: ['Vll ab', 'Vll bc', 'Vll ca', 'Vll avg'], options: { decimals_max: 2 } },
  { name: 'current', unit: 'A', labels: per_phase('I', 'avg') },
  { name: 'power_active', unit: 'kW', labels: per_phase('kW', 'tot'), group: true },
  { name: 'power_reactive', unit: 'kVAR', labels: per_phase('kVAR', 'tot') },
  { name: 'power_apparent', unit: 'kVA', labels: per_phase('kVA', 'tot') },
  { name: 'power_factor', unit: '', labels: per_phase('PF sign', 'tot'), options: { digits: 4, decimals_max: 3 } },
  { name: 'thd_voltage', unit: '%', labels: ['V1 THD', 'V2 THD', 'V3 THD', null], options: percent, group: true },
  { name: 'thd_current', unit: '%', labels: ['I1 THD', 'I2 THD', 'I3 THD', null], options: percent },
];

const singles: readonly { name: TextKey; unit: string; label: string; options?: ScalerOptions }[] = [
  { name: 'frequency', unit: 'Hz', label: 'Freq', options: { digits: 5, decimals_max: 3 } },
  { name: 'unbalance_voltage', unit: '%', label: 'V unbal', options: percent },
  { name: 'unbalance_current', unit: '%', label: 'I unbal', options: percent },
  { name: 'neutral_current', unit: 'A', label: 'I 4', options: { digits: 4 } },
];

/** A row of values that share a unit. */
class Row {
  private scaler: Scaler | null = null;
  constructor(
    private readonly cells: readonly ValueCell[], private readonly unit: HTMLElement,
    private readonly register_unit: string, private readonly options: ScalerOptions = {},
  ) {}

  show(board: Board): void {
    const readings = this.cells.map((cell) => board.reading(cell.label));
    this.scaler ??= new Scaler(board.unit(this.cells[0]!.label, this.register_unit), this.options);
    const scale = this.scaler.scale(largest_of(readings.map((r) => r.value)));
    set_text(this.unit, scale.unit);
    this.cells.forEach((cell, i) => cell.show(readings[i]!, scale));
  }

  labels(): string[] {
    return this.cells.map((cell) => cell.label);
  }
}

function table_row(plan: RowPlan): { element: HTMLElement; row: Row } {
  const cells: ValueCell[] = [];
  const unit = h('td', { class: 'unit', role: 'cell' });
  const element = h('tr', { role: 'row', class: plan.group ? 'group' : null },
    h('th', { scope: 'row', role: 'rowheader' }, t(plan.name)));
  plan.labels.forEach((label, i) => {
    const cell = h('td', { role: 'cell', class: i === 3 ? 'total' : `of-phase phase-${'abc'[i]}` });
    if (label) cells.push(new ValueCell(cell, label));
    element.append(cell);
  });
  element.append(unit);
  return { element, row: new Row(cells, unit, plan.unit, plan.options) };
}

export function readings_panel(): Panel {
  const built = rows.map(table_row);
  const phase = (name: string, lines: string) =>
    h('th', { scope: 'col', role: 'columnheader', class: `phase-head phase-${name}` },
      h('span', { class: 'chip', 'aria-label': `${t('phase', { phase: name })}, ${lines}` },
        name, h('small', {}, lines)));
  const table = h('table', { class: 'readings', role: 'table', 'aria-labelledby': 'readings-title' },
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' },
      h('th', { scope: 'col', role: 'columnheader' }, h('span', { class: 'hidden-text' }, t('quantity'))),
      phase('a', 'ab'), phase('b', 'bc'), phase('c', 'ca'),
      h('th', { scope: 'col', role: 'columnheader', class: 'total' }, t('average_total')),
      h('th', { scope: 'col', role: 'columnheader', class: 'unit' }, h('span', { class: 'hidden-text' }, t('unit'))))),
    h('tbody', { role: 'rowgroup' }, ...built.map((b) => b.element)));

  const strip = h('dl', { class: 'strip' });
  const single_rows = singles.map((single) => {
    const value = h('span');
    const unit = h('span', { class: 'unit' });
    strip.append(h('div', {}, h('dt', {}, t(single.name), ' ', unit), h('dd', {}, value)));
    return new Row([new ValueCell(value, single.label)], unit, single.unit, single.options);
  });

  const all = [...built.map((b) => b.row), ...single_rows];
  return {
    element: card('readings', 'readings', [], strip, table),
    labels: () => all.flatMap((row) => row.labels()),
    values: (board) => all.forEach((row) => row.show(board)),
  };
}
