// Owns the status of HyperConverged: the operator's conditions, the certificates as they are, and the mediated devices.
// Must not know how they are issued or made.
import type { Cause } from '../../api/errors.ts';
import { clusterFields } from '../../api/kinds/hyper-converged-fields.ts';
import type { HyperConvergedSpec, HyperConvergedStatus } from '../../api/kinds/hyper-converged.ts';
import type { CertDurations } from '../certificates/cert-config.ts';
import type { CertificateFacts } from '../certificates/certificate-facts.ts';
import { certificateReport } from '../certificates/certificate-report.ts';
import { type NewCondition, type StatusCondition, withCondition, withoutCondition } from './conditions.ts';

export interface ObservedHyperConverged {
  readonly spec: HyperConvergedSpec;
  readonly status: HyperConvergedStatus | undefined;
  readonly generation: number;
}

export interface MediatedOutcome {
  readonly there: number;
  /** Some are being made or removed. */
  readonly isPending?: true;
  readonly causes: readonly Cause[];
  readonly failure?: string;
}

export interface HyperConvergedOutcome {
  readonly facts: CertificateFacts;
  readonly durations: CertDurations;
  readonly failures: readonly string[];
  /** Absent while no mediated device is wanted. */
  readonly mediated?: MediatedOutcome;
}

export function hyperConvergedStatus(
  { spec, status, generation }: ObservedHyperConverged,
  { facts, durations, failures, mediated }: HyperConvergedOutcome,
  now: number,
): HyperConvergedStatus {
  const works = failures.length === 0;
  const rows: readonly NewCondition[] = [
    { type: 'ReconcileComplete', status: works ? 'True' : 'False', ...wordsOf(failures) },
    // The certificates that are there stay in use.
    { type: 'Available', status: 'True', reason: 'ReconcileCompleted' },
    { type: 'Degraded', status: works ? 'False' : 'True', ...wordsOf(failures) },
  ];
  const known = rows.reduce<StatusCondition[]>((conditions, row) => withCondition(conditions, row, now), [...(status?.conditions ?? [])]);
  return {
    conditions: withMediated(withRemark(known, spec, now), mediated, now),
    observedGeneration: generation,
    ...(facts.authorities.length === 0 ? {} : { certificates: certificateReport(facts, durations, now) }),
  };
}

function wordsOf(failures: readonly string[]): Pick<NewCondition, 'reason' | 'message'> {
  return failures.length === 0
    ? { reason: 'ReconcileCompleted', message: 'Every certificate is as it should be.' }
    : { reason: 'CertificateRenewalFailed', message: failures.join(' ') };
}

/** A machine that asks for one learns more from its own start check. */
function withMediated(conditions: readonly StatusCondition[], mediated: MediatedOutcome | undefined, now: number): StatusCondition[] {
  const type = 'MediatedDevicesConfigured';
  if (mediated === undefined) return withoutCondition(conditions, type);
  const { there, isPending = false, causes, failure } = mediated;
  const pending = isPending ? ['Mediated devices are being made or removed; an administrator may be asked for a password.'] : [];
  const open = [...(failure === undefined ? [] : [failure]), ...pending, ...causes.map(({ message }) => message)];
  if (open.length === 0) {
    const message = there === 1 ? '1 mediated device is there, as wanted.' : `${there} mediated devices are there, as wanted.`;
    return withCondition(conditions, { type, status: 'True', reason: 'MediatedDevicesMade', message }, now);
  }
  const waiting = isPending ? 'MediatedDevicesPending' : (causes[0]?.reason ?? '');
  const reason = failure === undefined ? waiting : 'MakingFailed';
  return withCondition(conditions, { type, status: 'False', reason, message: open.join(' ') }, now);
}

function withRemark(conditions: readonly StatusCondition[], spec: HyperConvergedSpec, now: number): StatusCondition[] {
  const fields = [
    ...clusterFields.filter((name) => spec[name] !== undefined).map((name) => `spec.${name}`),
    ...(spec.resourceRequirements?.storageWorkloads === undefined ? [] : ['spec.resourceRequirements.storageWorkloads']),
  ];
  if (fields.length === 0) return withoutCondition(conditions, 'NotHonoured');
  const message = `Kept, and without effect on this computer: ${fields.join(', ')}.`;
  return withCondition(conditions, { type: 'NotHonoured', status: 'True', reason: 'NotHonoured', message }, now);
}
