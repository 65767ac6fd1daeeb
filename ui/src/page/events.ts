import { events_before, newest_events } from '../api';
import type { Panel } from '../board';
import { h, set_text } from '../dom';
import { t } from '../lang';
import { priority_of, type MeterEvent, type Priority } from '../message';
import { instant_ms, local_clock_ms, local_date, utc_text } from '../time';
import { card, select } from './card';

/** What the page keeps; older ones are asked for again. */
const kept_max = 2_000;
const shapes: Record<Priority, string> = { high: '■', medium: '◆', low: '▲', info: '●' };
const lowest: Record<Priority, number> = { info: 0, low: 64, medium: 128, high: 192 };
const announce_ms = 3_000;

export function what_happened(event: MeterEvent): string {
  return said(event.effect, event.effect_value) || said(event.cause, event.cause_value);
}

function said(what: string, value: string): string {
  return [what, value].filter(Boolean).join(': ');
}

function row_of(event: MeterEvent): HTMLTableRowElement {
  const priority = priority_of(event.priority);
  const ms = instant_ms(event.time) ?? 0;
  const cause = event.effect ? said(event.cause, event.cause_value) : '';
  return h('tr', { role: 'row', class: `priority-${priority}` },
    h('td', { role: 'cell', class: 'event-priority' },
      h('span', { class: 'badge' }, h('span', { 'aria-hidden': 'true' }, shapes[priority]), ` ${t(`priority_${priority}`)}`),
      h('span', { class: 'number' }, String(event.priority))),
    h('td', { role: 'cell', class: 'event-time number' },
      h('time', { datetime: event.time, 'data-tip': utc_text(event.time) },
        h('span', { class: 'date' }, local_date(ms)), ` ${local_clock_ms(ms)}`)),
    h('td', { role: 'cell', class: 'event-what' }, h('strong', {}, what_happened(event)),
      cause ? h('span', { class: 'note' }, t('event_cause', { cause })) : null),
    h('td', { role: 'cell', class: 'event-actor' }, event.actor),
    h('td', { role: 'cell', class: 'event-number number' }, String(event.number)));
}

export function events_panel(): Panel {
  let events: MeterEvent[] = [];
  const rows = new Map<number, HTMLTableRowElement>();
  let priority_min = 0;
  let words = '';
  let ended = false;
  const news: MeterEvent[] = [];
  let announce_timer = 0;

  const body = h('tbody', { role: 'rowgroup' });
  const count = h('span', { class: 'note number' });
  const empty = h('p', { class: 'plot-empty' }, t('events_none'));
  const spoken = h('p', { class: 'hidden-text', role: 'status', 'aria-live': 'polite' });
  const older = h('button', { type: 'button', class: 'button', onclick: () => void load_older() }, t('events_older'));
  const search = h('input', { type: 'search', 'aria-label': t('events_filter'), placeholder: t('events_filter'),
    oninput: () => { words = search.value.trim().toLowerCase(); filter(); } });
  const head = (name: Parameters<typeof t>[0], kind: string) => h('th', { scope: 'col', role: 'columnheader', class: kind }, t(name));

  const element = card('events', 'events', [
    count,
    select(t('events_from'), (['info', 'low', 'medium', 'high'] as const).map((p) => ({
      value: p, text: p === 'info' ? `${t('events_from')}: ${t('priority_all')}` : p === 'high' ? t('priority_high') : t('priority_and_up', { priority: t(`priority_${p}`) }),
    })), 'info' as Priority, (p) => { priority_min = lowest[p]; filter(); }),
    search,
  ],
  h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-labelledby': 'events-title' },
    h('table', { class: 'event-table', role: 'table' },
      h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, head('events_from', 'event-priority'), head('event_time', 'event-time'),
        head('event_what', 'event-what'), head('event_actor', 'event-actor'), head('event_number', 'event-number'))),
      body), empty),
  h('div', { class: 'card-foot' }, older), spoken);

  const passes = (event: MeterEvent) => event.priority >= priority_min &&
    (words === '' || `${what_happened(event)} ${event.cause} ${event.cause_value} ${event.actor} ${event.number}`.toLowerCase().includes(words));
  const tell_count = () => {
    const shown = events.reduce((n, e) => n + (passes(e) ? 1 : 0), 0);
    set_text(count, t('events_count', { shown, loaded: events.length }));
    empty.hidden = shown > 0;
    set_text(empty, events.length === 0 ? t('events_none') : t('events_none_shown'));
  };
  const filter = () => {
    for (const event of events) rows.get(event.number)!.hidden = !passes(event);
    tell_count();
  };
  const add = (list: readonly MeterEvent[]) => {
    for (const event of list) {
      if (rows.has(event.number)) continue;
      const row = row_of(event);
      row.hidden = !passes(event);
      let at = 0;
      while (at < events.length && events[at]!.number > event.number) ++at;
      const next = events[at];
      events.splice(at, 0, event);
      body.insertBefore(row, next ? rows.get(next.number)! : null);
      rows.set(event.number, row);
    }
    while (events.length > kept_max) {
      const gone = events.pop()!;
      rows.get(gone.number)?.remove();
      rows.delete(gone.number);
    }
    tell_count();
  };
  const announce = () => {
    announce_timer = 0;
    const last = news[news.length - 1];
    if (!last) return;
    const what = what_happened(last);
    set_text(spoken, news.length === 1 ? t('event_new', { priority: t(`priority_${priority_of(last.priority)}`), what })
      : t('events_new', { n: news.length, what }));
    news.length = 0;
  };
  const load_older = async () => {
    const oldest = events[events.length - 1];
    if (!oldest) return;
    older.disabled = true;
    try {
      const page = await events_before(oldest.number);
      ended = page.length === 0;
      add(page);
    } catch { /* the button stays: try again */ }
    older.disabled = ended;
    set_text(older, ended ? t('events_oldest') : t('events_older'));
  };
  tell_count();

  return {
    element,
    connected: () => void newest_events().then(add).catch(() => undefined),
    event(event: MeterEvent) {
      add([event]);
      rows.get(event.number)?.classList.add('fresh');
      news.push(event);
      announce_timer ||= window.setTimeout(announce, announce_ms);
    },
    stop: () => clearTimeout(announce_timer),
  };
}
