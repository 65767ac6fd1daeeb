import { ApiError, log_in, type Session } from '../api';
import { h, mark, set_text } from '../dom';
import { is_language, language, languages, t, use_language } from '../lang';
import { remember } from '../theme';
import { field } from './password-dialog';

/** `entered`: with the session. `reason`: why somebody who was in is asked again. */
export function show_login(root: HTMLElement, entered: (session: Session) => void, reason = ''): void {
  document.documentElement.lang = language();
  document.title = `Polyphase – ${t('log_in')}`;
  const user = field('user', { name: 'user', autocomplete: 'username', autocapitalize: 'characters', spellcheck: 'false', maxlength: 64, required: true });
  const password = field('password', { name: 'password', type: 'password', autocomplete: 'current-password', maxlength: 64, required: true });
  const error = h('p', { class: 'form-error', role: 'alert' }, reason);
  const button = h('button', { type: 'submit', class: 'button primary wide' }, t('log_in'));
  const choice = h('select', { id: 'language', onchange: async () => {
    if (!is_language(choice.value)) return;
    const typed = user.input.value;
    remember('polyphase-language', choice.value);
    await use_language(choice.value);
    show_login(root, entered);
    root.querySelector<HTMLInputElement>('input[name=user]')!.value = typed;
    root.querySelector<HTMLElement>('#language')!.focus();
  } }, ...Object.entries(languages).map(([value, name]) => h('option', { value, lang: value, selected: value === language() }, name)));

  const submit = async (event: Event) => {
    event.preventDefault();
    button.disabled = true;
    set_text(button, t('logging_in'));
    set_text(error, '');
    try {
      entered(await log_in(user.input.value.trim(), password.input.value));
      return;
    } catch (problem) {
      const status = problem instanceof ApiError ? problem.status : 0;
      set_text(error, status === 0 ? t('unreachable') : status === 401 ? t('login_failed') : (problem as ApiError).message);
      password.input.select();
    }
    button.disabled = false;
    set_text(button, t('log_in'));
    password.input.focus();
  };

  root.replaceChildren(h('main', { class: 'login' },
    h('form', { class: 'login-card', onsubmit: (event: Event) => void submit(event) },
      h('div', { class: 'login-head' }, mark(), h('div', {}, h('h1', {}, 'Polyphase'), h('p', { class: 'note' }, t('product')))),
      user.element, password.element,
      h('div', { class: 'field' }, h('label', { for: 'language' }, t('language')), choice),
      error, button,
      h('p', { class: 'note login-hint' }, t('login_new')))));
  user.input.focus();
}
