import { temporaryStorage } from '../support/server.ts';
import { describeMemberNames } from './member-name-contract.ts';
import { describeResources } from './resource-contract.ts';

describeResources(temporaryStorage);
describeMemberNames(temporaryStorage);
