// Owns the manifest of a machine whose guest is held before the first instruction: where it is does not depend on what it does.
// Must not start it.

export interface HeldSpec {
  readonly domain: object;
  readonly nodeSelector?: object;
  readonly volumes?: readonly object[];
}

export function heldMachine(name: string, { domain, nodeSelector, volumes }: HeldSpec): object {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name },
    spec: {
      runStrategy: 'Always',
      template: {
        spec: {
          startStrategy: 'Paused',
          terminationGracePeriodSeconds: 0,
          ...(nodeSelector === undefined ? {} : { nodeSelector }),
          ...(volumes === undefined ? {} : { volumes }),
          domain: { ...domain, devices: { autoattachGraphicsDevice: false, ...(domain as { readonly devices?: object }).devices } },
        },
      },
    },
  };
}
