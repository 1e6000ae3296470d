import type { Conversation } from './conversation.ts';
import { CYBERARK } from './cyberark.ts';
import { ENTRA_ID } from './entra-id.ts';
import { ENTRA_ID_WITH_FLAG } from './entra-id-with-flag.ts';
import { GOOGLE } from './google.ts';
import { JUMPCLOUD } from './jumpcloud.ts';
import { OKTA } from './okta.ts';
import { OKTA_WIZARD } from './okta-wizard.ts';
import { ONELOGIN } from './onelogin.ts';
import { ORACLE } from './oracle.ts';
import { PINGFEDERATE } from './pingfederate.ts';
import { PINGONE } from './pingone.ts';
import { RIPPLING } from './rippling.ts';
import { SAILPOINT } from './sailpoint.ts';
import { SAP } from './sap.ts';
import { WSO2 } from './wso2.ts';

/** Every provider whose requests are known. */
export const CONVERSATIONS: readonly Conversation[] = [
  ENTRA_ID,
  ENTRA_ID_WITH_FLAG,
  OKTA,
  OKTA_WIZARD,
  SAP,
  ONELOGIN,
  JUMPCLOUD,
  PINGONE,
  PINGFEDERATE,
  GOOGLE,
  SAILPOINT,
  CYBERARK,
  RIPPLING,
  ORACLE,
  WSO2,
];
