// Owns ages in kubectl's words: `42s`, `5m3s`, `3h12m`, `5d`, `2y30d`.
// Must not read a clock.

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

/** Two units while the smaller one still matters; k8s.io/apimachinery/pkg/util/duration.HumanDuration. */
export function humanAge(ms: number): string {
  // A clock that stepped back two seconds is forgiven, more is shown as nonsense.
  if (ms < -1 * second) return ms < -2 * second ? '<invalid>' : '0s';
  if (ms < 2 * minute) return `${whole(ms, second)}s`;
  if (ms < 10 * minute) return pair(ms, [minute, 'm'], [second, 's']);
  if (ms < 3 * hour) return `${whole(ms, minute)}m`;
  if (ms < 8 * hour) return pair(ms, [hour, 'h'], [minute, 'm']);
  if (ms < 2 * day) return `${whole(ms, hour)}h`;
  if (ms < 8 * day) return pair(ms, [day, 'd'], [hour, 'h']);
  if (ms < 2 * year) return `${whole(ms, day)}d`;
  if (ms < 8 * year) return pair(ms, [year, 'y'], [day, 'd']);
  return `${whole(ms, year)}y`;
}

type Unit = readonly [ms: number, name: string];

function pair(ms: number, [big, bigName]: Unit, [small, smallName]: Unit): string {
  const rest = whole(ms % big, small);
  return rest === 0 ? `${whole(ms, big)}${bigName}` : `${whole(ms, big)}${bigName}${rest}${smallName}`;
}

function whole(ms: number, unit: number): number {
  return Math.max(0, Math.floor(ms / unit));
}
