import { entraId } from './entra-id.ts';
import { google } from './google.ts';
import type { Guide } from './guide.ts';
import { jumpcloud } from './jumpcloud.ts';
import { okta } from './okta.ts';
import { onelogin } from './onelogin.ts';
import { other } from './other.ts';
import { ping } from './ping.ts';
import { sailpoint } from './sailpoint.ts';
import { sap } from './sap.ts';

/** In the order in which they are offered. */
export const GUIDES: readonly Guide[] = [
  entraId,
  okta,
  sap,
  onelogin,
  jumpcloud,
  ping,
  google,
  sailpoint,
  other,
];
