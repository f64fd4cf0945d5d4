// Owns following the guest agent of one running machine: there or not, by what QEMU knows of its port; and its facts.
// Must not ask it more than needed; agent.ts says when.
import { AppError } from '../../api/errors.ts';
import type { Json, JsonObject } from '../../api/object.ts';
import type { GuestInterface } from '../../core/facts.ts';
import type { Clock } from '../../engine/ports.ts';
import { guestAgent, guestInterfaces } from './agent.ts';
import { chardevState } from './chardev.ts';
import type { EventRelay } from './event-relay.ts';
import type { QmpSession } from './qmp.ts';

export interface AgentLink {
  /** Throws AgentUnavailable. */
  execute(command: string, args?: JsonObject, timeoutMs?: number): Promise<Json>;
  /** guest-network-get-interfaces as it is; undefined while no agent answers. What is new in it becomes a fact. */
  interfaces(): Promise<Json | undefined>;
  close(): void;
}

export interface AgentLinkParts {
  readonly qmp: QmpSession;
  readonly relay: EventRelay;
  readonly clock: Clock;
  /** Undefined for a machine without the channel. */
  readonly socketPath: string | undefined;
}

/** Somebody waits for the sample that this is for. */
const interfacesTimeoutMs = 500;

export function agentLink({ qmp, relay, clock, socketPath }: AgentLinkParts): AgentLink {
  if (socketPath === undefined) return noAgent;
  let answers = false;
  let told = '';
  const tellInterfaces = (interfaces: readonly GuestInterface[]): void => {
    const text = JSON.stringify(interfaces);
    if (text === told) return;
    told = text;
    relay.onFact({ type: 'Interfaces', interfaces, at: clock.now() });
  };
  const agent = guestAgent(socketPath, {
    onConnected: (connected) => {
      answers = connected;
      told = '';
      relay.onFact({ type: 'Agent', connected, at: clock.now() });
    },
    onInterfaces: tellInterfaces,
    onOs: (os) => relay.onFact({ type: 'GuestOs', os, at: clock.now() }),
    onSecureBoot: (report) => relay.onFact({ type: 'SecureBoot', report, at: clock.now() }),
  });
  /** VSERPORT_CHANGE only says that a port changed; after adoption not even that is heard. */
  const look = async (): Promise<void> => {
    try {
      agent.setPortOpen((await chardevState(qmp, socketPath))?.frontendOpen === true);
    } catch (error) {
      // A machine that ends while it is asked says so itself.
      if (!(error instanceof AppError)) throw error;
    }
  };
  relay.onPortChange(() => void look());
  void look();
  return {
    execute: (command, args, timeoutMs) => agent.execute(command, args, timeoutMs),
    interfaces: async () => {
      if (!answers) return undefined;
      const answer = await agent.execute('guest-network-get-interfaces', undefined, interfacesTimeoutMs).catch(() => undefined);
      if (answer !== undefined) tellInterfaces(guestInterfaces(answer));
      return answer;
    },
    close: () => agent.close(),
  };
}

const noAgent: AgentLink = {
  execute: () => Promise.reject(new AppError('AgentUnavailable', 'This machine has no channel for a guest agent.')),
  interfaces: () => Promise.resolve(undefined),
  close: () => undefined,
};
