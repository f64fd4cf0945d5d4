// Owns HTTPS for programs (kubectl, virtctl, Ansible): when it listens, on which port, with which certificate, and who is let in by a token.
// Must not issue certificates; the engine does.
import { hostname, networkInterfaces } from 'node:os';
import type { ApiAccess } from '../api/certificates.ts';
import type { Settings } from '../api/kinds/settings.ts';
import type { ObjectKey } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import { timestamp } from '../api/timestamp.ts';
import type { Engine } from '../engine/engine-port.ts';
import type { Log } from '../engine/ports.ts';
import type { PageAssets } from './assets.ts';
import type { Auth } from './auth.ts';
import type { ApiDoor } from './exchange.ts';
import { listen, type Listening } from './http.ts';
import type { Router } from './router.ts';

export interface ApiDoorParts {
  readonly engine: Engine;
  readonly router: Router;
  readonly log: Log;
  readonly auth: Auth;
  readonly assets: PageAssets;
  /** What the user asked for on the command line; wins over the settings. */
  readonly address?: ApiAddress | undefined;
}

export interface ApiAddress {
  readonly host: string;
  /** 0: the port of last time, or a free one. */
  readonly port: number;
}

export interface OpenedApiDoor extends ApiDoor {
  /** Opens and closes as the settings say, from now on. */
  follow(): Promise<void>;
  close(): Promise<void>;
}

const settingsKey: ObjectKey = { resource: resources.settings, name: 'default' };
const wildcards: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' };

export function createApiDoor(parts: ApiDoorParts): OpenedApiDoor {
  const { engine, auth, log } = parts;
  const asked = parts.address ?? { host: '127.0.0.1', port: 0 };
  let opened: Promise<Listening> | undefined;
  // Known apart from the promise: the first certificate is issued while that is pending, and must not wait for it.
  let current: Listening | undefined;

  const settings = (): Settings => engine.get(settingsKey) as Settings;
  /** A kubeconfig names a port: the next core should have the same. */
  const remember = async (port: number): Promise<void> => {
    const old = settings();
    if (old.spec.apiPort === port) return;
    await engine.update(settingsKey, { ...old, spec: { ...old.spec, apiPort: port } });
  };
  /** Settings is to tell the truth, and the next core lets the same programs in. One that was started to listen does so whatever they say. */
  const allow = async (): Promise<void> => {
    const old = settings();
    if (parts.address !== undefined || old.spec.apiAccess === 'on') return;
    await engine.update(settingsKey, { ...old, spec: { ...old.spec, apiAccess: 'on' } });
  };
  const listenOn = async (port: number): Promise<Listening> => {
    const { host } = asked;
    const tls = await engine.demandTls('api', hostsOf(host));
    const { router, assets } = parts;
    return listen({ router, log, tcp: { host, port, auth, assets, tls, names: [hostname()] } });
  };
  const begin = async (): Promise<Listening> => {
    const known = asked.port === 0 ? (settings().spec.apiPort ?? 0) : asked.port;
    const listening = await listenOn(known).catch((error: unknown) => {
      // Somebody else has last time's port. One that was asked for by its number is another matter.
      if (known === 0 || asked.port !== 0) throw error;
      return listenOn(0);
    });
    current = listening;
    engine.listensAt(listening.origin === undefined ? undefined : reachable(listening.origin));
    if (asked.port === 0) await remember(Number(new URL(listening.origin ?? '').port));
    return listening;
  };
  const end = async (): Promise<void> => {
    const before = opened;
    opened = undefined;
    await (await before)?.close();
    current = undefined;
    engine.listensAt(undefined);
  };
  const open = (): Promise<Listening> => {
    opened ??= begin().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  const followOnce = async (): Promise<void> => {
    try {
      if (settings().spec.apiAccess === 'on') await open();
      else if (parts.address === undefined) await end();
    } catch (error) {
      log.error('The API cannot be offered over HTTPS.', { message: error instanceof Error ? error.message : String(error) });
    }
  };
  const unsubscribes = [
    engine.onTlsChange(async () => {
      const material = current === undefined ? undefined : await engine.tlsMaterial('api');
      if (material !== undefined) current?.renew(material);
    }),
  ];
  const state = async (): Promise<ApiAccess> => {
    const [listening, material] = await Promise.all([opened, engine.tlsMaterial('api')]);
    return {
      ...(listening?.origin === undefined ? {} : { server: reachable(listening.origin) }),
      certificateAuthority: engine.certificateBundlePath,
      ...(material === undefined ? {} : { certificateAuthorityData: material.authorities }),
    };
  };

  return {
    state,
    async open() {
      await open();
      await allow();
      return state();
    },
    issueToken(role) {
      const { token, notAfterMs } = auth.issueToken(role);
      return { token, notAfter: timestamp(notAfterMs) };
    },
    async follow() {
      unsubscribes.push(
        engine.subscribe((changes) => {
          const change = changes.findLast(({ resource }) => resource === resources.settings);
          if (change === undefined) return;
          const access = (object: unknown): string | undefined => (object as Settings | undefined)?.spec.apiAccess;
          if (access(change.object) !== access(change.previous)) void followOnce();
        }),
      );
      await followOnce();
    },
    async close() {
      for (const unsubscribe of unsubscribes) unsubscribe();
      await end();
    },
  };
}

/** What the certificate must name, beside this computer's name and its loopback. */
function hostsOf(host: string): readonly string[] {
  if (wildcards[host] === undefined) return [host];
  return Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.filter(({ internal, scopeid }) => !internal && (scopeid ?? 0) === 0).map(({ address }) => address),
  );
}

/** A kubeconfig on this computer takes the loopback where every address is listened on. */
function reachable(origin: string): string {
  const { hostname: host, port } = new URL(origin);
  const plain = host.replace(/^\[|\]$/g, '');
  return `https://${wildcards[plain] ?? host}:${port}`;
}
