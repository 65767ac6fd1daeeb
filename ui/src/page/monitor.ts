import { log_out, type Session } from '../api';
import { Board, type Panel } from '../board';
import { h } from '../dom';
import { language, t, type TextKey } from '../lang';
import { Live, type LinkState, type Wish } from '../live';
import type { Message } from '../message';
import { on_theme } from '../theme';
import { status_drawer } from './drawer';
import { energy_panel } from './energy';
import { events_panel } from './events';
import { frame } from './frame';
import { harmonics_panel } from './harmonics';
import { password_dialog } from './password-dialog';
import { phasors_panel } from './phasors';
import { readings_panel } from './readings';
import { scope_panel } from './scope';
import { trend_panel } from './trend';

const sections: readonly [string, TextKey][] = [
  ['readings', 'readings'], ['phasors', 'phasors'], ['scope', 'waveforms'], ['energy', 'energy_demand'],
  ['harmonics', 'harmonics'], ['trend', 'trend'], ['events', 'events'],
];

/** The page behind the login. `left`: with the reason, when somebody has to log in again. */
export function show_monitor(root: HTMLElement, session: Session, left: (reason: string) => void): void {
  document.documentElement.lang = language();
  const board = new Board();
  /** Labels of subscriptions that the server has not confirmed by its units yet; then in force. */
  const waiting: string[][] = [];
  let labels: string[] = [];
  let subscribe_timer = 0;
  let default_password = session.default_password;
  let panels: Panel[] = [];

  const wish = (): Wish => {
    const all = new Set(panels.flatMap((panel) => panel.labels?.() ?? []));
    return { values: [...all], cadence: 'second', scope: panels.some((panel) => panel.scope_wanted?.()), events: true };
  };
  const live = new Live(wish, (message) => take(message), (state) => link(state), (asked) => waiting.push(asked));
  const subscribe = () => {
    clearTimeout(subscribe_timer);
    subscribe_timer = window.setTimeout(() => live.subscribe(), 50);
  };

  const drawer = status_drawer();
  const head = frame(session, sections, {
    status: () => drawer.open(),
    password: () => ask_password(),
    leave: () => { void log_out().catch(() => undefined).then(() => end('')); },
    retry: () => live.now(),
  });
  const ask_password = () => {
    const dialog = password_dialog(session.user, default_password, () => {
      default_password = false;
      head.banner(h('p', { class: 'banner good', role: 'status' }, t('password_changed')));
    });
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector<HTMLInputElement>('input[autocomplete=current-password]')?.focus();
  };
  const warn_default = () => head.banner(h('div', { class: 'banner warn', role: 'status' },
    h('p', {}, h('strong', {}, `▲ ${t('default_title')}. `), t('default_text')),
    h('button', { type: 'button', class: 'button', onclick: ask_password }, t('change_password'))));

  panels = [head, drawer, readings_panel(), phasors_panel(), scope_panel(subscribe), energy_panel(),
    harmonics_panel(subscribe), trend_panel(subscribe), events_panel()];
  const [, , ...cards] = panels;
  const main = h('main', { class: 'page', id: 'main' }, ...cards.map((panel) => panel.element));
  root.replaceChildren(head.element, main, drawer.element);
  if (default_password) warn_default();

  const each = (call: (panel: Panel) => void) => panels.forEach(call);
  const off_theme = on_theme(() => each((panel) => panel.theme?.()));
  document.addEventListener('visibilitychange', subscribe);

  const take = (message: Message) => {
    switch (message.type) {
      case 'units': {
        labels = waiting.shift() ?? labels;
        board.take_units(labels, message.units);
        break;
      }
      case 'values':
        // Of a subscription whose units are still to come, unless only the newest can be meant.
        if (waiting.length > 0) {
          const newest = waiting[waiting.length - 1]!;
          if (message.values.length === labels.length || message.values.length !== newest.length) break;
          labels = newest;
          waiting.length = 0;
        }
        board.take_values(labels, message);
        each((panel) => panel.values?.(board));
        break;
      case 'scope':
        each((panel) => panel.scope?.(message));
        break;
      case 'event':
        each((panel) => panel.event?.(message.event));
        break;
      case 'status':
        each((panel) => panel.status?.(message.status));
        break;
      case 'end':
        break;
    }
  };
  let was_live = false;
  const link = (state: LinkState) => {
    head.link(state);
    main.classList.toggle('stale', state.kind !== 'live' && was_live);
    if (state.kind === 'connecting') waiting.length = 0;
    if (state.kind === 'live') {
      was_live = true;
      each((panel) => panel.connected?.());
    }
    if (state.kind === 'ended')
      head.banner(h('div', { class: 'banner bad', role: 'alert' },
        h('p', {}, h('strong', {}, `▲ ${t('session_ended')}. `), state.reason),
        h('button', { type: 'button', class: 'button primary', onclick: () => end(state.reason) }, t('log_in_again'))));
  };
  const end = (reason: string) => {
    clearTimeout(subscribe_timer);
    live.stop();
    off_theme();
    document.removeEventListener('visibilitychange', subscribe);
    each((panel) => panel.stop?.());
    left(reason);
  };

  live.start();
  if (default_password) ask_password();
}
