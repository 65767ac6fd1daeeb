/** The latest values by label, and what a panel of the page is. */

import { quality_of, clock_bit, type Message, type MeterEvent, type Status } from './message';
import { t } from './lang';

export interface Reading {
  value: number | null;
  quality: number;
}

const missing: Reading = { value: null, quality: 0 };

export class Board {
  private readings = new Map<string, Reading>();
  private units = new Map<string, string>();
  /** Of the latest values; null: none yet. */
  time: string | null = null;

  take_values(labels: readonly string[], message: Extract<Message, { type: 'values' }>): void {
    if (message.values.length !== labels.length) return;  // of a subscription before this one
    labels.forEach((label, i) =>
      this.readings.set(label, { value: message.values[i] ?? null, quality: message.quality[i] ?? 0 }));
    this.time = message.time;
  }

  take_units(labels: readonly string[], units: readonly string[]): void {
    if (units.length !== labels.length) return;
    labels.forEach((label, i) => this.units.set(label, units[i]!));
  }

  reading(label: string): Reading {
    return this.readings.get(label) ?? missing;
  }

  value(label: string): number | null {
    return this.reading(label).value;
  }

  unit(label: string, otherwise: string): string {
    return this.units.get(label) || otherwise;
  }
}

/** Why a value is doubtful, in words; empty: it is not, or only its time is. */
export function why_doubtful(quality: number): string {
  const names = quality_of(quality & ~clock_bit);
  if (names.length === 0) return '';
  return t('doubtful', { why: names.map((name) => t(`quality_${name}`)).join('; ') });
}

export interface Panel {
  readonly element: HTMLElement;
  /** Labels that it shows now. */
  labels?(): string[];
  /** Whether it wants waveforms now. */
  scope_wanted?(): boolean;
  values?(board: Board): void;
  scope?(message: Extract<Message, { type: 'scope' }>): void;
  status?(status: Status): void;
  event?(event: MeterEvent): void;
  /** The connection is there (again): what was missed can be asked for. */
  connected?(): void;
  theme?(): void;
  stop?(): void;
}
