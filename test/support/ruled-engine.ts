import type { Engine } from '../../src/storage/sql/engine.ts';
import { brokenRules } from '../sql-rules/statements.ts';
import { watchedEngine } from './watched-engine.ts';

/**
 * An engine that refuses statements which break a rule for engines that spread tenants over servers.
 *
 * @param onComplaint told about each, since what runs in the background may pass over the error
 */
export function ruledEngine(engine: Engine, onComplaint: (complaint: string) => void): Engine {
  return watchedEngine(engine, (sql, params, tenantId) => {
    const broken = brokenRules(sql, params, tenantId);
    if (broken.length === 0) return;
    const complaint = `${broken.join(', ')}: ${sql}`;
    onComplaint(complaint);
    throw new Error(complaint);
  });
}
