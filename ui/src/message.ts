/** What the meter says over the live connection, checked before anything is believed. */

export interface MeterEvent {
  number: number;
  time: string;
  priority: number;
  actor: string;
  cause: string;
  cause_value: string;
  effect: string;
  effect_value: string;
}

export interface Service {
  name: string;
  state: 'off' | 'starting' | 'up' | 'failed';
  address: string;
  reason: string;
  connections: number;
}

export interface Status {
  name: string;
  version: string;
  tier: string;
  started: string | null;
  last_second: string | null;
  source: string;
  source_running: boolean;
  source_note: string;
  clock_synchronised: boolean;
  frequency_locked: boolean;
  default_password: boolean;
  store_bytes: number;
  store_bytes_max: number;
  store_trouble: string;
  records_lost: number;
  services: Service[];
}

export type Message =
  | { type: 'values'; time: string; values: (number | null)[]; quality: number[] }
  | { type: 'units'; units: string[] }
  | { type: 'scope'; time: string; rate: number; channels: Record<string, number[]> }
  | { type: 'event'; event: MeterEvent }
  | { type: 'status'; status: Status }
  | { type: 'end'; reason: string };

type Raw = Record<string, unknown>;

const text = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
const number_or = (value: unknown, otherwise: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const object = (value: unknown): Raw | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : null;

export function numbers(value: unknown): (number | null)[] {
  return list(value).map((v) => (typeof v === 'number' && Number.isFinite(v) ? v : null));
}

export function decode_event(raw: unknown): MeterEvent | null {
  const from = object(raw);
  if (!from || typeof from['number'] !== 'number' || typeof from['time'] !== 'string') return null;
  return {
    number: from['number'],
    time: from['time'],
    priority: Math.min(255, Math.max(0, number_or(from['priority'], 0))),
    actor: text(from['actor']),
    cause: text(from['cause']),
    cause_value: text(from['cause_value']),
    effect: text(from['effect']),
    effect_value: text(from['effect_value']),
  };
}

export function decode_status(raw: unknown): Status {
  const from = object(raw) ?? {};
  const time = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
  return {
    name: text(from['name']),
    version: text(from['version']),
    tier: text(from['tier']),
    started: time(from['started']),
    last_second: time(from['last_second']),
    source: text(from['source']),
    source_running: from['source_running'] === true,
    source_note: text(from['source_note']),
    clock_synchronised: from['clock_synchronised'] === true,
    frequency_locked: from['frequency_locked'] === true,
    default_password: from['default_password'] === true,
    store_bytes: number_or(from['store_bytes'], 0),
    store_bytes_max: number_or(from['store_bytes_max'], 0),
    store_trouble: text(from['store_trouble']),
    records_lost: number_or(from['records_lost'], 0),
    services: list(from['services']).flatMap((entry) => {
      const service = object(entry);
      if (!service) return [];
      const state = service['state'];
      return [{
        name: text(service['name']),
        state: state === 'up' || state === 'starting' || state === 'failed' ? state : 'off',
        address: text(service['address']),
        reason: text(service['reason']),
        connections: number_or(service['connections'], 0),
      }];
    }),
  };
}

/** Null: not a message of ours; newer servers may say more than we know. */
export function decode(data: string): Message | null {
  let raw: Raw | null;
  try {
    raw = object(JSON.parse(data));
  } catch {
    return null;
  }
  if (!raw) return null;
  switch (raw['type']) {
    case 'values':
      return {
        type: 'values',
        time: text(raw['time']),
        values: numbers(raw['values']),
        quality: list(raw['quality']).map((bits) => number_or(bits, 0)),
      };
    case 'units':
      return { type: 'units', units: list(raw['units']).map(text) };
    case 'scope': {
      const channels: Record<string, number[]> = {};
      for (const [name, samples] of Object.entries(object(raw['channels']) ?? {}))
        channels[name] = numbers(samples).map((v) => v ?? NaN);
      const rate = number_or(raw['rate'], 0);
      return rate > 0 ? { type: 'scope', time: text(raw['time']), rate, channels } : null;
    }
    case 'event': {
      const event = decode_event(raw);
      return event && { type: 'event', event };
    }
    case 'status':
      return { type: 'status', status: decode_status(raw) };
    case 'end':
      return { type: 'end', reason: text(raw['reason']) };
    default:
      return null;
  }
}

/** Bits of a value's quality, in the order of the bits; the names are keys of the texts too. */
export const quality_names = [
  'bridged', 'clipped', 'clock_unsynchronised', 'frequency_held', 'partial', 'disturbed',
] as const;
export type QualityName = (typeof quality_names)[number];

/** It says something of the time of a value, not of its size: shown once, at the clock. */
export const clock_bit = 1 << quality_names.indexOf('clock_unsynchronised');

export function quality_of(bits: number): QualityName[] {
  return quality_names.filter((_, i) => (bits & (1 << i)) !== 0);
}

export type Priority = 'info' | 'low' | 'medium' | 'high';

export function priority_of(value: number): Priority {
  return value >= 192 ? 'high' : value >= 128 ? 'medium' : value >= 64 ? 'low' : 'info';
}
