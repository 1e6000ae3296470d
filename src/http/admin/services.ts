import type { Config } from '../../config.ts';
import type { Administration } from '../../service/administration.ts';
import type { Services } from '../../service/context.ts';
import type { OperatorServices } from '../../service/operator-services.ts';
import type { Overview } from '../../service/overview.ts';
import type { Registries } from '../../service/registries.ts';
import type { Statistics } from '../../service/statistics.ts';

/** What the admin API works with. */
export interface AdminServices extends Administration {
  readonly services: Services;
  readonly operatorServices: OperatorServices;
  readonly registries: Registries;
  readonly overview: Overview;
  readonly statistics: Statistics;
  readonly config: Config;
  /** How many requests the log has lost since the start; undefined: none are kept. */
  readonly droppedRequests: () => number | undefined;
  /** The server's URL as clients reach it, without a slash at the end. */
  readonly baseUrl: string;
}
