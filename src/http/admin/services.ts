import type { Administration } from '../../service/administration.ts';
import type { Services } from '../../service/context.ts';
import type { OperatorServices } from '../../service/operator-services.ts';
import type { Registries } from '../../service/registries.ts';

/** What the admin API works with. */
export interface AdminServices extends Administration {
  readonly services: Services;
  readonly operatorServices: OperatorServices;
  readonly registries: Registries;
  /** The server's URL as clients reach it, without a slash at the end. */
  readonly baseUrl: string;
}
