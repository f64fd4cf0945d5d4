// Owns the type of node-flags.mjs for the rooms that start a core.
// Must not say more than it.
export const nodeFlags: readonly string[];
