// Owns how times are written: RFC 3339 in UTC with seconds, as Kubernetes does.
// Must not read a clock.

export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
