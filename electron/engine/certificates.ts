// Owns keeping the certificates in order: what core says is due is issued, who uses them hears of it, what fails is told.
// Must not decide what is due, nor keep a key.
import type { Role, ServerName } from '../api/certificates.ts';
import { AppError } from '../api/errors.ts';
import { hyperConvergedKind } from '../api/kinds/hyper-converged.ts';
import type { ObjectKey } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import { type CertDurations, certDurations, completeCertConfig } from '../core/certificates/cert-config.ts';
import type { CertificateFacts } from '../core/certificates/certificate-facts.ts';
import { dueSteps, nextDueAtMs, type RenewalStep, type RenewalWish } from '../core/certificates/renewal.ts';
import { timestamp } from '../core/status/conditions.ts';
import type { EventRecorder } from './events.ts';
import type { Clock, Host, Log, Store, TlsMaterial } from './ports.ts';
import { textOf } from './queue.ts';
import { read } from './typed.ts';

export const hyperConvergedKey = {
  resource: resources.hyperConvergeds,
  ...hyperConvergedKind.only,
  name: hyperConvergedKind.only?.name ?? '',
} as const satisfies ObjectKey;

export type RotationScope = 'authority' | 'servers';

/** A new authority takes the servers along: they are due by then. */
const stepOf: Readonly<Record<RotationScope, RenewalStep['type']>> = { authority: 'issueAuthority', servers: 'issueServer' };

/** How it stands after a look. */
export interface CertificateState {
  readonly facts: CertificateFacts;
  readonly durations: CertDurations;
  /** One sentence for each step that could not be taken. */
  readonly failures: readonly string[];
  /** When to look again; undefined while there are no certificates. */
  readonly nextAtMs: number | undefined;
}

export interface Certificates {
  /** Everything that is due, and with `force` what is not. One call at a time. */
  bringInOrder(force?: RotationScope): Promise<CertificateState>;
  /** From now on this server has a certificate for these names, too. Throws ServiceUnavailable when it cannot be issued. */
  demand(name: ServerName, hosts: readonly string[]): Promise<TlsMaterial>;
  /** Called after every change of what a server should use. */
  onChange(listener: () => Promise<void> | void): () => void;
  material(name: ServerName): Promise<TlsMaterial | undefined>;
  /** Throws BadRequest for a key that is none. */
  issueClient(order: { readonly publicKey: string; readonly user: string; readonly role: Role }): Promise<ClientCertificate>;
}

export interface ClientCertificate {
  readonly certificate: string;
  readonly notAfterMs: number;
}

export interface CertificateParts {
  readonly host: Host;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly events: EventRecorder;
  readonly hostname: () => Promise<string>;
  readonly wake: (key: ObjectKey) => void;
}

/** kubectl asks for a new one at each call; a long watch outlives it, because it was let in. */
const clientLifeMs = 3_600_000;
const retryMs = 60_000;
/** Both servers, an authority, and a few that expired: more steps than that would be a circle. */
const maxSteps = 20;

export function createCertificates(parts: CertificateParts): Certificates {
  const { host, store, clock, log, events } = parts;
  const port = host.certificates;
  const demanded = new Set<ServerName>();
  const extraHosts = new Set<string>();
  const listeners = new Set<() => Promise<void> | void>();
  let last: Promise<unknown> = Promise.resolve();

  const wishFor = async (facts: CertificateFacts): Promise<RenewalWish> => {
    const config = read(store, hyperConvergedKey)?.spec.certConfig;
    return {
      durations: certDurations(completeCertConfig(config)),
      hosts: [...new Set(['localhost', '127.0.0.1', '::1', await parts.hostname(), ...extraHosts])],
      // One that was issued once is kept fresh: its files are in somebody's hands.
      servers: [...new Set([...facts.servers.map(({ name }) => name), ...demanded])],
    };
  };
  const take = async (step: RenewalStep): Promise<void> => {
    switch (step.type) {
      case 'forgetAuthority':
        return port.forgetAuthority(step.serialNumber);
      case 'issueAuthority':
        return port.issueAuthority(step.life);
      case 'issueServer':
        return port.issueServer(step);
    }
  };
  const tell = (type: 'Normal' | 'Warning', reason: string, message: string): void => {
    const object = read(store, hyperConvergedKey);
    if (object !== undefined) events.record(object, { type, reason, message });
  };
  /** Steps that failed a moment ago, with the sentence that says so. */
  const resting = new Map<string, { readonly untilMs: number; readonly sentence: string }>();
  const attempt = async (step: RenewalStep): Promise<boolean> => {
    try {
      await take(step);
      resting.delete(nameOf(step));
      tell('Normal', reasonOf(step), sentenceOf(step));
      return true;
    } catch (error) {
      const sentence = `${failureOf(step)}: ${textOf(error)}`;
      resting.set(nameOf(step), { untilMs: clock.now() + retryMs, sentence });
      log.error('A certificate could not be renewed.', { step: nameOf(step), error: textOf(error) });
      tell('Warning', 'CertificateRenewalFailed', sentence);
      return false;
    }
  };
  const isResting = (step: RenewalStep): boolean => (resting.get(nameOf(step))?.untilMs ?? 0) > clock.now();
  const look = async (force?: RotationScope): Promise<CertificateState> => {
    let facts = await port.facts();
    const wish = await wishFor(facts);
    let changed = false;
    const isUsed = demanded.size + facts.authorities.length + facts.servers.length > 0;
    // What was asked for is taken first; what is due then, after it.
    const forced = force === undefined ? [] : dueSteps(facts, { ...wish, force }, clock.now()).filter(({ type }) => type === stepOf[force]);
    for (let count = 0; isUsed && count < maxSteps; count += 1) {
      const step = forced[count] ?? dueSteps(facts, wish, clock.now()).find((one) => !isResting(one));
      if (step === undefined) break;
      changed = (await attempt(step)) || changed;
      facts = await port.facts();
    }
    if (changed) await Promise.all([...listeners].map(async (listener) => listener()));
    const now = clock.now();
    const due = new Set(dueSteps(facts, wish, now).map(nameOf));
    for (const name of resting.keys()) if (!due.has(name)) resting.delete(name);
    const failures = [...resting.values()];
    const nextAtMs = failures.length > 0 ? Math.min(...failures.map(({ untilMs }) => untilMs)) : nextDueAtMs(facts, wish, now);
    return { facts, durations: wish.durations, failures: failures.map(({ sentence }) => sentence), nextAtMs };
  };
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };

  return {
    bringInOrder: (force) => inTurn(() => look(force)),
    async demand(name, hosts) {
      demanded.add(name);
      for (const each of hosts) extraHosts.add(each);
      const { failures } = await inTurn(() => look());
      parts.wake(hyperConvergedKey);
      const material = await port.material(name);
      if (material !== undefined) return material;
      throw new AppError('ServiceUnavailable', failures[0] ?? 'There is no certificate to serve TLS with.');
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    material: (name) => port.material(name),
    issueClient({ publicKey, user, role }) {
      const notBeforeMs = Math.floor(clock.now() / 1000) * 1000;
      // In turn: in the middle of a rotation the new authority would sign what the listener does not accept yet.
      return inTurn(() => port.issueClient({ publicKey, user, role, life: { notBeforeMs, notAfterMs: notBeforeMs + clientLifeMs } }));
    },
  };
}

function nameOf(step: RenewalStep): string {
  switch (step.type) {
    case 'forgetAuthority':
      return `${step.type} ${step.serialNumber}`;
    case 'issueAuthority':
      return step.type;
    case 'issueServer':
      return `${step.type} ${step.name}`;
  }
}

function reasonOf({ type }: RenewalStep): string {
  switch (type) {
    case 'forgetAuthority':
      return 'CertificateAuthorityExpired';
    case 'issueAuthority':
      return 'CertificateAuthorityIssued';
    case 'issueServer':
      return 'ServerCertificateIssued';
  }
}

function sentenceOf(step: RenewalStep): string {
  switch (step.type) {
    case 'forgetAuthority':
      return `The certificate authority ${step.serialNumber} has expired and is trusted no more.`;
    case 'issueAuthority':
      return `A new certificate authority signs from now on, until ${timestamp(step.life.notAfterMs)}. The older ones are trusted until they expire.`;
    case 'issueServer':
      return `The certificate of ${serverTitle(step.name)} was renewed; it is good until ${timestamp(step.life.notAfterMs)}.`;
  }
}

function failureOf(step: RenewalStep): string {
  switch (step.type) {
    case 'forgetAuthority':
      return `The expired certificate authority ${step.serialNumber} could not be removed`;
    case 'issueAuthority':
      return 'The certificate authority could not be renewed; the one that is there stays in use';
    case 'issueServer':
      return `The certificate of ${serverTitle(step.name)} could not be renewed; the one that is there stays in use`;
  }
}

function serverTitle(name: ServerName): string {
  return name === 'api' ? 'the API' : 'VNC';
}
