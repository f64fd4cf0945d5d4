// Owns what this computer says of its networks: GET /apis/virtdeck.io/v1alpha1/networks, and bridges made below it.
// Must not gather anything; host does.

export interface NetworkReport {
  readonly bridges: readonly BridgeReport[];
  /** How a bridge would be made: at once, after a password, or not by us. */
  readonly privilege: 'root' | 'password' | 'none';
}

export interface BridgeReport {
  readonly name: string;
  readonly vlanFiltering: 'on' | 'off' | 'unsupported';
  readonly up: boolean;
  /** Made here, and so removed here. */
  readonly ownedByVirtdeck: boolean;
  /** Interfaces on it that are not of machines: what connects it to the world. */
  readonly uplinks: readonly string[];
}

/** Body of POST …/networks/bridges. */
export interface NewBridge {
  readonly name: string;
  readonly vlanFiltering?: boolean;
}
