// Owns where a port of the guest is reached on this computer when the manifest names only the guest's.
// Must not know which ports are taken.

/** Of `interfaces[].ports`, which have no port of this computer. Below 1024 only root may listen. */
export function hostPortFor(guestPort: number): number {
  return guestPort < 1024 ? guestPort + 10_000 : guestPort;
}
