// Owns what the host tells of this computer's bridges and of how a machine can be put on one.
// Must not decide; bridge-access.ts does.

export interface BridgeFact {
  readonly name: string;
  /** `unsupported`: this kernel cannot. */
  readonly vlanFiltering: 'on' | 'off' | 'unsupported';
  /** The VLAN of a port that was put into none. */
  readonly defaultVlan: number;
  readonly up: boolean;
  /** Made by our privileged program, which alone may remove it. */
  readonly ownedByVirtdeck: boolean;
  /** Interfaces on it, the taps of machines among them. */
  readonly ports: readonly string[];
}

/** qemu-bridge-helper, which makes a tap on a bridge that an administrator allowed in /etc/qemu/bridge.conf. */
export interface BridgeHelperFact {
  readonly path: string;
  /** Root starts it, or it is setuid. */
  readonly canWork: boolean;
  readonly allowed: readonly string[];
  readonly denied: readonly string[];
}

export interface NetworkFacts {
  readonly bridges: readonly BridgeFact[];
  /**
   * How our privileged program runs: as it is (`root`), or through pkexec, which asks for a password. `uninstalled`: it may be
   * installed; `missing`: there is none for this processor.
   */
  readonly privilege: 'root' | 'pkexec' | 'uninstalled' | 'missing';
  readonly bridgeHelper?: BridgeHelperFact;
  /** The user that QEMU runs as. */
  readonly uid: number;
  /** The kernel moves packets itself instead of waking QEMU for each. */
  readonly vhostNet: boolean;
}

export const noNetworks: NetworkFacts = { bridges: [], privilege: 'missing', uid: 0, vhostNet: false };
