// Owns times in words, in any language the browser knows.
// Must not read the clock.

const steps = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3600 },
  { unit: 'minute', seconds: 60 },
  { unit: 'second', seconds: 1 },
] as const;

type Unit = (typeof steps)[number]['unit'];

/** `3 h`, `2 d 4 h`, `40 s`: the largest unit, and the next below it when it is a day. */
export function durationText(milliseconds: number, language: string): string {
  const total = Math.max(0, Math.floor(milliseconds / 1000));
  const { unit, seconds } = largest(total);
  const count = Math.floor(total / seconds);
  if (unit !== 'day') return unitText(count, unit, language);
  const hours = Math.floor((total % seconds) / 3600);
  return hours === 0 ? unitText(count, unit, language) : `${unitText(count, unit, language)} ${unitText(hours, 'hour', language)}`;
}

/** `5 min. ago`. */
export function agoText(at: number, now: number, language: string): string {
  const total = Math.max(0, Math.floor((now - at) / 1000));
  const { unit, seconds } = largest(total);
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' }).format(-Math.floor(total / seconds), unit);
}

/** Date and time to the second, for tooltips. */
export function exactText(at: number, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' }).format(at);
}

function largest(totalSeconds: number): { readonly unit: Unit; readonly seconds: number } {
  return steps.find((step) => totalSeconds >= step.seconds) ?? steps[3];
}

function unitText(count: number, unit: Unit, language: string): string {
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(count);
}
