import 'uplot/dist/uPlot.min.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/panels.css';

import { session, type Session } from './api';
import { h } from './dom';
import { best_language, is_language, t, use_language } from './lang';
import { show_login } from './page/login';
import { show_monitor } from './page/monitor';
import { remembered, start_theme } from './theme';
import { start_tips } from './tip';

async function start(root: HTMLElement): Promise<void> {
  start_theme();
  const wish = remembered('polyphase-language');
  await use_language(is_language(wish) ? wish : best_language(navigator.languages));
  start_tips();
  const enter = (who: Session) => show_monitor(root, who, (reason) => show_login(root, enter, reason));
  try {
    const who = await session();
    if (who) enter(who);
    else show_login(root, enter);
  } catch {
    root.replaceChildren(h('main', { class: 'login' }, h('div', { class: 'login-card' },
      h('p', { role: 'alert' }, t('unreachable')),
      h('button', { type: 'button', class: 'button primary wide', onclick: () => location.reload() }, t('retry')))));
  }
}

void start(document.getElementById('root')!);
