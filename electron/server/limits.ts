// Owns what one client may hold of a listener: time for a head, silence within a body, connections.
// Must not know what is asked; body.ts and watch.ts bound that.

export interface Limits {
  /** From the first byte of a request to the end of its head, and for a TLS handshake. */
  readonly headMs: number;
  /** Between two pieces of a body. An upload may take as long as it takes. */
  readonly idleBodyMs: number;
  /** How often heads are looked at. */
  readonly checkingMs: number;
  /** Of one listener; further ones are closed at once. */
  readonly connections: number;
}

/** A head is one packet; ten seconds are for a telephone in a tunnel. A window and twenty informers are sixty connections. */
export const usualLimits: Limits = { headMs: 10_000, idleBodyMs: 30_000, checkingMs: 2_000, connections: 1_000 };
