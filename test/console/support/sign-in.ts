import type { Account } from './operator.ts';
import type { Visit } from './visit.ts';

/** Signs in at the page for that, which is where one comes to from every other one. */
export async function signIn(visit: Visit, { email, password }: Account, path = ''): Promise<void> {
  const { page } = visit;
  // the console asks whether somebody is signed in
  visit.allow(/^401 GET \/api\/v1\/session$/);
  await visit.open(path);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page
    .getByRole('navigation', { name: 'Main' })
    .or(page.getByRole('button', { name: 'Open navigation' }))
    .first()
    .waitFor();
}
