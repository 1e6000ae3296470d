import type { KeyObject } from 'node:crypto';
import type { Config } from '../config.ts';
import { hasSecretKey, keyFileOf, readSecretKey } from '../service/keys.ts';
import { ServiceError } from '../service/service-error.ts';
import { makeDataDir } from './installation.ts';

/**
 * The secret key for what comes from elsewhere: it has to be that of the server it comes from, so none is made here.
 *
 * @param what `export` or `backup`, for the message
 * @param acceptKey whether another key will do, and so a new one
 * @throws ServiceError when there is no key
 */
export function keyForMoved(config: Config, what: string, acceptKey: boolean): KeyObject {
  if (!acceptKey && !hasSecretKey(config))
    throw new ServiceError(
      'failed',
      `There is no secret key here, and the credentials of the ${what} work only with the one they were made with: put ` +
        `it into ${keyFileOf(config.dataDir)}, or set ROSTER_SECRET_KEY. If it is lost, --accept-key goes on ` +
        'without it, and every credential has to be made anew.',
    );
  makeDataDir(config);
  return readSecretKey(config);
}
