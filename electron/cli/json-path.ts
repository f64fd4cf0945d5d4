// Owns kubectl's JSONPath templates: `{.items[*].metadata.name}`, `{range .items[*]}{.metadata.name}{"\n"}{end}`.
// Must not evaluate anything else: filters and slices are refused with their text.

type Piece = { readonly type: 'text'; readonly text: string } | { readonly type: 'path'; readonly steps: readonly Step[] } | RangePiece;
interface RangePiece {
  readonly type: 'range';
  readonly steps: readonly Step[];
  readonly body: readonly Piece[];
}
type Step =
  { readonly type: 'field'; readonly name: string } | { readonly type: 'index'; readonly index: number } | { readonly type: 'all' };

export class JsonPathError extends Error {}

/** Fills the template with a value. Several results of one path are joined by a blank, as kubectl does. */
export function fillJsonPath(template: string, value: unknown): string {
  const tokens = [...template.matchAll(/\{([^{}]*)\}|([^{}]+)/g)];
  const { pieces, rest } = parsePieces(tokens, false);
  if (rest.length > 0) throw new JsonPathError('error parsing jsonpath: {end} without {range}');
  return render(pieces, value);
}

function parsePieces(
  tokens: readonly RegExpMatchArray[],
  inRange: boolean,
): { pieces: readonly Piece[]; rest: readonly RegExpMatchArray[] } {
  const pieces: Piece[] = [];
  let left = tokens;
  while (left.length > 0) {
    const [token, ...rest] = left;
    left = rest;
    const expression = token?.[1]?.trim();
    if (expression === undefined) pieces.push({ type: 'text', text: token?.[2] ?? '' });
    else if (expression === 'end')
      return inRange ? { pieces, rest: left } : { pieces, rest: [...(token === undefined ? [] : [token]), ...left] };
    else if (expression.startsWith('range ')) {
      const body = parsePieces(left, true);
      pieces.push({ type: 'range', steps: parseSteps(expression.slice(6).trim()), body: body.pieces });
      left = body.rest;
    } else if (/^(["']).*\1$/.test(expression)) pieces.push({ type: 'text', text: unquote(expression) });
    else pieces.push({ type: 'path', steps: parseSteps(expression) });
  }
  if (inRange) throw new JsonPathError('error parsing jsonpath: {range} without {end}');
  return { pieces, rest: [] };
}

function unquote(text: string): string {
  return text.slice(1, -1).replace(/\\([nt\\"'])/g, (_all, letter: string) => ({ n: '\n', t: '\t' })[letter] ?? letter);
}

function parseSteps(expression: string): readonly Step[] {
  const steps: Step[] = [];
  let left = expression.replace(/^[$@]/, '');
  if (left !== '' && !/^[.[]/.test(left)) left = `.${left}`;
  while (left !== '') {
    const match = /^(?:\.(\*)|\.((?:\\.|[^.[\]\\])+)|\[(\*)\]|\[(-?\d+)\]|\[(['"])(.*?)\5\]|\.(?=$))/.exec(left);
    if (match === null) throw new JsonPathError(`error parsing jsonpath ${expression}, unrecognized at ${left}`);
    if (match[1] !== undefined || match[3] !== undefined) steps.push({ type: 'all' });
    else if (match[4] !== undefined) steps.push({ type: 'index', index: Number(match[4]) });
    else if (match[2] !== undefined || match[6] !== undefined)
      steps.push({ type: 'field', name: match[6] ?? (match[2] ?? '').replace(/\\(.)/g, '$1') });
    left = left.slice(match[0].length);
  }
  return steps;
}

function render(pieces: readonly Piece[], value: unknown): string {
  return pieces.map((piece) => renderPiece(piece, value)).join('');
}

function renderPiece(piece: Piece, value: unknown): string {
  switch (piece.type) {
    case 'text':
      return piece.text;
    case 'path':
      return find(piece.steps, value).map(printed).join(' ');
    case 'range':
      return find(piece.steps, value)
        .map((item) => render(piece.body, item))
        .join('');
  }
}

function find(steps: readonly Step[], value: unknown): readonly unknown[] {
  let found: readonly unknown[] = [value];
  for (const step of steps) found = found.flatMap((each) => next(step, each));
  return found;
}

function next(step: Step, value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  switch (step.type) {
    case 'all':
      return Object.values(value);
    case 'index':
      return Array.isArray(value) ? value.slice(step.index, step.index === -1 ? undefined : step.index + 1) : [];
    case 'field':
      return Object.hasOwn(value, step.name) ? [(value as Readonly<Record<string, unknown>>)[step.name]] : [];
  }
}

function printed(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
