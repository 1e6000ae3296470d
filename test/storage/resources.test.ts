import { temporaryStorage } from '../support/server.ts';
import { describeResources } from './resource-contract.ts';

describeResources('SQLite', temporaryStorage);
