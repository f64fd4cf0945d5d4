// Owns field paths as causes write them (`spec.volumes[0].name`) and where they are in a YAML text.
// Must not know what the fields mean.
import { type Document, isMap, isScalar, isSeq, type Node, type Pair, parseAllDocuments } from 'yaml';

export type Segment = string | number;

/** Reads `a.b[0]["x.y/z"].c`; anything odd is taken literally, so that a path never fails. */
export function segmentsOf(field: string): readonly Segment[] {
  const found = field.matchAll(/\[(\d+)\]|\[["']([^"']*)["']\]|\[([^\]]*)\]|([^.[\]]+)/g);
  return Array.from(found, ([, index, quoted, bracketed, name]) =>
    index === undefined ? (quoted ?? bracketed ?? name ?? '') : Number(index),
  );
}

export interface TextRange {
  readonly from: number;
  readonly to: number;
  /** False when the field is not there and the range is that of its nearest parent. */
  readonly exact: boolean;
}

/** `document` counts from 0 in a stream of several. The whole first line when nothing of the path is there. */
export function rangeOfField(text: string, field: string, document = 0): TextRange {
  const parsed = parseAllDocuments(text, { keepSourceTokens: false });
  const root = Array.isArray(parsed) ? parsed[document] : undefined;
  return rangeIn(root, segmentsOf(field)) ?? firstLine(text, root?.range[0] ?? 0);
}

function rangeIn(document: Document.Parsed | undefined, segments: readonly Segment[]): TextRange | undefined {
  let node: unknown = document?.contents;
  let best: { readonly from: number; readonly to: number } | undefined;
  for (const segment of segments) {
    const step = childOf(node, segment);
    if (step === undefined) return best === undefined ? undefined : { ...best, exact: false };
    best = step.range;
    node = step.node;
  }
  return best === undefined ? undefined : { ...best, exact: true };
}

interface Step {
  readonly node: unknown;
  readonly range: { readonly from: number; readonly to: number };
}

/** A map's child is marked at its key; a list's at the beginning of the item. */
function childOf(node: unknown, segment: Segment): Step | undefined {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(segment)) as
      Pair<Node, Node | null> | undefined;
    if (pair?.key.range === undefined || pair.key.range === null) return undefined;
    const scalar = isScalar(pair.value) && pair.value.range ? pair.value.range[1] : undefined;
    return { node: pair.value, range: { from: pair.key.range[0], to: scalar ?? pair.key.range[1] } };
  }
  if (isSeq(node) && typeof segment === 'number') {
    const item = node.items[segment] as Node | null | undefined;
    if (item?.range === undefined || item.range === null) return undefined;
    const [first] = isMap(item) ? item.items : [];
    const key = first?.key as Node | undefined;
    const from = item.range[0];
    return { node: item, range: { from, to: key?.range ? key.range[1] : item.range[1] } };
  }
  return undefined;
}

function firstLine(text: string, from: number): TextRange {
  const end = text.indexOf('\n', from);
  return { from, to: end === -1 ? text.length : end, exact: false };
}
