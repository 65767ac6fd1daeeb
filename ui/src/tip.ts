/** One tooltip for the page: whatever carries `data-tip` shows it on hover and on keyboard focus. */

import { h, set_text } from './dom';

export function start_tips(): void {
  const tip = h('div', { class: 'tip', role: 'tooltip', id: 'tip', hidden: true });
  document.body.append(tip);
  let owner: Element | null = null;

  const hide = () => {
    owner?.removeAttribute('aria-describedby');
    owner = null;
    tip.hidden = true;
  };
  const show = (target: EventTarget | null) => {
    const found = target instanceof Element ? target.closest('[data-tip]') : null;
    if (found === owner) return;
    hide();
    const text = found?.getAttribute('data-tip');
    if (!found || !text) return;
    owner = found;
    set_text(tip, text);
    (found.closest('dialog') ?? document.body).append(tip);
    tip.hidden = false;
    found.setAttribute('aria-describedby', 'tip');
    const box = found.getBoundingClientRect();
    const own = tip.getBoundingClientRect();
    const left = Math.min(Math.max(8, box.left + box.width / 2 - own.width / 2), innerWidth - own.width - 8);
    const above = box.top - own.height - 8;
    tip.style.left = `${left}px`;
    tip.style.top = `${above > 8 ? above : box.bottom + 8}px`;
  };
  document.addEventListener('pointerover', (e) => show(e.target));
  document.addEventListener('focusin', (e) => show(e.target));
  document.addEventListener('focusout', hide);
  document.addEventListener('scroll', hide, { capture: true, passive: true });
  document.addEventListener('keydown', (e) => { if (e.key === 'Escape') hide(); });
}
