import { type Experiment, newOutcome } from './experiment.ts';
import { userNamed } from './messages.ts';
import { placeOn } from './place.ts';
import { createProxy } from './postgres-proxy.ts';
import { canServePostgres, createPostgres, queried } from './postgres-server.ts';
import { createInstallation, insist, isAcknowledged } from './server-process.ts';

/** A standby that is five seconds behind stands beside the primary: what was made is found at once, by any server. */
export const DELAYED_STANDBY: Experiment = {
  name: 'standby 5 s behind, POST then filter',
  databases: ['postgres'],
  rounds: 1000,
  fewRounds: 20,
  isPossible: canServePostgres,
  async run(rounds) {
    const outcome = newOutcome();
    const primary = await createPostgres();
    const standby = await primary.standby(['recovery_min_apply_delay=5s']);
    const proxy = await createProxy(primary.socket);
    const place = await placeOn(primary.url('postgres'), proxy.address);
    const installation = await createInstallation({ ...place, remove: async () => {} });
    try {
      const [one, other] = [await installation.start(), await installation.start()];
      for (; outcome.rounds < rounds; outcome.rounds++) {
        const name = `user-${outcome.rounds}`;
        const made = await one.send('POST', '/Users', userNamed(name));
        if (made?.status === 503) outcome.refused += 1;
        if (!isAcknowledged(outcome, made, `POST ${name}`, [503])) continue;
        const filter = encodeURIComponent(`emails.value eq "${name}@example.com"`);
        const found = await insist(outcome, other, 'GET', `/Users?filter=${filter}`);
        if (found?.json?.totalResults !== 1 || found.json.Resources[0].id !== made.json.id)
          outcome.lost.push(`${name} is not found: ${found?.status} ${found?.json?.totalResults}`);
      }
      const last = `SELECT id FROM resource WHERE user_name = 'user-${rounds - 1}'`;
      const isThere = await queried(standby.url(new URL(place.source).pathname.slice(1)), last).then(
        (rows) => rows.length > 0,
        // the table is not there either
        () => false,
      );
      if (isThere) outcome.halfDone.push('the standby was not behind');
      outcome.halfDone.push(...(await installation.read()).problems);
    } finally {
      await installation.close();
      await proxy.close();
      await standby.close();
      await primary.close();
    }
    return outcome;
  },
};
