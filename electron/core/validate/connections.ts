// Owns the rules of a Connection.
// Must not read a kubeconfig: what it holds may change at any time.
import { connectionSpecSchema } from '../../api/kinds/connection-schema.ts';
import { type Rule, invalid } from './rule.ts';

export interface ConnectionDraft {
  readonly spec?: unknown;
}

const connectionSpec: Rule<ConnectionDraft> = ({ spec }) => {
  const parsed = connectionSpecSchema.safeParse(spec ?? {});
  if (parsed.success) return [];
  return parsed.error.issues.map(({ path, message }) => invalid(['spec', ...path.map(String)].join('.'), message));
};

export const connectionRules: readonly Rule<ConnectionDraft>[] = [connectionSpec];
