import type { Config } from '../../config.ts';
import type { Administration } from '../../service/administration.ts';
import type { RequestContext, Services } from '../../service/context.ts';
import type { OperatorServices } from '../../service/operator-services.ts';
import type { Overview } from '../../service/overview.ts';
import type { Registries } from '../../service/registries.ts';
import type { RequestLog } from '../../service/request-log.ts';
import type { Statistics } from '../../service/statistics.ts';

/** Whom a change is put down to. */
export type Actor = RequestContext['actor'];

/** What the admin API works with. */
export interface AdminServices {
  readonly services: Services;
  /** The services that administer, on behalf of somebody. */
  readonly administer: (actor: Actor) => Administration;
  readonly requestLog: RequestLog;
  readonly operatorServices: OperatorServices;
  readonly registries: Registries;
  readonly overview: Overview;
  readonly statistics: Statistics;
  readonly config: Config;
  /** The server's URL as clients reach it, without a slash at the end. */
  readonly baseUrl: string;
}
