// Owns the difference of two short texts, line by line, with some lines around each change.
// Must not know what the texts are.

export interface DiffLine {
  /** `gap`: lines that are the same in both, left out. */
  readonly mark: ' ' | '+' | '-' | 'gap';
  readonly text: string;
}

const contextLines = 3;
/** The table grows with the product of both; configuration files are far below. */
const maxCells = 4_000_000;

/** Undefined: there is no such text. */
export function lineDiff(before: string | undefined, after: string | undefined): readonly DiffLine[] {
  return withGaps(wholeDiff(linesOf(before), linesOf(after)));
}

function linesOf(text: string | undefined): readonly string[] {
  return text === undefined || text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

function wholeDiff(a: readonly string[], b: readonly string[]): readonly DiffLine[] {
  if (a.length * b.length > maxCells) return [...a.map(removed), ...b.map(added)];
  // lengths[i][j]: of the longest common subsequence of what is left of a from i and of b from j.
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    const row = lengths[i];
    if (row === undefined) continue;
    for (let j = b.length - 1; j >= 0; j--) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]];
    if (left !== undefined && left === right) {
      lines.push({ mark: ' ', text: left });
      i += 1;
      j += 1;
    } else if (left !== undefined && (right === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(removed(left));
      i += 1;
    } else {
      lines.push(added(right ?? ''));
      j += 1;
    }
  }
  return lines;
}

function removed(text: string): DiffLine {
  return { mark: '-', text };
}

function added(text: string): DiffLine {
  return { mark: '+', text };
}

function withGaps(lines: readonly DiffLine[]): readonly DiffLine[] {
  const isNear = lines.map((_line, index) =>
    lines.slice(Math.max(0, index - contextLines), index + contextLines + 1).some(({ mark }) => mark !== ' '),
  );
  return lines.flatMap((line, index) => {
    if (isNear[index] === true) return [line];
    return index === 0 || isNear[index - 1] === true ? [{ mark: 'gap' as const, text: '' }] : [];
  });
}
