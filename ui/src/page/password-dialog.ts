import { ApiError, change_password } from '../api';
import { h, set_attribute, set_text, unique_id } from '../dom';
import { t } from '../lang';
import { judge_password, password_length_max } from '../password';

export function field(name: Parameters<typeof t>[0], attributes: Record<string, string | number | boolean>): { element: HTMLElement; input: HTMLInputElement } {
  const id = unique_id('field');
  const input = h('input', { id, ...attributes });
  return { element: h('div', { class: 'field' }, h('label', { for: id }, t(name)), input), input };
}

/** `changed`: after the meter took the new one. */
export function password_dialog(user: string, is_default: boolean, changed: () => void): HTMLDialogElement {
  const secret = { type: 'password', maxlength: 64, required: true };
  const current = field('password_current', { ...secret, autocomplete: 'current-password' });
  const fresh = field('password_fresh', { ...secret, autocomplete: 'new-password', 'aria-describedby': 'password-rules password-strength password-error' });
  const again = field('password_again', { ...secret, autocomplete: 'new-password', 'aria-describedby': 'password-error' });
  const meter = h('div', { class: 'strength', 'data-level': 'none', 'aria-hidden': 'true' }, h('i'), h('i'), h('i'), h('i'), h('i'));
  const strength = h('span', { id: 'password-strength' }, '\u00a0');
  const warning = h('p', { class: 'note warn' }, '\u00a0');
  const error = h('p', { class: 'form-error', id: 'password-error', role: 'alert' });
  const save = h('button', { type: 'submit', class: 'button primary' }, t('save'));
  const inputs = [current.input, fresh.input, again.input];

  const judge = () => {
    const view = judge_password(fresh.input.value);
    const empty = fresh.input.value === '';
    set_attribute(meter, 'data-level', empty ? 'none' : String(view.strength));
    set_text(strength, empty ? '\u00a0' : `${t('strength')}: ${t(`strength_${view.strength as 0 | 1 | 2 | 3 | 4}`)}`);
    set_text(warning, !empty && view.old_clients ? t('password_old_clients') : '\u00a0');
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    const view = judge_password(fresh.input.value);
    const wrong = view.wrong[0];
    if (wrong) return fail(t(wrong), fresh.input);
    if (fresh.input.value !== again.input.value) return fail(t('password_differs'), again.input);
    save.disabled = true;
    try {
      await change_password(user, current.input.value, fresh.input.value);
      dialog.close();
      changed();
    } catch (problem) {
      const text = problem instanceof ApiError && problem.status > 0 ? problem.message : t('unreachable');
      fail(text, problem instanceof ApiError && problem.status === 400 ? fresh.input : current.input);
    }
    save.disabled = false;
  };
  const fail = (text: string, at: HTMLInputElement) => {
    for (const input of inputs) set_attribute(input, 'aria-invalid', input === at ? 'true' : null);
    set_text(error, text);
    at.focus();
  };

  const dialog = h('dialog', { class: 'dialog', 'aria-labelledby': 'password-title', onclose: () => dialog.remove() },
    h('form', { method: 'dialog', onsubmit: (event: Event) => void submit(event) },
      h('h2', { id: 'password-title' }, `${t('change_password')}: ${user}`),
      is_default ? h('p', { class: 'notice' }, h('strong', {}, `${t('default_title')}.`), ' ', t('default_text')) : null,
      h('input', { type: 'text', autocomplete: 'username', value: user, hidden: true, 'aria-hidden': 'true' }),
      current.element, fresh.element,
      h('div', { class: 'strength-line' }, meter, strength),
      h('p', { class: 'note', id: 'password-rules' }, t('password_rules')),
      again.element, warning,
      h('label', { class: 'check' }, h('input', { type: 'checkbox', onchange: (event: Event) => {
        for (const input of inputs) input.type = (event.target as HTMLInputElement).checked ? 'text' : 'password';
      } }), t('show')),
      h('p', { class: 'note' }, t('password_safe')),
      error,
      h('div', { class: 'buttons' },
        h('button', { type: 'button', class: 'button', onclick: () => dialog.close() }, is_default ? t('later') : t('cancel')), save)));
  fresh.input.addEventListener('input', judge);
  set_attribute(fresh.input, 'data-length-max', String(password_length_max));
  return dialog;
}
