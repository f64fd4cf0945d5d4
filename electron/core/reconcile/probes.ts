// Owns KubeVirt's liveness and readiness probes: what is asked of a guest, how often, and when an answer counts.
// Must not ask; the engine does, through host.
import type { VirtualMachineInstance, VirtualMachineInstanceSpec } from '../../api/kinds/virtual-machine-instance.ts';
import { type GuestRoute, guestRoutes } from '../qemu/guest-routes.ts';

export const probeNames = ['readinessProbe', 'livenessProbe'] as const;
export type ProbeName = (typeof probeNames)[number];

export type ProbeQuestion =
  | { readonly type: 'tcpSocket'; readonly port: number; readonly way: ProbeWay }
  | {
      readonly type: 'httpGet';
      readonly port: number;
      readonly way: ProbeWay;
      readonly path: string;
      readonly scheme: 'http' | 'https';
      readonly headers: readonly (readonly [string, string])[];
    }
  | { readonly type: 'exec'; readonly command: readonly string[] }
  | { readonly type: 'guestAgentPing' };

/**
 * How this computer reaches the guest's network. The user network lets nothing in: a port of the loopback is opened for the length
 * of one question. The guest agent could ask from inside, but not every guest has one, and it would not notice a firewall.
 */
export type ProbeWay = GuestRoute | { readonly type: 'none' };

export interface ProbePlan {
  readonly question: ProbeQuestion;
  readonly initialDelayMs: number;
  readonly periodMs: number;
  readonly timeoutMs: number;
  readonly successThreshold: number;
  readonly failureThreshold: number;
}

/** Undefined when the machine has no such probe, or one that asks nothing. Defaults and least values are Kubernetes'. */
export function probePlan(vmi: VirtualMachineInstance, name: ProbeName): ProbePlan | undefined {
  const probe = vmi.spec[name];
  const question = probe === undefined ? undefined : questionOf(probe, vmi);
  if (probe === undefined || question === undefined) return undefined;
  return {
    question,
    initialDelayMs: Math.max(0, probe.initialDelaySeconds ?? 0) * 1000,
    periodMs: atLeastOne(probe.periodSeconds, 10) * 1000,
    timeoutMs: atLeastOne(probe.timeoutSeconds, 1) * 1000,
    // A guest that lives once lives.
    successThreshold: name === 'livenessProbe' ? 1 : atLeastOne(probe.successThreshold, 1),
    failureThreshold: atLeastOne(probe.failureThreshold, 3),
  };
}

export interface ProbeState {
  /** What it counts as; before the first verdict a machine is alive, and not ready. */
  readonly passes: boolean;
  /** Answers of the same kind in a row. */
  readonly streak: { readonly succeeded: boolean; readonly times: number } | undefined;
}

export function firstProbeState(name: ProbeName): ProbeState {
  return { passes: name === 'livenessProbe', streak: undefined };
}

export function probeStateAfter(
  state: ProbeState,
  succeeded: boolean,
  plan: Pick<ProbePlan, 'successThreshold' | 'failureThreshold'>,
): ProbeState {
  const times = state.streak?.succeeded === succeeded ? state.streak.times + 1 : 1;
  const isEnough = times >= (succeeded ? plan.successThreshold : plan.failureThreshold);
  return { passes: isEnough ? succeeded : state.passes, streak: { succeeded, times } };
}

type Probe = NonNullable<VirtualMachineInstanceSpec['livenessProbe']>;

function questionOf({ tcpSocket, httpGet, exec, guestAgentPing }: Probe, vmi: VirtualMachineInstance): ProbeQuestion | undefined {
  if (guestAgentPing !== undefined) return { type: 'guestAgentPing' };
  if (exec !== undefined) return { type: 'exec', command: exec.command ?? [] };
  if (tcpSocket !== undefined) return { type: 'tcpSocket', port: portOf(tcpSocket, vmi), way: wayTo(vmi) };
  if (httpGet === undefined) return undefined;
  return {
    type: 'httpGet',
    port: portOf(httpGet, vmi),
    way: wayTo(vmi),
    path: httpGet.path === undefined || httpGet.path === '' ? '/' : httpGet.path,
    scheme: httpGet.scheme === 'HTTPS' ? 'https' : 'http',
    headers: (httpGet.httpHeaders ?? []).map(({ name, value }) => [name, value] as const),
  };
}

/** KubeVirt's published types have lost the field. A name is one of the ports that the interfaces list; 0 is no port, and fails by itself. */
function portOf(action: object, { spec }: VirtualMachineInstance): number {
  const port = 'port' in action ? action.port : undefined;
  if (typeof port === 'number') return port;
  if (typeof port !== 'string') return 0;
  const named = (spec.domain.devices.interfaces ?? []).flatMap(({ ports }) => ports ?? []).find(({ name }) => name === port);
  return named?.port ?? (/^\d+$/.test(port) ? Number(port) : 0);
}

function wayTo(vmi: VirtualMachineInstance): ProbeWay {
  return guestRoutes(vmi)[0] ?? { type: 'none' };
}

function atLeastOne(given: number | undefined, otherwise: number): number {
  return given === undefined || given < 1 ? otherwise : given;
}
