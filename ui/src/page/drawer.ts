import type { Panel } from '../board';
import { h, icon, set_text } from '../dom';
import { decimal, t } from '../lang';
import type { Status } from '../message';
import { duration_text, instant_ms } from '../time';
import { fixed } from '../units';

const shapes = { up: '●', starting: '◐', off: '○', failed: '✕' } as const;

function bytes(n: number): string {
  for (const [unit, size] of [['GB', 1e9], ['MB', 1e6], ['kB', 1e3]] as const)
    if (n >= size) return `${fixed(n / size, 1, decimal())} ${unit}`;
  return `${n} B`;
}

export interface Drawer extends Panel {
  open(): void;
}

export function status_drawer(): Drawer {
  const services = h('tbody');
  const pairs = h('dl', { class: 'lines' });
  const value = (name: Parameters<typeof t>[0]) => {
    const dd = h('dd');
    pairs.append(h('div', {}, h('dt', {}, t(name)), dd));
    return dd;
  };
  const name = value('meter');
  const version = value('version');
  const since = value('running_since');
  const source = value('source');
  const frequency = value('frequency_locked');
  const clock = value('clock');
  const store = value('store');
  const source_note = h('p', { class: 'note' });
  const store_note = h('p', { class: 'note' });
  const fill = h('span', { class: 'fill' });
  const dialog = h('dialog', { class: 'drawer', 'aria-labelledby': 'drawer-title', onclick: (event: MouseEvent) => {
    if (event.target === dialog) dialog.close();
  } },
  h('div', { class: 'drawer-body' },
    h('header', { class: 'card-head' }, h('h2', { id: 'drawer-title' }, t('status')),
      h('button', { type: 'button', class: 'button', 'aria-label': t('close'), onclick: () => dialog.close() }, icon('close'))),
    pairs, source_note, h('div', { class: 'bar', 'aria-hidden': 'true' }, fill), store_note,
    h('h3', {}, t('services')),
    h('table', { class: 'small-table services' },
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t('service')), h('th', { scope: 'col' }, t('state')),
        h('th', { scope: 'col' }, t('address')), h('th', { scope: 'col' }, t('connections')))),
      services)));

  const show = (status: Status) => {
    const seconds = instant_ms(status.last_second ?? undefined);
    const started = instant_ms(status.started ?? undefined);
    set_text(name, status.name);
    set_text(version, `${status.version} · ${t('tier', { tier: status.tier })}`);
    set_text(since, seconds !== null && started !== null ? duration_text((seconds - started) / 1000) : '–');
    set_text(source, `${status.source} – ${status.source_running ? t('source_running') : t('source_stopped')}`);
    set_text(frequency, status.frequency_locked ? t('locked') : t('not_locked'));
    set_text(clock, status.clock_synchronised ? t('clock_synchronised') : t('clock_free'));
    set_text(store, t('store_used', { used: bytes(status.store_bytes), all: bytes(status.store_bytes_max) }));
    set_text(source_note, status.source_note);
    const part = status.store_bytes_max > 0 ? Math.min(1, status.store_bytes / status.store_bytes_max) : 0;
    fill.style.width = `${(100 * part).toFixed(1)}%`;
    const lost = status.records_lost > 0 ? t('records_lost', { n: status.records_lost }) : '';
    set_text(store_note, [status.store_trouble, lost].filter(Boolean).join(' · ') || t('store_good'));
    store_note.classList.toggle('bad', status.store_trouble !== '' || lost !== '');
    services.replaceChildren(...status.services.flatMap((service) => [
      h('tr', { class: `state-${service.state}` },
        h('th', { scope: 'row' }, service.name),
        h('td', {}, h('span', { class: 'state', 'aria-hidden': 'true' }, shapes[service.state]), ` ${t(`state_${service.state}`)}`),
        h('td', { class: 'number' }, service.address || '–'),
        h('td', { class: 'number' }, String(service.connections))),
      ...(service.reason ? [h('tr', { class: 'reason' }, h('td', { colspan: 4 }, service.reason))] : []),
    ]));
  };
  let latest: Status | null = null;
  return {
    element: dialog,
    status(status: Status) {
      latest = status;
      if (dialog.open) show(status);
    },
    open() {
      if (latest) show(latest);
      dialog.showModal();
    },
  };
}
