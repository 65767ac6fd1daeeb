/** What makes a password possible, and how good it is. The meter has the last word. */

export const password_length_max = 16;

export interface PasswordView {
  /** Keys of texts of what is wrong. */
  wrong: ('password_empty' | 'password_long' | 'password_characters' | 'password_default')[];
  /** It works, but not everywhere: clients that take six letters and digits at most. */
  old_clients: boolean;
  /** 0 very weak to 4 very strong */
  strength: number;
}

export function judge_password(password: string): PasswordView {
  const wrong: PasswordView['wrong'] = [];
  if (password === '') wrong.push('password_empty');
  if (password === '0') wrong.push('password_default');
  if (password.length > password_length_max) wrong.push('password_long');
  if (!/^[\x20-\x7e]*$/.test(password)) wrong.push('password_characters');

  const classes = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].filter((c) => c.test(password));
  const alphabet = (/[a-z]/.test(password) ? 26 : 0) + (/[A-Z]/.test(password) ? 26 : 0) +
    (/[0-9]/.test(password) ? 10 : 0) + (/[^a-zA-Z0-9]/.test(password) ? 33 : 0);
  const variety = new Set(password).size;
  const bits = Math.min(password.length, variety * 1.5) * Math.log2(Math.max(2, alphabet));
  let strength = bits < 20 ? 0 : bits < 36 ? 1 : bits < 52 ? 2 : bits < 70 ? 3 : 4;
  if (classes.length < 2) strength = Math.min(strength, 2);
  return { wrong, old_clients: password.length > 6 || /[^a-zA-Z0-9]/.test(password), strength };
}
