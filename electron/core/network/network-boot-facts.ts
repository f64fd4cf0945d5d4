// Owns what the host found of the folder that a guest is to boot from.
// Must not judge it.

export type NetworkBootFact =
  /** `files`: relative to the folder, `/` between names. */
  | { readonly state: 'ready'; readonly folder: string; readonly files: readonly string[] }
  | { readonly state: 'toFetch'; readonly package: string; readonly folder: string; readonly files: readonly string[] }
  | { readonly state: 'missing'; readonly message: string };
