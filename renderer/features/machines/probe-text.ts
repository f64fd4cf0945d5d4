// Owns a probe as one line: what is asked, and how often.
// Must not touch the page.
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';

type Spec = NonNullable<VirtualMachine['spec']['template']['spec']>;
type Probe = NonNullable<Spec['livenessProbe']>;

export interface ProbeLine {
  /** Key under `failures:probe`. */
  readonly kind: 'readiness' | 'liveness';
  /** `tcp 22`, `http 8080/healthz`, `guest agent`, or the command. */
  readonly question: string;
  readonly periodSeconds: number;
}

export function probeLines(spec: Spec | undefined): readonly ProbeLine[] {
  const { readinessProbe, livenessProbe } = spec ?? {};
  return [...line('readiness', readinessProbe), ...line('liveness', livenessProbe)];
}

function line(kind: ProbeLine['kind'], probe: Probe | undefined): readonly ProbeLine[] {
  if (probe === undefined) return [];
  return [{ kind, question: questionOf(probe), periodSeconds: probe.periodSeconds ?? 10 }];
}

function questionOf({ tcpSocket, httpGet, exec }: Probe): string {
  if (exec !== undefined) return (exec.command ?? []).join(' ');
  if (httpGet !== undefined) return `${(httpGet.scheme ?? 'HTTP').toLowerCase()} ${portOf(httpGet)}${httpGet.path ?? '/'}`;
  return tcpSocket === undefined ? 'guest-ping' : `tcp ${portOf(tcpSocket)}`;
}

function portOf(action: object): string {
  return 'port' in action ? String(action.port) : '?';
}
