/** The meter's HTTP interface, as far as the page uses it. */

import { decode_event, numbers, type MeterEvent } from './message';

export interface Session {
  user: string;
  rights: string[];
  default_password: boolean;
  idle_s_max: number;
}

export class ApiError extends Error {
  /** `status` 0: the meter did not answer. */
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

export function address(path: string): URL {
  return new URL(`api/v1/${path}`, document.baseURI);
}

async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (method !== 'GET') headers['X-Polyphase'] = '1';
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let answer: Response;
  try {
    answer = await fetch(address(path), {
      method, headers, credentials: 'same-origin', cache: 'no-store',
      body: body === undefined ? null : JSON.stringify(body),
    });
  } catch {
    throw new ApiError(0, '');
  }
  const content: unknown = answer.status === 204 ? null : await answer.json().catch(() => null);
  if (answer.ok) return content;
  const error = (content as { error?: unknown } | null)?.error;
  throw new ApiError(answer.status, typeof error === 'string' ? error : `${answer.status} ${answer.statusText}`);
}

const list_of = (labels: readonly string[]): string => labels.map(encodeURIComponent).join(',');

const object = (raw: unknown): Record<string, unknown> =>
  typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>) : {};

function session_of(raw: unknown): Session {
  const from = object(raw);
  return {
    user: String(from['user'] ?? ''),
    rights: Array.isArray(from['rights']) ? from['rights'].map(String) : [],
    default_password: from['default_password'] === true,
    idle_s_max: Number(from['idle_s_max']) || 0,
  };
}

/** Null: nobody is logged in. */
export async function session(): Promise<Session | null> {
  try {
    return session_of(await ask('GET', 'session'));
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

export async function log_in(user: string, password: string): Promise<Session> {
  return session_of(await ask('POST', 'session', { user, password }));
}

export async function log_out(): Promise<void> {
  await ask('DELETE', 'session');
}

export async function change_password(user: string, current: string, fresh: string): Promise<void> {
  await ask('POST', 'password', { user, current, fresh });
}

/** When each value was: of an extreme, when it occurred. */
export async function times_of(labels: readonly string[]): Promise<(string | null)[]> {
  const raw = object(await ask('GET', `values?labels=${list_of(labels)}`));
  const values = Array.isArray(raw['values']) ? raw['values'].map(object) : [];
  return labels.map((label) => {
    const time = values.find((v) => v['label'] === label)?.['time'];
    return typeof time === 'string' ? time : null;
  });
}

async function events(query: string): Promise<MeterEvent[]> {
  const raw = object(await ask('GET', `events?${query}`));
  const list = Array.isArray(raw['events']) ? raw['events'] : [];
  return list.map(decode_event).filter((e): e is MeterEvent => e !== null).sort((a, b) => b.number - a.number);
}

export const events_page = 100;

export const newest_events = (): Promise<MeterEvent[]> => events(`newest=1&limit=${events_page}`);

/** The stretch of numbers below `number`, newest first; empty: there are none. */
export async function events_before(number: number): Promise<MeterEvent[]> {
  if (number <= 1) return [];
  const page = await events(`from=${Math.max(1, number - events_page)}&limit=${events_page}`);
  return page.filter((event) => event.number < number);
}

export interface Trend {
  step_s: number;
  time_end: string;
  labels: string[];
  values: (number | null)[][];
}

export async function trend_labels(): Promise<string[]> {
  const raw = object(await ask('GET', 'trend'));
  return Array.isArray(raw['labels']) ? raw['labels'].map(String) : [];
}

export async function trend(labels: readonly string[], seconds: number): Promise<Trend> {
  const raw = object(await ask('GET', `trend?labels=${list_of(labels)}&seconds=${seconds}`));
  return {
    step_s: Number(raw['step_s']) || 1,
    time_end: String(raw['time_end'] ?? ''),
    labels: Array.isArray(raw['labels']) ? raw['labels'].map(String) : [],
    values: Array.isArray(raw['values']) ? raw['values'].map(numbers) : [],
  };
}
