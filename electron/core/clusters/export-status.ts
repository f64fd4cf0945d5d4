// Owns what the status of a VirtualMachineExport becomes, in KubeVirt's words.
// Must not know where this computer listens; it is told.
import type { VirtualMachineExport } from '../../api/kinds/virtual-machine-export.ts';
import { millisecondsOf, parseDuration } from '../../api/duration.ts';
import { timestamp } from '../../api/timestamp.ts';

type Status = NonNullable<VirtualMachineExport['status']>;

export type ExportFact =
  | { readonly type: 'Waiting'; readonly reason: string; readonly message: string }
  | {
      readonly type: 'Ready';
      /** Such as https://127.0.0.1:8443. */
      readonly origin: string;
      /** PEM of who vouches for it. */
      readonly authorities: string;
      readonly claims: readonly string[];
      readonly machine?: string;
    };

/** KubeVirt's default. */
const usualTtlMs = 2 * 3_600_000;

/** Milliseconds since 1970 after which nobody is given anything any more. */
export function exportEndMs({ metadata, spec }: VirtualMachineExport): number {
  return Date.parse(metadata.creationTimestamp) + ttlMs(spec.ttlDuration);
}

function ttlMs(text: string | undefined): number {
  const parsed = parseDuration(text ?? '');
  return parsed.ok ? millisecondsOf(parsed.duration) : usualTtlMs;
}

export function exportStatusAfter(object: VirtualMachineExport, fact: ExportFact, now: number): Status {
  const { namespace = 'default', name } = object.metadata;
  const isReady = fact.type === 'Ready';
  const base: Status = {
    ...object.status,
    phase: isReady ? 'Ready' : 'Pending',
    ttlExpirationTime: timestamp(exportEndMs(object)),
    tokenSecretRef: tokenSecretOf(object),
    conditions: [
      condition(
        object.status,
        { status: isReady ? 'True' : 'False', reason: isReady ? 'PodReady' : fact.reason, message: isReady ? '' : fact.message },
        now,
      ),
    ],
  };
  if (!isReady) return { ...base, links: {} };
  const volumes = fact.claims.map((claim) => ({
    name: claim,
    formats: [
      { format: 'gzip', url: `${fact.origin}${exportPath({ namespace, name, claim })}/disk.img.gz` },
      { format: 'raw', url: `${fact.origin}${exportPath({ namespace, name, claim })}/disk.img` },
    ],
  }));
  const link = { cert: fact.authorities, volumes };
  return {
    ...base,
    links: { external: link, internal: link },
    ...(fact.machine === undefined ? {} : { virtualMachineName: fact.machine }),
  };
}

/** KubeVirt makes one when its author named none. */
export function tokenSecretOf({ metadata, spec }: VirtualMachineExport): string {
  return spec.tokenSecretRef ?? `export-token-${metadata.name}`;
}

export function exportPath({
  namespace,
  name,
  claim,
}: {
  readonly namespace: string;
  readonly name: string;
  readonly claim: string;
}): string {
  return `/v1beta1/exports/${namespace}/${name}/${claim}`;
}

interface NewCondition {
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

function condition(status: Status | undefined, next: NewCondition, now: number): NonNullable<Status['conditions']>[number] {
  const old = status?.conditions?.find(({ type }) => type === 'Ready');
  if (old?.status === next.status && old.reason === next.reason && old.message === next.message) return old;
  // The published type forgets the times of the condition.
  return { type: 'Ready', ...next, lastTransitionTime: timestamp(now) } as NonNullable<Status['conditions']>[number];
}
