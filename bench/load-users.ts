/** The loading process: fills the data directory of a Roster that does not run, and reports how long that took. */
import { writeFileSync } from 'node:fs';
import { loadUsers } from './loading.ts';

export type LoadReport = { seconds: number; loaded: number };

const [dataDirectory = '', users = '', idsFile = ''] = process.argv.slice(2);
const { ids, seconds } = await loadUsers(dataDirectory, Number(users));
writeFileSync(idsFile, ids.map((id) => `${id}\n`).join(''));
process.send?.({ seconds, loaded: ids.length } satisfies LoadReport);
