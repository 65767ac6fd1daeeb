import type { Board, Panel } from '../board';
import type { Session } from '../api';
import { h, icon, mark, set_attribute, set_text } from '../dom';
import type { LinkState } from '../live';
import { t, type TextKey } from '../lang';
import type { Status } from '../message';
import { next_theme, theme } from '../theme';
import { instant_ms, local_clock, local_date, utc_text } from '../time';

export interface Frame extends Panel {
  link(state: LinkState): void;
  /** The banner about the default password; null: none. */
  banner(content: HTMLElement | null): void;
}

export interface FrameActions {
  status(): void;
  password(): void;
  leave(): void;
  retry(): void;
}

type Mood = 'good' | 'wait' | 'bad';
const shapes: Record<Mood, string> = { good: '●', wait: '◐', bad: '▲' };

function chip(name: TextKey) {
  const shape = h('span', { class: 'shape', 'aria-hidden': 'true' });
  const value = h('span', { class: 'chip-value' }, '–');
  const element = h('div', { class: 'status-chip' }, shape, h('span', { class: 'chip-name' }, t(name)), value);
  return {
    element, value,
    show(mood: Mood, text: string, tip = '') {
      set_text(shape, shapes[mood]);
      element.dataset['mood'] = mood;
      set_text(value, text);
      set_attribute(element, 'data-tip', tip || null);
      set_attribute(element, 'tabindex', tip ? '0' : null);
    },
  };
}

export function frame(session: Session, sections: readonly [string, TextKey][], actions: FrameActions): Frame {
  const name = h('h1', {}, 'Polyphase');
  const model = h('p', { class: 'note' }, t('product'));
  const source = chip('source');
  const clock = chip('clock');
  const link = chip('connection');
  const meter_time = chip('meter_time');
  const spoken = h('p', { class: 'hidden-text', role: 'status' });
  meter_time.element.classList.add('meter-time');
  const retry = h('button', { type: 'button', class: 'button small', hidden: true, onclick: actions.retry }, t('retry'));
  link.element.append(retry);
  let timer = 0;

  const theme_icons = { auto: 'half', light: 'sun', dark: 'moon' } as const;
  const theme_text = () => t('theme', { theme: t(`theme_${theme()}`) });
  const show_theme = () => {
    theme_button.replaceChildren(icon(theme_icons[theme()]));
    set_attribute(theme_button, 'aria-label', theme_text());
    set_attribute(theme_button, 'data-tip', theme_text());
  };
  const theme_button = h('button', { type: 'button', class: 'button', onclick: () => { next_theme(); show_theme(); } });
  show_theme();
  const button = (name_of: Parameters<typeof icon>[0], text: string, call: () => void) =>
    h('button', { type: 'button', class: 'button', onclick: call }, icon(name_of), h('span', {}, text));
  const banner_place = h('div', { class: 'banner-place' });

  const element = h('header', { class: 'frame' },
    h('a', { class: 'skip', href: '#readings' }, t('skip')),
    h('div', { class: 'frame-top' },
      h('div', { class: 'brand' }, mark(), h('div', {}, name, model)),
      h('div', { class: 'chips' }, source.element, clock.element, link.element, meter_time.element),
      h('div', { class: 'actions' },
        button('status', t('status'), actions.status), theme_button,
        h('button', { type: 'button', class: 'button', 'data-tip': t('change_password'), 'aria-label': `${session.user}: ${t('change_password')}`, onclick: actions.password },
          icon('key'), h('span', {}, session.user)),
        button('leave', t('log_out'), actions.leave))),
    h('nav', { 'aria-label': t('sections') }, ...sections.map(([id, text]) => h('a', { href: `#${id}` }, t(text)))),
    spoken, banner_place);

  return {
    element,
    status(status: Status) {
      document.title = status.name ? `${status.name} – Polyphase` : 'Polyphase';
      set_text(name, status.name || 'Polyphase');
      set_text(model, `Polyphase ${status.version} · ${t('tier', { tier: status.tier })}`);
      source.show(status.source_running ? 'good' : 'bad',
        status.source_running ? status.source : `${status.source} – ${t('source_stopped')}`, status.source_note);
      clock.show(status.clock_synchronised ? 'good' : 'wait',
        status.clock_synchronised ? t('clock_synchronised') : t('clock_free'),
        status.clock_synchronised ? '' : t('clock_free_why'));
    },
    values(board: Board) {
      const ms = instant_ms(board.time);
      if (ms === null || !board.time) return;
      meter_time.show('good', `${local_date(ms)} ${local_clock(ms)}`, utc_text(board.time));
    },
    link(state: LinkState) {
      clearInterval(timer);
      retry.hidden = state.kind !== 'waiting';
      // Not the seconds of the countdown: only what changes.
      if (state.kind === 'live') set_text(spoken, `${t('connection')}: ${t('connection_live')}`);
      else if (state.kind === 'waiting') set_text(spoken, t('stale'));
      if (state.kind === 'live') link.show('good', t('connection_live'));
      else if (state.kind === 'connecting') link.show('wait', t('connection_connecting'), t('stale'));
      else if (state.kind === 'ended') link.show('bad', t('connection_ended'));
      else {
        const tell = () => link.show('wait',
          t('connection_waiting', { seconds: Math.max(0, Math.ceil((state.until_ms - Date.now()) / 1000)) }), t('stale'));
        tell();
        timer = window.setInterval(tell, 500);
      }
    },
    banner(content) {
      banner_place.replaceChildren(...(content ? [content] : []));
    },
    stop: () => clearInterval(timer),
  };
}
