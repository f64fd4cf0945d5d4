// Owns the start check as one answer: that a machine could not even be stored as it is, is a reason like the others.
// Must not judge.
import type { StartCheck } from '../../electron/api/start-check.ts';
import { ApiError } from './api-error.ts';
import type { Client } from './client.ts';

export async function answeredCheck(
  client: Pick<Client, 'startCheck'>,
  ...[machine, options]: Parameters<Client['startCheck']>
): Promise<StartCheck> {
  try {
    return await client.startCheck(machine, options);
  } catch (error) {
    if (!(error instanceof ApiError) || error.causes.length === 0) throw error;
    const { causes } = error;
    return { apiVersion: 'virtdeck.io/v1alpha1', kind: 'StartCheck', allowed: false, causes, warnings: [], passed: [] };
  }
}
